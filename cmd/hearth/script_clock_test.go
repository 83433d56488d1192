package main

import (
	"os"
	"strings"
	"syscall"
	"time"
)

const terminate = syscall.SIGTERM

// clockEnv names the variable with the path of a file that says by how much the
// clock of a hearth under test is ahead, such as 26h. The server itself has no
// such setting: the test's own binary hands the clock in.
const clockEnv = "HEARTH_TEST_CLOCK"

// clockOfTest is the clock of a hearth that the test's binary runs.
func clockOfTest() func() time.Time {
	path := os.Getenv(clockEnv)
	if path == "" {
		return time.Now
	}
	return func() time.Time {
		text, err := os.ReadFile(path)
		if err != nil {
			panic(err)
		}
		ahead, err := time.ParseDuration(strings.TrimSpace(string(text)))
		if err != nil {
			panic(err)
		}
		return time.Now().Add(ahead)
	}
}

// setClock sets by how much the clocks that read a file are ahead. They see the
// one time or the other, never half of it.
func setClock(path string, ahead time.Duration) error {
	if err := os.WriteFile(path+".next", []byte(ahead.String()), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".next", path)
}
