package community

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"hearth/community/policy"
	"hearth/community/secret"
)

// ReportForward is a report that a moderator sent on to another server (R19).
type ReportForward struct {
	ReportID   string
	Host       string
	ActivityID string // the Flag's, which is made later
	DecisionID string
	CreatedAt  time.Time
	Outcome    string // what became of it, once its delivery is forgotten
}

// Forwarded is a ReportForward with how its delivery stands.
type Forwarded struct {
	ReportForward
	Delivery         string // the state of the delivery; empty before there is one
	UnreachableSince *time.Time
}

// States of a Forwarded.
const (
	ForwardSending     = "sending"
	ForwardReceived    = "received"
	ForwardRefused     = "refused"     // its server's no
	ForwardUnreachable = "unreachable" // its server does not answer
	ForwardStopped     = "stopped"     // this server refuses the other by now
)

// State is how a report that was sent on stands, as far as its delivery tells.
// The words are those of deliveries: community knows none of them but these.
func (f Forwarded) State() string {
	outcome := f.Outcome
	if outcome == "" {
		outcome = f.Delivery
	}
	switch outcome {
	case "done":
		return ForwardReceived
	case "refused", "set_aside":
		return ForwardRefused
	case "expired":
		return ForwardUnreachable
	case forwardCancelled:
		return ForwardStopped
	}
	if f.UnreachableSince != nil {
		return ForwardUnreachable
	}
	return ForwardSending
}

const forwardCancelled = "cancelled"

// ForwardTarget is a server that a report can be sent on to, and all that it
// would be told beside a moderator's words.
type ForwardTarget struct {
	Host     string
	Title    string   // the account or the group there that it is for
	To       string   // its address
	Inbox    string   // its server's, shared where there is one
	Audience string   // the group, where it is for one
	Objects  []string // the reported account and post, by their ids
}

// ForGroup says whether it is for the moderators of a group, and not for those
// of the reported account's server.
func (t ForwardTarget) ForGroup() bool { return t.Audience != "" }

// targets are the servers that a report concerns: the reported account's, and
// that of the group it stands in. A server is told of nothing that it does not
// know: of what somebody here wrote only where sent says that it has it.
func (r ReportSeen) targets(sent bool) []ForwardTarget {
	objects := []string{r.Account.URI}
	if r.Report.PostID != nil {
		if r.Post.ID == "" || r.Post.URI == "" {
			return nil
		}
		objects = append(objects, r.Post.URI)
	}
	var found []ForwardTarget
	if !r.Account.IsLocal() && r.Account.GoneAt == nil {
		found = append(found, ForwardTarget{
			Host: r.Account.Domain, Title: r.Account.Title, To: r.Account.URI, Inbox: r.Account.inboxFor(), Objects: objects,
		})
	}
	g := r.Group
	known := !r.Account.IsLocal() || sent
	if r.Report.PostID != nil && !g.IsLocal() && g.GoneAt == nil && g.Domain != r.Account.Domain && known {
		found = append(found, ForwardTarget{
			Host: g.Domain, Title: g.Title, To: g.URI, Inbox: g.inboxFor(), Audience: g.URI, Objects: objects,
		})
	}
	return slices.DeleteFunc(found, func(t ForwardTarget) bool { return t.Inbox == "" })
}

// ForwardDraft is what a moderator wants other servers to be told of a report.
type ForwardDraft struct {
	Hosts    []string
	Category string // one of Reasons
	Label    string // the category as it is read there; empty: nothing is said of it
	Note     string // the moderator's own words, or none
}

const maxForwardNote = 1000

// Words are what is read there beside what is reported.
func (d ForwardDraft) Words() string {
	return strings.TrimSpace(d.Label + "\n\n" + d.Note)
}

func (d ForwardDraft) tidy() ForwardDraft {
	d.Note = strings.TrimSpace(strings.ReplaceAll(d.Note, "\r\n", "\n"))
	return d
}

// check refuses also a note that repeats what whoever reported wrote: those
// words are for moderators of here (R19).
func (d ForwardDraft) check(r Report) error {
	var p problems
	if len(d.Hosts) == 0 {
		p.add("host", "forward.nobody")
	}
	if !oneOf(d.Category, Reasons()...) {
		p.add("category", "form.choose")
	}
	switch {
	case utf8.RuneCountInString(d.Note) > maxForwardNote:
		p.add("note", "forward.note_long", "Most", maxForwardNote)
	case repeats(d.Note, r.Words) || repeats(d.Note, r.Contact):
		p.add("note", "forward.note_theirs")
	case d.Words() == "":
		p.add("note", "forward.note_missing")
	}
	return p.err()
}

// How long all of something, or one sentence of it, has to be for its being
// repeated to be no chance.
const (
	shortest         = 8
	shortestSentence = 16
)

// repeats says whether a text has another in it, or one of its sentences, however
// it is spaced.
func repeats(text, other string) bool {
	plain := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
	text = plain(text)
	has := func(words string, least int) bool {
		words = plain(words)
		return utf8.RuneCountInString(words) >= least && strings.Contains(text, words)
	}
	return has(other, shortest) || slices.ContainsFunc(sentences(other), func(s string) bool { return has(s, shortestSentence) })
}

// sentences are those of a text, each without its end.
func sentences(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(".!?…\n", r) })
}

// forwardable is where a report may still go, as the policies stand, and where it
// went. Refused servers are not among them. What is all of here goes nowhere.
func forwardable(ctx context.Context, store Store, policies *policy.Snapshot, seen ReportSeen) ([]ForwardTarget, []Forwarded, error) {
	if seen.Account.IsLocal() && seen.Group.IsLocal() {
		return nil, nil, nil
	}
	went, err := store.ReportForwards(ctx, seen.Report.ID)
	if err != nil {
		return nil, nil, err
	}
	targets, err := forwardTargets(ctx, store, seen)
	if err != nil {
		return nil, nil, err
	}
	targets = slices.DeleteFunc(targets, func(t ForwardTarget) bool {
		sent := slices.ContainsFunc(went, func(f Forwarded) bool { return f.Host == t.Host })
		return sent || policies.JudgeIn(seen.Group.ID, t.Host).On(policy.OurReport) == policy.Refuse
	})
	return targets, went, nil
}

// forwardTargets are a report's targets, judged by what its group's server has.
func forwardTargets(ctx context.Context, store Store, seen ReportSeen) ([]ForwardTarget, error) {
	sent := false
	if seen.Report.PostID != nil && seen.Account.IsLocal() && !seen.Group.IsLocal() {
		known, err := store.Standings(ctx, []string{*seen.Report.PostID}, seen.Group.Domain)
		if err != nil {
			return nil, err
		}
		standing := known[*seen.Report.PostID]
		sent = standing.SentAt != nil || standing.ShownAt != nil
	}
	return seen.targets(sent), nil
}

// CheckForward says what there is to mend in a draft before it is shown as it
// will be read.
func (s *Service) CheckForward(view ReportView, d ForwardDraft) error {
	return d.tidy().check(view.Report)
}

// ForwardReport sends a report on to other servers, in the instance's name: the
// ids of what is reported, the category, and the moderator's words. Never who
// reported, nor what they wrote. It is kept as a Decision; the report itself
// stays as it is. NotFound for who does not look after it; Forbidden for a
// server that it does not concern, or that is refused; Conflict where it was
// sent there before; Invalid with what to mend.
func (s *Service) ForwardReport(ctx context.Context, v Viewer, id string, d ForwardDraft) (decision Decision, err error) {
	d = d.tidy()
	policies, err := s.Policies(ctx)
	if err != nil {
		return decision, err
	}
	err = s.store.InTx(ctx, func(tx Store) error {
		if _, err := tx.ReportToChange(ctx, id); err != nil {
			return err
		}
		seen, err := s.reportFor(ctx, tx, v, id)
		if err != nil {
			return err
		}
		chosen, err := chosenTargets(ctx, tx, policies, seen, d.Hosts)
		if err != nil {
			return err
		}
		if err := d.check(seen.Report); err != nil {
			return err
		}
		decision, err = s.forward(ctx, tx, v, seen, chosen, d)
		return err
	})
	return decision, err
}

func chosenTargets(ctx context.Context, tx Store, policies *policy.Snapshot, seen ReportSeen, hosts []string) (chosen []ForwardTarget, err error) {
	targets, went, err := forwardable(ctx, tx, policies, seen)
	if err != nil {
		return nil, err
	}
	for _, host := range hosts {
		i := slices.IndexFunc(targets, func(t ForwardTarget) bool { return t.Host == host })
		switch {
		case i >= 0:
			chosen = append(chosen, targets[i])
		case slices.ContainsFunc(went, func(f Forwarded) bool { return f.Host == host }):
			return nil, fail(Conflict, "forward.before", "Server", ServerName(host))
		default:
			return nil, fail(Forbidden, "forward.not_there", "Server", ServerName(host))
		}
	}
	return chosen, nil
}

func (s *Service) forward(ctx context.Context, tx Store, v Viewer, seen ReportSeen, chosen []ForwardTarget, d ForwardDraft) (Decision, error) {
	var g *Group
	if seen.Report.GroupID != nil && !seen.Member.Moderates() { // as with leaving a report
		g = &seen.Group
	}
	who := moderatorOf(v, g, seen.Own, s.now())
	decision := Decision{Kind: DecidedForward, DecidedBy: who.by, SubjectKind: SubjectReport, SubjectID: seen.Report.ID}
	if g != nil {
		decision.Scope = g.ID
	}
	var told []string
	for _, t := range chosen {
		told = append(told, t.Host+": "+strings.Join(t.Objects, " "))
	}
	decision, err := s.decide(ctx, tx, decision, DecisionWords{Reason: d.Words(), Note: strings.Join(told, "\n")})
	if err != nil {
		return decision, err
	}
	for _, t := range chosen {
		f := ReportForward{
			ReportID: seen.Report.ID, Host: t.Host, ActivityID: secret.NewID(decision.DecidedAt), DecisionID: decision.ID, CreatedAt: decision.DecidedAt,
		}
		if err := tx.InsertReportForward(ctx, f); err != nil {
			return decision, err
		}
	}
	e := newEvent(s.now(), EventReportForwarded, seen.Report.ID)
	e.AboutID = decision.ID
	return decision, tx.InsertEvent(ctx, e)
}

// ReportLetter is what one server is told of a report.
type ReportLetter struct {
	ForwardTarget
	ActivityID string
	Words      string
}

// ReportLetters are what is to be sent of a Decision to send a report on, from
// how things stand now: nothing to a server that has been refused since, and
// nothing whose words were erased.
func (s *Service) ReportLetters(ctx context.Context, decisionID string) (letters []ReportLetter, err error) {
	policies, err := s.Policies(ctx)
	if err != nil {
		return nil, err
	}
	err = s.store.InTx(ctx, func(tx Store) error {
		letters = nil
		forwards, err := tx.ForwardsOf(ctx, decisionID)
		if err != nil || len(forwards) == 0 {
			return err
		}
		seen, err := tx.ReportSeen(ctx, forwards[0].ReportID, Reader{Now: s.now()})
		if err != nil {
			return err
		}
		words, err := wordsOf(ctx, tx, decisionID)
		if err != nil {
			return err
		}
		targets := seen.targets(true)
		for _, f := range forwards {
			i := slices.IndexFunc(targets, func(t ForwardTarget) bool { return t.Host == f.Host })
			if i < 0 || words == "" || policies.JudgeIn(seen.Group.ID, f.Host).On(policy.OurReport) == policy.Refuse {
				if err := tx.SettleForward(ctx, f.ActivityID, forwardCancelled); err != nil {
					return err
				}
				continue
			}
			letters = append(letters, ReportLetter{targets[i], f.ActivityID, words})
		}
		return nil
	})
	return letters, err
}

// wordsOf are the words that a Decision has somebody read; empty once erased.
func wordsOf(ctx context.Context, tx Store, decisionID string) (string, error) {
	payload, err := tx.PayloadOf(ctx, decisionID)
	if isNotFound(err) {
		return "", nil
	}
	return payload.Words().Reason, err
}
