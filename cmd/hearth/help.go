package main

import "slices"

// helpCommand stands in the list of commands. What it does is --help's (helpAsked).
type helpCommand struct {
	Command []string `arg:"" optional:"" help:"The command, such as serve, or policy set."`
}

// helpAsked is a command line in which help, as the first word, is said as the flag:
// so it answers for every command, and is as strict about what there is.
func helpAsked(args []string) []string {
	if len(args) == 0 || args[0] != "help" {
		return args
	}
	return append(slices.Clone(args[1:]), "--help")
}
