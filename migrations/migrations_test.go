package migrations

import (
	"io/fs"
	"testing"
)

func TestEachNumberIsOneMigration(t *testing.T) {
	names, err := fs.Glob(Files, "*.up.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("got %d files, %v", len(names), err)
	}
	of := map[string]string{}
	for _, name := range names {
		if other, ok := of[name[:4]]; ok {
			t.Errorf("%s and %s have one number: one of them would never run", other, name)
		}
		of[name[:4]] = name
	}
}
