package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestHelpIsPrintedForEveryCommandThatThereIs(t *testing.T) {
	for line, want := range map[string]struct {
		status int
		says   string
	}{
		"help":                      {0, "Usage: hearth <command>"},
		"--help":                    {0, "Usage: hearth <command>"},
		"help serve":                {0, "Usage: hearth serve"},
		"help policy":               {0, "Usage: hearth policy <command>"},
		"help policy set":           {0, "Usage: hearth policy set "},
		"help help":                 {0, "Usage: hearth help [<command>"},
		"help frobnicate":           {exitWrong, "hearth: unexpected argument frobnicate\n"},
		"help policy frobnicate":    {exitWrong, "hearth: unexpected argument frobnicate\n"},
		"frobnicate":                {exitWrong, "hearth: unexpected argument frobnicate\n"},
		"frobnicate --listen :8080": {exitWrong, "hearth: unexpected argument frobnicate\n"},
		"":                          {exitWrong, "hearth: expected one of"},
	} {
		t.Run(line, func(t *testing.T) {
			var out, err bytes.Buffer
			status := run(t.Context(), strings.Fields(line), console{strings.NewReader(""), &out, &err})
			said, silent := &out, &err
			if want.status != 0 {
				said, silent = &err, &out
			}
			if status != want.status || !strings.HasPrefix(said.String(), want.says) || silent.Len() > 0 {
				t.Errorf("got status %d, %q and %q; want %d and %q", status, out.String(), err.String(), want.status, want.says)
			}
			if want.status != 0 && strings.Count(err.String(), "\n") != 1 {
				t.Errorf("got %q, want one sentence", err.String())
			}
		})
	}
}
