package federation_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"hearth/community"
	"hearth/community/secret"
	"hearth/federation/fedtest"
	"hearth/federation/wire"
)

// stage is what one activity is sent to: there is what it is about, as far as
// that can be told from it.
type stage struct {
	*replayer
	group  community.Group
	serial int
}

// hearthInFiles is this server in the files of wire/testdata.
const hearthInFiles = "https://hearth.example/"

// toOurs is an activity as it would be if it were for this server: what the
// files call hearth.example is oak.example, and where they address a group of
// some other server, carers stands in its place.
func (s *stage) toOurs(act *wire.Activity) *wire.Activity {
	s.t.Helper()
	text := string(act.Raw)
	if !strings.HasPrefix(act.Actor, hearthInFiles) { // else it is what a hearth wrote, at another one
		text = strings.ReplaceAll(text, hearthInFiles, "https://oak.example/")
	}
	if group := groupMeant(act); group != "" {
		quoted, err := json.Marshal(group)
		s.must(err)
		text = strings.ReplaceAll(text, string(quoted), `"`+s.carers.URI+`"`)
	}
	again, err := wire.Decode([]byte(text))
	s.must(err)
	return again
}

// groupMeant is the group elsewhere that an activity is sent to; empty where it
// is sent to none, or by one.
func groupMeant(act *wire.Activity) string {
	switch act.Type {
	case "Follow":
		return elsewhere(act, act.Object.ID)
	case "Undo":
		if inner, err := act.Object.Activity(); err == nil {
			return groupMeant(inner)
		}
		return ""
	case "Announce", "Accept", "Reject":
		return ""
	case "Update":
		if post, err := act.Object.Post(); err != nil || post.InReplyTo == "" {
			return ""
		}
	case "Create":
		post, err := act.Object.Post()
		if err != nil || post.InReplyTo != "" && len(post.Audience) == 0 || !post.IsPublic() && !wire.IsPublic(act.To, act.CC) {
			return ""
		}
	}
	for _, uri := range wire.GroupCandidates(act) {
		if uri != act.Actor && !looksAfter(act, uri) {
			return elsewhere(act, uri)
		}
	}
	return ""
}

// looksAfter says whether an activity is what somebody does who looks after a group
// of their own server: that stays where it is.
func looksAfter(act *wire.Activity, group string) bool {
	switch act.Type {
	case "Lock", "Add", "Remove", "Block", "Warn", "Resolve":
	case "Delete":
		if !act.HasSummary {
			return false
		}
	default:
		return false
	}
	return wire.SameOrigin(act.Actor, group)
}

// groupLookedAfter is the group elsewhere that an activity's actor looks after; empty
// for none.
func groupLookedAfter(act *wire.Activity) string {
	for _, uri := range append(wire.GroupCandidates(act), act.Target.ID) {
		if looksAfter(act, uri) && uri != act.Actor {
			return uri
		}
	}
	return ""
}

// elsewhere is an id that stands on another server than ours; empty for ours.
func elsewhere(act *wire.Activity, uri string) string {
	if strings.HasPrefix(uri, hearthInFiles) && !strings.HasPrefix(act.Actor, hearthInFiles) {
		return ""
	}
	return uri
}

// kindOfSender is what an activity's actor must be.
func kindOfSender(act *wire.Activity) string {
	switch {
	case act.Type == "Announce" && strings.Contains(act.Actor, "/users/"): // a person's own boost
		return "Person"
	case act.Type == "Announce" || act.Type == "Accept" || act.Type == "Reject":
		return "Group"
	case act.Type == "Update" && act.Object.Type() == "Group":
		return "Group"
	}
	return "Person"
}

// server is the one of a host.
func (s *stage) server(host string) *fedtest.Server {
	s.t.Helper()
	if s.servers[host] == nil {
		s.servers[host] = fedtest.NewServer(s.t, host, fedtest.In(s.world), fedtest.Speaking(dialectOf(host, s.speaks)))
	}
	return s.servers[host]
}

// dialectOf is how a server of a file speaks, and what it says that it runs: what its
// name begins with, where software of that name is known, or else that of the file.
func dialectOf(host, software string) fedtest.Dialect {
	if first, _, _ := strings.Cut(host, "."); isSoftware(first) {
		software = first
	}
	for _, dialect := range fedtest.Dialects() {
		if dialect.Software == software {
			return dialect
		}
	}
	as := fedtest.Mastodon
	as.Software = software
	return as
}

// isSoftware says whether there are files of a software of that name.
func isSoftware(name string) bool {
	info, err := os.Stat(filepath.Join(ownSamples, name))
	return err == nil && info.IsDir()
}

// actor is the one of an id; nil where no server could have it.
func (s *stage) actor(id, kind string) *fedtest.Actor {
	s.t.Helper()
	origin, err := wire.ParseIRI(id, wire.IRIOptions{})
	if err != nil || origin.Host == "oak.example" {
		return nil
	}
	return s.server(origin.Host).ActorAt(kind, id)
}

// set makes what an activity is about: the group, with a member of here or with
// its sender; posts that it names; and the actors that speak in it, on servers
// of theirs.
func (s *stage) set(act *wire.Activity) {
	s.t.Helper()
	s.group = s.carers
	if kindOfSender(act) == "Group" {
		s.setGroupElsewhere(act, act.Actor)
	} else if group := groupLookedAfter(act); group != "" {
		s.setGroupElsewhere(act, group)
		s.must(s.service.KeepModeratorsThere(s.t.Context(), s.group.ID, []string{act.Actor}))
	} else if s.actor(act.Actor, "Person") != nil {
		s.setGroupHere(act)
		s.join(s.group, s.known(act.Actor))
	}
	s.setPosts(act)
}

// setGroupHere gives carers the id that the file has for a group of this server.
func (s *stage) setGroupHere(act *wire.Activity) {
	s.t.Helper()
	for _, uri := range append(wire.GroupCandidates(act), act.Object.ID) {
		if strings.HasPrefix(uri, "https://oak.example/g/") && uri != s.carers.URI {
			s.group = s.talk.group("meant", uri, "")
			return
		}
	}
}

// setGroupElsewhere has ada be in the group that speaks or is spoken of, or wait for
// its answer.
func (s *stage) setGroupElsewhere(act *wire.Activity, group string) {
	s.t.Helper()
	if s.actor(group, "Group") == nil {
		return
	}
	s.group = s.talk.group("speaker", group, hostOf(group))
	m := community.Membership{
		ID: secret.NewActorID(), GroupID: s.group.ID, AccountID: "ada", Role: community.GroupMember, State: community.MemberActive, CreatedAt: s.clock.Now(), ChangedAt: s.clock.Now(),
	}
	if act.Type == "Accept" || act.Type == "Reject" {
		m.State, m.FollowURI = community.MemberAsked, act.Object.ID
	}
	s.must(s.store.InsertMembership(s.t.Context(), m))
}

// setPosts makes the posts that an activity or what it carries is about, and
// serves what it embeds.
func (s *stage) setPosts(act *wire.Activity) {
	s.t.Helper()
	s.actor(act.Actor, "Person")
	for _, ref := range act.Object.All() {
		s.setPost(act, ref)
	}
	if (act.Type == "Add" || act.Type == "Remove") && s.group.ID != s.carers.ID {
		s.exec(fmt.Sprintf("UPDATE groups SET featured_uri = '%s' WHERE actor_id = '%s'", strings.ReplaceAll(act.Target.ID, "'", "''"), s.group.ID))
	}
}

func (s *stage) setPost(act *wire.Activity, ref wire.Ref) {
	s.t.Helper()
	if inner, err := ref.Activity(); err == nil && wire.IsActivityType(ref.Type()) {
		s.setPosts(inner)
		return
	}
	post, err := ref.Post()
	if err == nil && ref.IsEmbedded() && !post.IsTombstone() && !wire.IsActorType(ref.Type()) {
		s.actor(post.Author, "Person")
		s.serve(post.ID, post.Raw)
		s.standing(post.InReplyTo, "")
	}
	switch act.Type {
	case "Update":
		if !wire.IsActorType(ref.Type()) {
			s.standing(ref.ID, act.Actor)
		}
	case "Block":
		if s.actor(ref.ID, "Person") != nil {
			s.known(ref.ID)
		}
	case "Delete", "Like", "Dislike", "EmojiReact", "Lock", "Add", "Remove", "Flag", "Warn", "Resolve":
		if ref.ID != act.Actor && !wire.IsActorType(ref.Type()) {
			s.standing(ref.ID, act.Actor)
		}
	case "Announce":
		if ref.IsURI() {
			author := "https://" + hostOf(ref.ID) + "/u/author"
			s.actor(author, "Person")
			s.serve(ref.ID, []byte(postDocument(ref.ID, author, s.group.URI, "", "what was announced")))
		}
	}
}

// serve has a document be found under its id.
func (s *stage) serve(id string, document []byte) {
	s.t.Helper()
	origin, err := wire.ParseIRI(id, wire.IRIOptions{})
	if err != nil || origin.Host == "oak.example" {
		return
	}
	at, err := url.Parse(id)
	if err != nil || at.Fragment != "" { // nothing of its own can be fetched there
		return
	}
	s.server(origin.Host).Handle(at.EscapedPath(), fedtest.Body("application/activity+json", document))
}

// standing has a post stand in the group already, by its author where that is
// of its server.
func (s *stage) standing(uri, author string) {
	s.t.Helper()
	if uri == "" || s.stands(uri) {
		return
	}
	by := "ada"
	if author != "" && wire.SameOrigin(author, uri) && s.actor(author, "Person") != nil {
		by = s.known(author)
	}
	verified := community.VerifiedSigned
	if by == "ada" && domainIsOurs(uri) {
		verified = community.VerifiedLocal
	}
	s.serial++
	id := fmt.Sprintf("standing-%d", s.serial)
	s.must(s.store.InsertPost(s.t.Context(), community.Post{
		ID: id, URI: uri, GroupID: s.group.ID, AuthorID: by, ThreadID: id, State: community.PostPublished, Title: "Standing", HTML: "<p>words</p>", Version: 1,
		Readers: community.ReadersAnyone, Reach: community.ReachAnywhere, Verified: verified, PublishedAt: s.clock.Now(), ReceivedAt: s.clock.Now(), LastActivityAt: s.clock.Now(),
	}))
}

func domainIsOurs(uri string) bool { return strings.HasPrefix(uri, "https://oak.example/") }

func (s *stage) stands(uri string) bool {
	_, err := s.store.PostByURI(s.t.Context(), uri)
	return err == nil
}

// known is the account of somebody elsewhere, as it is known here.
func (s *stage) known(uri string) (id string) {
	s.t.Helper()
	if actor, err := s.store.ActorByURI(s.t.Context(), uri); err == nil && actor.Type == community.ActorPerson {
		return actor.ID
	} else if err == nil { // a group has written nothing
		return "ada"
	}
	s.serial++
	name, now := fmt.Sprintf("known-%d", s.serial), s.clock.Now()
	s.must(s.store.InsertAccount(s.t.Context(), community.Account{Actor: community.Actor{
		ID: name, URI: uri, Type: community.ActorPerson, Domain: hostOf(uri), Name: name, Title: name, Inbox: uri + "/inbox", CreatedAt: now, FetchedAt: &now,
	}}))
	return name
}
