package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"hearth": func() {
			os.Exit(runUntilSignal(os.Args[1:], console{os.Stdin, os.Stdout, os.Stderr}))
		},
	})
}

// TestScripts runs the real binary by the scripts in testdata.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata", RequireExplicitExec: true})
}
