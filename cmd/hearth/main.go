// Command hearth is the one binary: configuration, wiring, the job clock and
// the command line. It is the only place that knows every other room.
//
// Exit status: 0 when done, 1 when something failed on the way, 2 when what was
// asked for is wrong, told in one sentence before anything is written, 3 when it
// would cut something that nobody has looked at, or not as it is now: nothing was done.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// version is set by the build: -ldflags "-X main.version=1.2.3".
var version = "development"

const (
	exitFailed = 1
	exitWrong  = 2
	exitLook   = 3
)

func main() {
	os.Exit(runUntilSignal(os.Args[1:], console{os.Stdin, os.Stdout, os.Stderr}, time.Now))
}

// runUntilSignal is runAt until Ctrl-C or SIGTERM ends what it does in good order.
// The next of them ends the process at once.
func runUntilSignal(args []string, tty console, now func() time.Time) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return runAt(ctx, args, tty, now)
}

// console is where a command reads and writes.
type console struct {
	in       io.Reader
	out, err io.Writer
}

// commands are what hearth can be told to do. Every flag is also HEARTH_ and
// its name in capitals, and a key of the --config file.
type commands struct {
	Settings

	Serve    serveCommand    `cmd:"" help:"Serve this hearth until Ctrl-C."`
	Demo     demoCommand     `cmd:"" help:"Two hearths on this machine that know each other, until Ctrl-C."`
	Setup    setupCommand    `cmd:"" help:"Set up a new hearth without a browser."`
	Policy   policyCommand   `cmd:"" help:"Servers this hearth talks to or refuses."`
	User     userCommand     `cmd:"" help:"People of this hearth."`
	Instance instanceCommand `cmd:"" help:"Servers that we met, and what waits for them."`
	Keys     keysCommand     `cmd:"" help:"Keys that this hearth signs with."`

	Health healthCommand `cmd:"" help:"Ask the hearth that serves here whether it is ready."`

	Decisions decisionsCommand `cmd:"" help:"What moderators and admins decided."`

	Backup  backupCommand  `cmd:"" help:"Write all of this hearth into one file, while it runs."`
	Restore restoreCommand `cmd:"" help:"Put a hearth back from such a file, into an empty place."`

	Help helpCommand `cmd:"" help:"Print what hearth can be told to do, or how to tell it one of these."`

	Version kong.VersionFlag `help:"Print the version and end."`
}

// runAt carries out one command line by a business clock, and returns the exit
// status.
func runAt(ctx context.Context, args []string, tty console, now func() time.Time) int {
	err := dispatch(ctx, args, tty, now)
	var wrong wrongInput
	var look lookFirst
	switch {
	case err == nil:
		return 0
	case errors.As(err, &wrong):
		fmt.Fprintf(tty.err, "hearth: %s\n", wrong)
		return exitWrong
	case errors.As(err, &look):
		fmt.Fprintf(tty.err, "hearth: %s\n", look)
		return exitLook
	}
	fmt.Fprintf(tty.err, "hearth: %v\n", err)
	return exitFailed
}

// errDone ends a command line that only asked for help or the version.
var errDone = errors.New("done")

func dispatch(ctx context.Context, args []string, tty console, now func() time.Time) (err error) {
	defer func() {
		if p := recover(); p == errDone {
			err = nil
		} else if p != nil {
			panic(p)
		}
	}()
	var c commands
	parser, err := kong.New(&c, kong.Name("hearth"),
		kong.Description("A federated support-community server."),
		kong.UsageOnError(), kong.DefaultEnvars("HEARTH"), kong.Configuration(strictJSON),
		kong.Vars{"version": version}, kong.Writers(tty.out, tty.err),
		kong.Exit(func(int) { panic(errDone) }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(tty))
	if err != nil {
		return err
	}
	asked, err := parser.Parse(helpAsked(args))
	if err != nil {
		return wrongInput{err.Error()}
	}
	if err := c.Settings.check(); err != nil {
		return err
	}
	c.Settings.now = now
	return asked.Run(&c.Settings)
}

// wrongInput is a sentence on what was asked for wrongly: exit status 2.
type wrongInput struct{ sentence string }

func (w wrongInput) Error() string { return w.sentence }

// lookFirst is a sentence on what is to be looked at before it is done: exit status 3.
type lookFirst struct{ sentence string }

func (l lookFirst) Error() string { return l.sentence }

func wrongf(format string, args ...any) error { return wrongInput{fmt.Sprintf(format, args...)} }
