package main

import (
	"errors"
	"fmt"
	"io/fs"
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
// one by one. Where the tree has no history, or
// only the end of it, there is none before.
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
	commit, err := previousCommit(root)
	if errors.Is(err, errNoHistory) {
		t.Logf("nothing to compare with: %v", err)
		return "", nil
	}
	if err != nil {
		return "", err
	}
	folder := t.TempDir()
	archive := filepath.Join(folder, "tree.tar")
	if _, err := git(root, "archive", "-o", archive, commit); err != nil {
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

// errNoHistory is of a tree that does not know what it was before.
var errNoHistory = errors.New("no history")

// previousCommit is HEAD, or the commit before one that changed the migrations.
func previousCommit(tree string) (string, error) {
	if _, err := os.Stat(filepath.Join(tree, ".git")); errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%w: the tree has no .git", errNoHistory)
	}
	now, err := migrationsNow(tree)
	if err != nil {
		return "", err
	}
	changes, err := git(tree, "rev-list", "HEAD", "--", "migrations")
	if err != nil {
		return "", err
	}
	commits := strings.Fields(changes)
	for i, commit := range commits {
		commits[i] = commit + "^"
	}
	for _, commit := range append([]string{"HEAD"}, commits...) {
		if then, err := migrationsAt(tree, commit); err == nil && isBefore(then, now) {
			return commit, nil
		}
	}
	shallow, err := git(tree, "rev-parse", "--is-shallow-repository")
	switch {
	case err != nil:
		return "", err
	case strings.TrimSpace(shallow) == "true":
		return "", fmt.Errorf("%w: it is shallow", errNoHistory)
	case len(commits) == 1:
		return "", fmt.Errorf("%w: one commit brought all migrations", errNoHistory)
	}
	return "", errors.New("no commit in this history has fewer migrations, unchanged since")
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
func migrationsNow(tree string) (map[string]string, error) {
	paths, err := filepath.Glob(filepath.Join(tree, "migrations", "*.sql"))
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, path := range paths {
		hash, err := git(tree, "hash-object", filepath.Join("migrations", filepath.Base(path)))
		if err != nil {
			return nil, err
		}
		all[filepath.Base(path)] = strings.TrimSpace(hash)
	}
	return all, nil
}

// migrationsAt are a commit's.
func migrationsAt(tree, commit string) (map[string]string, error) {
	listed, err := git(tree, "ls-tree", commit, "migrations/")
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

// git asks about a tree, whoever owns its files: on a machine that builds for
// others they are often somebody else's (safe.directory in git-config(1)).
func git(tree string, args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = tree
	cmd.Env = append(os.Environ(), "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*")
	var complaints strings.Builder
	cmd.Stderr = &complaints
	said, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, strings.TrimSpace(complaints.String()))
	}
	return string(said), nil
}

func TestOnlyATreeWithoutHistoryHasNoPreviousBinary(t *testing.T) {
	t.Parallel()
	whole := t.TempDir()
	asks := func(tree string, args ...string) {
		t.Helper()
		if _, err := git(tree, args...); err != nil {
			t.Fatal(err)
		}
	}
	commits := func(tree, name string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(tree, "migrations", name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
		asks(tree, "add", ".")
		asks(tree, "-c", "user.name=oak", "-c", "user.email=oak@oak.example", "-c", "commit.gpgsign=false", "commit", "-q", "-m", name)
	}
	if err := os.Mkdir(filepath.Join(whole, "migrations"), 0o700); err != nil {
		t.Fatal(err)
	}
	finds := func(what, tree string, quiet bool, why string) {
		t.Helper()
		commit, err := previousCommit(tree)
		if err == nil || errors.Is(err, errNoHistory) != quiet || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: got %q, %v, want an error with %q, quiet: %v", what, commit, err, why, quiet)
		}
	}
	finds("an archive", whole, true, "has no .git")
	asks(whole, "init", "-q")
	finds("a history without commits", whole, false, "git rev-list")
	commits(whole, "0001.sql")
	finds("one commit", whole, true, "one commit brought all")
	commits(whole, "0002.sql")
	if commit, err := previousCommit(whole); err != nil || !strings.HasSuffix(commit, "^") {
		t.Errorf("a whole history: got %q, %v", commit, err)
	}

	shallow := filepath.Join(t.TempDir(), "shallow")
	asks(whole, "clone", "-q", "--depth=1", "file://"+whole, shallow)
	finds("a shallow history", shallow, true, "is shallow")

	if err := os.WriteFile(filepath.Join(whole, "migrations", "0001.sql"), []byte("changed"), 0o600); err != nil {
		t.Fatal(err)
	}
	finds("a migration that was changed", whole, false, "unchanged since")

	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, ".git"), []byte("gitdir: nowhere\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	finds("a tree that git cannot read", broken, false, "nowhere")
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
