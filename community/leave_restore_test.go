package community_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/secret"
	"hearth/storage"
	"hearth/storage/storagetest"
)

// backedUp is a backup of the hall as it is now.
func (h *hall) backedUp() (path string) {
	h.t.Helper()
	snapshot, err := storage.OpenSnapshot(h.ctx, h.address)
	h.must(err)
	path = filepath.Join(h.t.TempDir(), "backup.hearth")
	file, err := os.Create(path)
	h.must(err)
	h.must(snapshot.WriteArchive(h.ctx, file, storage.Contents{Hearth: "1.0.0", TakenAt: h.now, Secrets: []byte(`{"form_key":"x"}`)}))
	h.must(errors.Join(file.Close(), snapshot.Close()))
	return path
}

// restored is the hall of a backup, in another database of the same engine, at
// what is now the hour here.
func (h *hall) restored(path string) *hall {
	h.t.Helper()
	to := filepath.Join(h.t.TempDir(), "restored.db")
	if strings.HasPrefix(h.address, "postgres") {
		to = storagetest.PostgresDatabase(h.t)
	}
	archive, err := storage.OpenArchive(path)
	h.must(err)
	defer archive.Close()
	h.must(archive.Verify(h.ctx, to))
	h.must(archive.Restore(h.ctx, to, h.now, func(tx *storage.Store) error {
		return community.NewService(tx, community.WithClock(h.clock)).WakeUp(h.ctx, archive.TakenAt)
	}))
	back := &hall{t: h.t, ctx: h.ctx, store: storagetest.Open(h.t, to), address: to, db: storagetest.SQL(h.t, to), group: h.group, now: h.now}
	back.service = community.NewService(back.store, community.WithClock(back.clock), community.WithPasswords(secret.NewTestPasswords()))
	return back
}

// again is somebody signed in anew: every sign-in ends with a restore.
func (h *hall) again(v community.Viewer) community.Viewer {
	h.t.Helper()
	v, err := h.service.Viewer(h.ctx, h.signIn(v), "")
	h.must(err)
	if v.User == nil {
		h.t.Fatal("who signed in is nobody")
	}
	return v
}

const aDay = 24 * time.Hour

// TestR43ARestoreKeepsWhoWasAwayAwayAndBringsBackWhoLeftSince is what
// docs/operating.md says to whoever restores.
func TestR43ARestoreKeepsWhoWasAwayAwayAndBringsBackWhoLeftSince(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, iris, lena := h.leaver("rowan", community.GroupModerator), h.leaver("iris", community.GroupMember), h.leaver("lena", community.GroupMember)
		maya := h.leaver("maya", community.GroupMember)
		root := h.write(rowan, community.Draft{Title: "A long night", Text: "rowan begins"})
		h.reply(iris, root, "zyxwords of iris")
		h.reply(lena, root, "lena answers")
		before := h.seen(maya, root.ID)
		h.leave(rowan)
		h.leave(iris)
		h.tidy(5 * aDay)
		backup := h.backedUp()

		h.leave(lena)
		h.must(h.service.LeaveForGood(h.ctx, h.signIn(lena)))
		h.tidy(6 * aDay)
		if got := h.seen(maya, root.ID); !slices.Equal(got, []string{"deleted::", "deleted::", "deleted::"}) {
			h.t.Fatalf("before the hearth is lost maya sees %q, want nothing of who left", got)
		}

		b := h.restored(backup)
		maya = b.again(maya)
		b.seesOf(maya, root, "restored", "deleted::", "deleted::", "published:lena:lena answers")
		if m := b.groupView(b.again(lena)).Membership; !m.IsActive() {
			b.t.Errorf("who left since is %s, want a member", m.State)
		}
		b.staysAway(rowan)
		b.staysAway(iris)

		b.tidy(9 * aDay) // the 20th day
		b.must(b.service.ComeBack(b.ctx, b.signIn(rowan)))
		b.seesOf(maya, root, "rowan is back", before[0], "deleted::", before[2])
		if m := b.groupView(b.again(rowan)).Membership; m.Role != community.GroupModerator || !m.IsActive() {
			b.t.Errorf("rowan is back as %s, %s; want an active moderator", m.Role, m.State)
		}
		if len(b.sightings("zyxwords")) == 0 {
			b.t.Fatal("iris was deleted before their time")
		}
		b.tidy(aDay + time.Hour)
		if found := b.sightings("zyxwords"); len(found) > 0 {
			b.t.Errorf("the words of who did not come back stand in %v", found)
		}
		if _, err := b.service.SignIn(b.ctx, community.Try{Login: iris.User.Login, Password: leaverPassword, Source: "here"}); !errors.Is(err, community.Forbidden) {
			b.t.Errorf("who was deleted signs in: %v", err)
		}

		b.leave(b.again(lena)) // once more, as nothing in the backup said so
		b.seesOf(maya, root, "lena leaves again", before[0], "deleted::", "deleted::")
		b.tidy(22 * aDay)
		b.seesOf(maya, root, "in the end", before[0], "deleted::", "deleted::")
		if found := b.sightings("lena answers"); len(found) > 0 {
			b.t.Errorf("lena's words stand in %v", found)
		}
	})
}

// seesOf wants somebody to see these posts of a thread.
func (h *hall) seesOf(v community.Viewer, root community.Post, when string, want ...string) {
	h.t.Helper()
	if got := h.seen(v, root.ID); !slices.Equal(got, want) {
		h.t.Errorf("%s: %s sees %q, want %q", when, v.Acting.Name, got, want)
	}
}

// staysAway wants somebody who signs in to be away until 21 days after they left,
// however long the hearth was lost.
func (h *hall) staysAway(v community.Viewer) {
	h.t.Helper()
	device := h.signIn(v)
	if in, err := h.service.Viewer(h.ctx, device, ""); err != nil || in.User != nil {
		h.t.Errorf("%s is not away any more: %v", v.Acting.Name, err)
	}
	away, err := h.service.Away(h.ctx, device)
	if err != nil || away.EndsAt.Sub(away.LeftAt) != 21*aDay || away.LeftAt.After(noon.Add(aDay)) {
		h.t.Errorf("%s is away from %s to %s, %v; want 21 days from the first", v.Acting.Name, away.LeftAt, away.EndsAt, err)
	}
}
