package main

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/community/secret"
)

// neighbours are two hearths in processes of their own: somebody of elm follows
// a group of oak's, and may write in it.
type neighbours struct {
	*testing.T
	oak, elm       *operated
	oakSQL, elmSQL *sql.DB
	warden, maya   *member // of oak, of elm
	group          string  // its page at oak
	copied         string  // its page at elm
}

func newNeighbours(t *testing.T, database func() string) *neighbours {
	t.Helper()
	oak := newOperated(t, "oak", database())
	oak.begins(t)
	return meet(t, oak, newOperated(t, "elm", database()))
}

// meet has somebody of elm follow a group of oak's. Oak runs already.
func meet(t *testing.T, oak, elm *operated) *neighbours {
	t.Helper()
	n := &neighbours{T: t, oak: oak, elm: elm, warden: newMember(nil), maya: newMember(nil)}
	n.oakSQL, n.elmSQL = n.oak.sql(t), n.elm.sql(t)
	n.elm.command(t, "user", "add", "maya-in", "--public-name", "soft-orchard", "--password", wardenPassword)
	n.elm.begins(t)
	n.must(n.warden.signsIn(n.oak.address(), "warden", wardenPassword))
	n.must(makesGroup(n.warden))
	n.group = n.warden.at.Path
	n.must(n.maya.signsIn(n.elm.address(), "maya-in", wardenPassword))
	n.must(n.maya.joins(n.elm.address(), "!night-talk@"+n.oak.host))
	n.copied = n.maya.at.Path
	n.counts("elm follows oak's group", n.elmSQL, 1, "SELECT count(*) FROM memberships WHERE state = 'active'")
	return n
}

// makesGroup is an admin making a group that other servers may follow.
func makesGroup(m *member) error {
	if err := m.opens("/groups/new?sensitive=no"); err != nil {
		return err
	}
	return m.sends("/groups/new", "title=Night talk", "handle=own", "name=night-talk", "purpose=For nights.", "situation=caring",
		"rules=Listen first.", "joining=open", "readers=anyone", "reach=anywhere", "listed=yes", "take_part")
}

func (n *neighbours) must(err error) {
	n.Helper()
	if err != nil {
		n.Fatal(err)
	}
}

// counts waits until a query counts so many, or more.
func (n *neighbours) counts(what string, db *sql.DB, want int, query string, args ...any) {
	n.Helper()
	eventually(n.T, what, func() (bool, error) {
		got, err := count(db, query, args...)
		return got >= want, err
	})
}

func count(db *sql.DB, query string, args ...any) (n int, err error) {
	err = db.QueryRow(query, args...).Scan(&n)
	return n, err
}

// begin has somebody begin a thread on the page of a group.
func (n *neighbours) begin(m *member, group, title string) thread {
	n.Helper()
	n.must(m.opens(group + "/new"))
	fields := []string{"title=" + title, "text=" + title + " begins"}
	if form, err := m.form("/new"); err == nil && strings.Contains(fmt.Sprint(form), "federate") {
		fields = append(fields, "federate")
	}
	n.must(m.sends("/new", fields...))
	return thread{title, m.at.Path}
}

// reply is a form for an answer, filled in, that may be sent again and again
// until an answer to it comes: it carries the post's id.
func (m *member) reply(thread, text string) func() error {
	values := map[string][]string{"draft": {secret.NewID(time.Now())}, "text": {text}, "language": {"en"}, "do": {"send"}}
	return func() error {
		req, err := m.submission(thread+"/reply", values)
		if err != nil {
			return err
		}
		resp, err := m.client.Do(req)
		if err != nil {
			return err
		}
		if code := drained(resp); code != http.StatusSeeOther {
			return fmt.Errorf("a reply was answered %d", code)
		}
		return nil
	}
}

// quietly is a browser that stays on the page that a form leads from.
func (m *member) quietly() *member {
	other := *m
	client := *m.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	other.client = &client
	return &other
}

// thread is one that somebody began, by its title and its page.
type thread struct{ title, path string }

// answer writes so many answers into each of some threads, in a thread one after
// the other and into all threads at once. One that gets no reply is sent again, as
// a person does who is shown an error.
func (m *member) answer(threads []thread, each int) error {
	writer := m.quietly()
	var writing sync.WaitGroup
	failed := make([]error, len(threads))
	for t, thread := range threads {
		writing.Go(func() {
			for i := range each {
				if failed[t] = insist(writer.reply(thread.path, answerOf(thread.title, i))); failed[t] != nil {
					return
				}
			}
		})
	}
	writing.Wait()
	return errors.Join(failed...)
}

// answerOf is what the nth answer in a thread says.
func answerOf(title string, n int) string { return fmt.Sprintf("%s answer %04d", title, n) }

// insist tries until it works, or patience is over.
func insist(try func() error) (err error) {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if err = try(); err == nil {
			return nil
		}
	}
	return err
}
