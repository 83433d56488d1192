package main

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// root is the tree's, seen from here.
const root = "../.."

// A hearth that this binary set up is served by the one before the last
// migration: alone, and on PostgreSQL beside this one, as when nodes are replaced
// one by one. Where the tree has no history, there is none before.
func TestPreviousBinaryRunsOnThisSchema(t *testing.T) {
	t.Parallel()
	previous, err := buildPrevious(t)
	if err != nil {
		t.Fatal(err)
	}
	if previous == "" {
		return
	}
	engines(t, func(t *testing.T, database func() string) {
		o := newOperated(t, "oak", database())
		old := o.another(t)
		old.binary = previous
		if o.database != "" {
			o.begins(t)
		}
		old.serves(t, "warden", wardenPassword)
		old.command(t, "user", "add", "rowan-in", "--public-name", "slow-river", "--password", wardenPassword)
		old.running.signal(t, syscall.SIGTERM)
		if status := old.running.ends(t); status != 0 {
			t.Errorf("the previous binary ended with status %d:\n%s", status, old.running.complaints)
		}
		if o.running != nil {
			o.dies()
		}
		o.serves(t, "rowan-in", wardenPassword)
	})
}

// serves starts a node, which must be ready, and let somebody in.
func (o *operated) serves(t *testing.T, login, password string) {
	t.Helper()
	o.begins(t)
	m := newMember(func(string) string { return o.listen })
	for _, page := range []string{"/readyz", "/", "/groups"} {
		if err := m.opens(o.address() + page); err != nil || m.status != http.StatusOK {
			t.Errorf("%s: got status %d, %v; it says: %s", page, m.status, err, m.words())
		}
	}
	if err := m.signsIn(o.address(), login, password); err != nil || m.at.Path == "/sign-in" {
		t.Errorf("signing in leads to %s, %v", m.at, err)
	}
}

// buildPrevious builds the newest commit that has fewer migrations than the tree,
// and these unchanged. It is empty where there is none: then it says why.
func buildPrevious(t *testing.T) (binary string, err error) {
	t.Helper()
	commit, err := previousCommit()
	if err != nil {
		t.Logf("nothing to compare with: %v", err)
		return "", nil
	}
	folder := t.TempDir()
	archive := filepath.Join(folder, "tree.tar")
	if _, err := git("archive", "-o", archive, commit); err != nil {
		return "", err
	}
	if said, err := exec.Command("tar", "-xf", archive, "-C", folder).CombinedOutput(); err != nil {
		return "", fmt.Errorf("tar: %w: %s", err, said)
	}
	binary = filepath.Join(folder, "previous")
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", binary, "./cmd/hearth")
	build.Dir, build.Env = folder, append(os.Environ(), "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build of %s: %w\n%s", commit, err, said)
	}
	t.Logf("the previous binary is that of %s", commit)
	return binary, nil
}

// previousCommit is HEAD, or the commit before one that changed the migrations.
func previousCommit() (string, error) {
	now, err := migrationsNow()
	if err != nil {
		return "", err
	}
	changes, err := git("rev-list", "HEAD", "--", "migrations")
	if err != nil {
		return "", err
	}
	for _, commit := range append([]string{"HEAD"}, strings.Fields(changes)...) {
		if commit != "HEAD" {
			commit += "^"
		}
		if then, err := migrationsAt(commit); err == nil && isBefore(then, now) {
			return commit, nil
		}
	}
	return "", fmt.Errorf("no commit in this history has fewer migrations, unchanged since")
}

// isBefore says whether some migrations are all among others, and not all of them.
func isBefore(then, now map[string]string) bool {
	for name, hash := range then {
		if now[name] != hash {
			return false
		}
	}
	return len(then) > 0 && len(then) < len(now)
}

// migrationsNow are the tree's migrations by name, each as git would call its content.
func migrationsNow() (map[string]string, error) {
	paths, err := filepath.Glob(filepath.Join(root, "migrations", "*.sql"))
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, path := range paths {
		hash, err := git("hash-object", filepath.Join("migrations", filepath.Base(path)))
		if err != nil {
			return nil, err
		}
		all[filepath.Base(path)] = strings.TrimSpace(hash)
	}
	return all, nil
}

// migrationsAt are a commit's.
func migrationsAt(commit string) (map[string]string, error) {
	listed, err := git("ls-tree", commit, "migrations/")
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for line := range strings.Lines(listed) { // mode, kind, hash, a tab, path
		if fields := strings.Fields(line); len(fields) == 4 && strings.HasSuffix(fields[3], ".sql") {
			all[filepath.Base(fields[3])] = fields[2]
		}
	}
	return all, nil
}

func git(args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = root
	said, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w", args[0], err)
	}
	return string(said), nil
}

func TestMigrationsBeforeOthersAreFewerAndUnchanged(t *testing.T) {
	now := map[string]string{"0001": "a", "0002": "b"}
	for _, c := range []struct {
		name   string
		change func(then map[string]string)
		want   bool
	}{
		{"the same", func(map[string]string) {}, false},
		{"one fewer", func(then map[string]string) { delete(then, "0002") }, true},
		{"one fewer, one changed", func(then map[string]string) { delete(then, "0002"); then["0001"] = "x" }, false},
		{"another one", func(then map[string]string) { delete(then, "0002"); then["0003"] = "c" }, false},
		{"none", func(then map[string]string) { clear(then) }, false},
	} {
		then := maps.Clone(now)
		c.change(then)
		if got := isBefore(then, now); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestNewerSchemaIsRemarkedOnAndServed(t *testing.T) {
	t.Parallel()
	o := newOperated(t, "oak", "")
	if _, err := o.sql(t).Exec("INSERT INTO bun_migrations (name, group_id, migrated_at) VALUES ('9999', 9, '2026-03-04 12:00:00+00:00')"); err != nil {
		t.Fatal(err)
	}
	o.serves(t, "warden", wardenPassword)
	if said := o.running.complaints.String(); !strings.Contains(said, "by a newer Hearth, with migrations that this one (development) does not know: 9999") {
		t.Errorf("it said nothing of the newer schema:\n%s", said)
	}
}
