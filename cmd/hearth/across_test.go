package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// across is neighbours of which each acts on what the other has, by pages alone.
type across struct {
	*neighbours
	thread thread // of maya's, in oak's group, as elm has it
	atOak  string // the id of its post at oak
}

// does is a step that must not fail, told by what it is for.
func (a *across) does(what string, err error) {
	a.Helper()
	if err != nil {
		a.Fatalf("%s: %v", what, err)
	}
}

// sees has somebody open a page again and again until it has some words.
func (a *across) sees(m *member, page, words string) {
	a.Helper()
	a.does(words, errors.Join(m.opens(page), m.awaits(words, false)))
}

func (a *across) hides(m *member, words string) {
	a.Helper()
	if m.reads(words) {
		a.Errorf("%s reads %q: %s", m.at, words, m.words())
	}
}

// refusedForm sends a form that is not taken, and has the page that says so.
func (m *member) refusedForm(action string, status int, fields ...string) error {
	if err := m.submits(action, fields); err != nil {
		return err
	}
	if m.status != status {
		return fmt.Errorf("%s answered %d, want %d: %s", action, m.status, status, m.words())
	}
	return nil
}

func TestActsOfModerationCrossServers(t *testing.T) {
	engines(t, func(t *testing.T, database func() string) {
		a := &across{neighbours: newNeighbours(t, database)}
		a.thread = a.begin(a.maya, a.copied, "From elm")
		a.sees(a.warden, a.group, "From elm")
		a.must(a.oakSQL.QueryRow("SELECT id FROM posts WHERE title = 'From elm'").Scan(&a.atOak))
		a.reportIsSentOn()
		a.groupCloses()
		a.serverIsRefused()
	})
}

// reportIsSentOn: somebody at oak reports what maya wrote, and oak's moderator asks
// elm's to look. Nobody at elm learns who reported.
func (a *across) reportIsSentOn() {
	a.Helper()
	a.oak.command(a.T, "user", "add", "rowan-in", "--public-name", "slow-river", "--password", wardenPassword)
	rowan, keeper := newMember(nil), newMember(nil)
	a.does("rowan reports", errors.Join(
		rowan.signsIn(a.oak.address(), "rowan-in", wardenPassword),
		rowan.opens("/report?post="+a.atOak),
		rowan.sends("/report", "reason=unkind", "words=She said it at the bus stop."),
	))
	a.does("the report is there", a.warden.opens("/mod"))
	item := a.warden.link("It is unkind")
	a.does("it is sent on", errors.Join(
		a.warden.opens(item+"/send"),
		a.warden.sends("/send", "host="+a.elm.host, "category=unkind", "note=Please look at this.", "do=send"),
		a.warden.awaits(a.elm.host+" has received it", false),
	))
	a.does("elm's admin comes", keeper.signsIn(a.elm.address(), "warden", wardenPassword))
	a.sees(keeper, "/mod", "what soft-orchard wrote")
	a.does("and reads it", keeper.opens(keeper.link("Something else")))
	for _, words := range []string{"Sent by another server", "Please look at this.", "It attacks, mocks or presses somebody.", "From elm begins"} {
		if !keeper.reads(words) {
			a.Errorf("elm's admin does not read %q: %s", words, keeper.words())
		}
	}
	for _, words := range []string{"slow-river", "rowan", "bus stop"} {
		a.hides(keeper, words)
	}
	a.sees(keeper, "/notices", "Somebody asks for help")
}

// groupCloses: oak's group closes while maya answers in it, and opens again.
func (a *across) groupCloses() {
	a.Helper()
	writing := a.maya.quietly() // her page with the form, from before
	writing.client = a.maya.client
	a.does("maya begins to answer", writing.opens(a.thread.path))
	a.does("oak closes the group", errors.Join(a.warden.opens("/mod"+a.group), a.warden.sends("/close")))
	a.sees(a.maya, a.copied, "Nobody can write in it from here any more")
	a.hides(a.maya, "Write something")
	a.does("her answer is kept", writing.refusedForm("/reply", http.StatusConflict, "text=Words of the last minute"))
	if !writing.reads("kept among your drafts") {
		a.Errorf("it does not say that her words are kept: %s", writing.words())
	}
	a.sees(a.maya, "/drafts", "Words of the last minute")
	a.does("there is no form", a.maya.opens(a.copied+"/new"))
	if !a.maya.reads("You cannot write here now") || a.maya.reads("These words were not sent") {
		a.Errorf("where she would begin she reads: %s", a.maya.words())
	}
	a.sees(a.maya, "/notices", "Night talk was closed on its own server")
	if n := strings.Count(a.maya.words(), "was closed on its own server"); n != 1 {
		a.Errorf("she is told %d times that it closed", n)
	}
	a.does("oak opens it again", errors.Join(a.warden.opens("/mod"+a.group), a.warden.sends("/reopen")))
	a.sees(a.maya, a.copied, "Write something")
	a.sees(a.maya, "/notices", "Night talk is open again")
}

// serverIsRefused: oak refuses elm, says so to both sides as far as they may know,
// and takes it back.
func (a *across) serverIsRefused() {
	a.Helper()
	a.does("oak refuses elm", errors.Join(a.warden.opens("/admin/federation"),
		a.warden.sends("/admin/federation", "domain="+a.elm.host, "severity=suspend", "public_reason=Too loud.", "private_note=Ask again in spring.")))
	if cut, err := count(a.oakSQL, "SELECT count(*) FROM memberships WHERE state = 'severed'"); err != nil || cut != 1 {
		a.Errorf("oak cut %d ties, %v; want one", cut, err)
	}
	a.sees(a.warden, a.group, "Out of sight: this server has no contact") // her group's moderator still finds it
	visitor := newMember(nil)
	a.does("the group is there for all", visitor.opens(a.oak.address()+a.group))
	a.hides(visitor, "From elm") // what was written is out of sight, and not lost
	a.does("everybody reads it", visitor.opens(a.oak.address()+"/about/federation"))
	if !visitor.reads("Too loud.") || visitor.reads("in spring") {
		a.Errorf("a visitor reads: %s", visitor.words())
	}
	a.begin(a.maya, a.copied, "Not heard")
	a.does("maya reads that it was not taken", a.maya.awaits("did not take it", false))
	a.hides(a.maya, "Too loud.")
	a.sees(a.maya, a.copied, "no longer shows it to this server")
	a.hides(a.maya, "Write something")
	a.does("oak's group has nothing of it", a.warden.opens(a.group))
	a.hides(a.warden, "Not heard")

	a.oak.command(a.T, "policy", "lift", a.elm.host)
	a.sees(a.warden, a.group, "From elm")
	a.sees(a.maya, a.copied, "Write something") // she is in it as she was
	a.begin(a.maya, a.copied, "Heard again")
	a.sees(a.warden, a.group, "Heard again")
}
