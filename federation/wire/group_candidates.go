package wire

import (
	"slices"
	"strings"
)

// maxNesting bounds how far GroupCandidates looks into activities that carry
// activities: Announce of Undo of Like of Note is the deepest that means
// something.
const maxNesting = 4

// maxCandidates bounds the look-ups that one message can cost.
const maxCandidates = 64

// GroupCandidates is the ids among which the group that an activity is about
// must be, most telling first and each once: audience of the activity and what
// it carries; to and cc, from the inside out, without Public and followers'
// collections; target; groups named as authors (PeerTube); inReplyTo; mentions.
// Software that writes no audience is common, and an audience may name a
// person, so the caller takes the first that is a group it knows. A candidate
// from inReplyTo is a post, whose group is meant. There are at most 64.
func GroupCandidates(a *Activity) []string {
	var found addressing
	found.readActivity(a, maxNesting)
	return found.candidates()
}

// GroupCandidatesOf is GroupCandidates of a post that came without its activity.
func GroupCandidatesOf(p *Post) []string {
	var found addressing
	found.readPost(p)
	return found.candidates()
}

// addressing collects the properties in which a group may be named, outermost
// first.
type addressing struct {
	audience, target, groups, inReplyTo, mentions []string
	addressed                                     [][]string
}

func (f *addressing) readActivity(a *Activity, nesting int) {
	f.audience = append(f.audience, a.Audience...)
	f.addressed = append(f.addressed, slices.Concat(a.To, a.CC))
	f.target = append(f.target, a.Target.IDs()...)
	f.mentions = append(f.mentions, mentions(a.Tag)...)
	for _, object := range a.Object.All() {
		if nesting > 0 {
			f.readObject(object, nesting-1)
		}
	}
}

// readObject looks into what an activity carries. Actors are left out: what a
// person's document says of itself names no group of this activity.
func (f *addressing) readObject(object Ref, nesting int) {
	t := object.Type()
	if IsActivityType(t) {
		if inner, err := object.Activity(); err == nil {
			f.readActivity(inner, nesting)
		}
		return
	}
	if post, err := object.Post(); err == nil && !IsActorType(t) {
		f.readPost(post)
	}
}

func (f *addressing) readPost(post *Post) {
	f.audience = append(f.audience, post.Audience...)
	f.addressed = append(f.addressed, slices.Concat(post.To, post.CC))
	f.groups = append(f.groups, post.GroupIDs...)
	f.mentions = append(f.mentions, post.Mentions()...)
	if post.InReplyTo != "" {
		f.inReplyTo = append(f.inReplyTo, post.InReplyTo)
	}
}

func (f *addressing) candidates() []string {
	slices.Reverse(f.addressed)
	all := slices.Concat(f.audience, slices.Concat(f.addressed...), f.target, f.groups, f.inReplyTo, f.mentions)
	var once []string
	for _, id := range all {
		if len(once) == maxCandidates {
			break
		}
		if id != Public && !strings.HasSuffix(id, "/followers") && !slices.Contains(once, id) {
			once = append(once, id)
		}
	}
	return once
}
