package federation_test

import (
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation/fedtest"
)

// Whoever has a copy is owed its deletion, also a server that nothing could be sent
// to when it was deleted.
func TestR13WhatWasDeletedWhileAServerWasRefusedIsToldAfterwards(t *testing.T) {
	var admin community.Viewer
	refuse := func(w *writers) (lift func()) {
		w.suspend()
		return func() { w.must(w.service.LiftPolicyAsOperator(w.Context(), w.far.Host)) }
	}
	for name, cut := range map[string]func(w *writers) (lift func()){
		"the refusal was lifted": refuse,
		"it is allowed since": func(w *writers) func() {
			w.suspend()
			return func() {
				_, err := w.service.SetPolicyAsOperator(w.Context(), community.PolicyDraft{Domain: w.far.Host, Severity: policy.Allow})
				w.must(err)
			}
		},
		"the door was opened again": func(w *writers) func() {
			w.door(admin, community.FrontDoorClosed)
			return func() { w.door(admin, community.FrontDoorOpen) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachWriters(t, func(w *writers) {
				other := fedtest.NewServer(w.T, "other.example", fedtest.In(w.world))
				there, stays := w.write(w.ada, "", "there"), w.write(w.ada, "", "stays")
				w.after(0)
				w.exec("INSERT INTO reach (post_id, host, sent_at) VALUES ('" + there.ID + "', 'other.example', '2026-03-04 11:00:00+00:00')")
				never, err := w.service.WritePost(w.Context(), w.ada, community.Draft{GroupID: w.group.ID, Text: "never went", Language: "en"})
				w.must(err)
				w.person(w.T, "cora")
				admin = w.warden()
				w.exec("UPDATE memberships SET state = 'left'") // or its group is asked anew to let them in
				lift := cut(w)
				for _, p := range []community.Post{there, never} {
					_, err := w.service.DeletePost(w.Context(), w.ada, p.ID)
					w.must(err)
				}
				w.publishAndDeliver()
				w.wantTold("Create", "Create")
				w.clock.pass(time.Hour)
				lift()
				w.publishAndDeliver()
				w.wantTold("Create", "Create", "Delete")
				if deleted := w.far.Deliveries()[2].Activity()["object"]; !mentionsID(deleted, there.URI) {
					t.Errorf("deleted %v, want %s", deleted, there.URI)
				}
				w.wants(stays, community.StandingReceived)

				lift = refuse(w) // it knows by now
				lift()
				w.publishAndDeliver()
				w.wantTold("Create", "Create", "Delete")
				if n := len(other.Deliveries()); n != 0 {
					t.Errorf("other.example, of which nobody is known, got %d", n)
				}
			})
		})
	}
}

// What had been queued when its server was refused is owed too.
func TestR13ADeletionThatWaitedWhenItsServerWasRefusedIsToldAfterwards(t *testing.T) {
	eachWriters(t, func(w *writers) {
		g := w.ownGroup("carers")
		w.stranger("kim", g)
		post := w.writeIn(g)
		w.publishAndDeliver()
		_, err := w.service.DeletePost(w.Context(), w.ada, post.ID)
		w.must(err)
		w.must(w.PublishOnce(w.Context()))
		w.exec("UPDATE memberships SET state = 'left'") // or they are asked for, and told of, anew
		w.suspend()
		w.must(w.DeliverOnce(w.Context()))
		w.wantTold("Create")
		w.must(w.service.LiftPolicyAsOperator(w.Context(), w.far.Host))
		w.publishAndDeliver()
		w.wantTold("Create", "Delete")
	})
}

// mentionsID says whether an object is, or is about, an id.
func mentionsID(object any, id string) bool {
	if o, ok := object.(map[string]any); ok {
		object = o["id"]
	}
	return object == id
}

// door moves whom the instance talks to.
func (w *writers) door(admin community.Viewer, to string) {
	w.Helper()
	w.must(w.service.SaveSite(w.Context(), admin, community.SiteDraft{
		Name: "Oak", Purpose: "A place to talk.", Contact: "team@oak.example", FrontDoor: to,
		GroupCreation: community.GroupCreationAsked, Country: "GB", Zone: "Europe/London",
	}))
}
