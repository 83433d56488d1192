package main

type userCommand struct {
	Add       userAddCommand       `cmd:"" help:"Add somebody, who may sign in at once."`
	ResetLink userResetLinkCommand `cmd:"" name:"reset-link" help:"Make a link for a new password: good once, for a day."`
	Suspend   userSuspendCommand   `cmd:"" help:"Keep somebody from writing, with a reason that they read."`
	Lift      userLiftCommand      `cmd:"" help:"Let somebody write again."`
}
