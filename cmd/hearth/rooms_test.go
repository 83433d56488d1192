package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// rooms are the imports that each room may make of the others; tests may reach
// further. docs: the arrows run cmd -> web -> federation -> community, and
// storage -> federation, community.
var rooms = map[string][]string{
	"hearth/cmd/hearth":            {"hearth/web", "hearth/storage", "hearth/federation", "hearth/federation/domainlist", "hearth/community", "hearth/community/policy", "hearth/community/secret"},
	"hearth/web":                   {"hearth/federation", "hearth/federation/wire", "hearth/community", "hearth/community/policy", "hearth/community/secret", "hearth/community/markup"},
	"hearth/storage":               {"hearth/federation", "hearth/community", "hearth/community/policy", "hearth/migrations"},
	"hearth/storage/storagetest":   {"hearth/storage"},
	"hearth/federation":            {"hearth/community", "hearth/community/policy", "hearth/community/secret", "hearth/community/markup", "hearth/federation/wire"},
	"hearth/federation/wire":       {},
	"hearth/federation/domainlist": {"hearth/community", "hearth/community/policy"},
	"hearth/federation/fedtest":    {"hearth/federation", "hearth/federation/wire", "hearth/community/secret"},
	"hearth/community":             {"hearth/community/markup", "hearth/community/policy", "hearth/community/secret"},
	"hearth/community/markup":      {},
	"hearth/community/policy":      {},
	"hearth/community/secret":      {},
	"hearth/migrations":            {},
	"hearth/e2e/chaos":             {},
}

// outside are the libraries that a room may not know: technology stays at the rim.
var outside = map[string][]string{
	"hearth/community":             {"github.com/", "golang.org/", "modernc.org/", "net/http", "database/sql"},
	"hearth/community/policy":      {"github.com/", "golang.org/", "net", "database/sql", "os"},
	"hearth/migrations":            {"github.com/", "golang.org/", "net", "database/sql"},
	"hearth/federation/wire":       {"github.com/", "net/http", "database/sql"},
	"hearth/federation/domainlist": {"github.com/", "golang.org/", "net", "os", "time", "database/sql"},
	"hearth/federation":            {"github.com/uptrace", "github.com/gin-gonic", "database/sql"},
	"hearth/web":                   {"github.com/uptrace", "database/sql"},
}

// pure are the libraries that a room may know all the same: they compute, and
// touch nothing.
var pure = map[string][]string{
	"hearth/federation/wire":       {"github.com/gowebpki/jcs", "github.com/mr-tron/base58"},
	"hearth/federation/domainlist": {"golang.org/x/net/idna"},
}

func TestRoomsImportOnlyWhatTheyMay(t *testing.T) {
	for room, imports := range importsOfRooms(t) {
		allowed, known := rooms[room]
		if !known {
			t.Errorf("%s is a room that the map does not know", room)
			continue
		}
		for _, i := range imports {
			if strings.HasPrefix(i, "hearth/") && !slices.Contains(allowed, i) {
				t.Errorf("%s must not import %s", room, i)
			}
			if slices.Contains(pure[room], i) {
				continue
			}
			for _, o := range outside[room] {
				if i == o || strings.HasSuffix(o, "/") && strings.HasPrefix(i, o) || strings.HasPrefix(i, o+"/") {
					t.Errorf("%s must not know %s", room, i)
				}
			}
		}
	}
}

func importsOfRooms(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "hearth/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		found[words[0]] = words[1:]
	}
	return found
}
