package main

type userCommand struct {
	Suspend userSuspendCommand `cmd:"" help:"Keep somebody from writing, with a reason that they read."`
	Lift    userLiftCommand    `cmd:"" help:"Let somebody write again."`
}
