package policy

// Fact is how many messages passed alike on one day between this server and
// another: counts alone, nothing of what was in them.
type Fact struct {
	Day     string // of UTC, as 2006-01-02
	Kind    FactKind
	Domain  string // the server that sent it, or that was sent it
	About   string // whose words it brought, where they are of a third server
	GroupID string // empty: of no group, or not known
	Member  bool   // words of somebody who was a member of the group by then
	Count   int
}

// FactKind is what kind of message it was.
type FactKind string

// Kinds of facts. What came and had no effect here, whatever was decided about its
// server, is none of them.
const (
	FactWords    FactKind = "words"    // a post, or an edit of one
	FactFollow   FactKind = "follow"   // a Follow of a group here
	FactReport   FactKind = "report"   // a Flag
	FactOther    FactKind = "other"    // anything else: deletions, reactions, answers
	FactUnread   FactKind = "unread"   // turned away at the door: anybody may have sent it
	FactDelivery FactKind = "delivery" // ours, which the other server took
)

// FactKinds are all of them, in the order in which they are shown.
var FactKinds = [...]FactKind{FactWords, FactFollow, FactReport, FactOther, FactUnread, FactDelivery}

// treatment is what would be done with such a message: Pass, Wait or Refuse.
func (f *Fact) treatment(s *Snapshot) Treatment {
	server := s.JudgeIn(f.GroupID, f.Domain)
	if f.Kind == FactDelivery {
		return plain(server.On(Delivery), false)
	}
	if server.On(TheirPost) == Refuse {
		return Refuse
	}
	done := server.On(f.Kind.traffic())
	if f.About != "" {
		done = max(done, s.JudgeIn(f.GroupID, f.About).On(f.Kind.traffic()))
	}
	return plain(done, f.Member)
}

// traffic is the row of the table by which such a message is judged.
func (k FactKind) traffic() Traffic {
	switch k {
	case FactWords:
		return TheirWords
	case FactFollow:
		return TheirFollow
	case FactReport:
		return TheirReport
	case FactDelivery:
		return Delivery
	}
	return TheirPost
}

func plain(t Treatment, isMember bool) Treatment {
	switch {
	case t == Noted, t == Members && isMember:
		return Pass
	case t == Members:
		return Wait
	}
	return t
}
