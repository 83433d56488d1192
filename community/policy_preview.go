package community

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"hearth/community/policy"
)

// PolicyPreview is what a proposal would do, before any of it holds. People are
// counted in bands. It is made of what whoever looks may see.
type PolicyPreview struct {
	Diff        policy.Diff
	Turns       []TurnPreview // those for which anything is known here
	Fingerprint string        // of the proposal and all that is shown; the same as long as both are
}

// TurnPreview is what hangs on the servers that turn in the same way.
type TurnPreview struct {
	Turn    policy.Turn
	Servers int
	Names   []string               // the first of them
	Then    string                 // the severity that holds then; empty where it is not one for all
	Ties    map[string]policy.Band // by TieFollowers and its like; none is not in it
	Groups  []GroupPreview         // those that most people are tied to
	Others  bool                   // there are more groups, or some whose titles are not for whoever looks

	last string // the server that was counted last
}

// GroupPreview is a group that people are tied to.
type GroupPreview struct {
	Title  string
	Name   string
	Domain string // empty: it is of here
	People policy.Band
}

// What may be tied to a server, for TieCount.
const (
	TieFollowers     = "followers"      // people there who follow groups here, or asked to
	TieMembers       = "members"        // people here who follow groups there, or asked to
	TieFollowersKept = "followers_kept" // the same, of ties that were cut and are kept
	TieMembersKept   = "members_kept"
	TieThreads       = "threads"    // that are open, with posts by people there
	TieHeld          = "held"       // posts by people there that wait to be read
	TieReports       = "reports"    // open ones, from there or about people there
	TieDeliveries    = "deliveries" // that wait to be sent there
)

// TieCount is how many of one kind hang on the servers of one turn.
type TieCount struct {
	Turn policy.Turn
	What string
	N    int
}

// TiedGroup is a group, and how many are tied to it across what turns.
type TiedGroup struct {
	Turn     policy.Turn
	GroupID  string
	Title    string
	Name     string
	Domain   string
	Readers  string
	N        int
	IsMember bool // whoever looks is one
}

// How much of a preview is named, and for how long ties that were cut are kept.
const (
	namesPreviewed  = 20
	groupsPreviewed = 20
	tiesKept        = 30 * 24 * time.Hour

	fingerprintLength = 32 // of hexadecimal digits: it is compared, and typed by nobody
)

// PreviewPolicies says what a proposal would do. NotFound for those who are not
// admins, and where there is nothing to take back; Invalid for what cannot be decided.
func (s *Service) PreviewPolicies(ctx context.Context, v Viewer, p PolicyProposal) (PolicyPreview, error) {
	if err := needAdmin(v); err != nil {
		return PolicyPreview{}, err
	}
	return s.previewPolicies(ctx, v, p)
}

// PreviewPoliciesAsOperator is PreviewPolicies from the command line, where groups
// that anyone may read are named.
func (s *Service) PreviewPoliciesAsOperator(ctx context.Context, p PolicyProposal) (PolicyPreview, error) {
	return s.previewPolicies(ctx, Viewer{}, p)
}

func (s *Service) previewPolicies(ctx context.Context, v Viewer, p PolicyProposal) (PolicyPreview, error) {
	now, proposal, err := s.proposedPolicies(ctx, p)
	if err != nil {
		return PolicyPreview{}, err
	}
	look, err := s.lookAhead(ctx, s.store, v, now, proposal)
	return look.PolicyPreview, err
}

// policyLook is a preview, with the servers that are known here.
type policyLook struct {
	PolicyPreview
	known []string
}

// lookAhead compares a proposal with what holds, finds the known servers for which
// something turns, in memory, and counts only what hangs on these.
func (s *Service) lookAhead(ctx context.Context, store Store, v Viewer, now *policy.Snapshot, proposal policy.Proposal) (look policyLook, err error) {
	look.Diff = policy.Compare(now, proposal)
	if look.known, err = store.KnownServers(ctx); err != nil {
		return look, err
	}
	proposal = look.Diff.InEffect(proposal)
	turned := now.Turned(now.With(proposal), proposal, look.known)
	counts, err := store.Ties(ctx, turned, s.now().Add(-tiesKept))
	if err != nil {
		return look, err
	}
	groups, err := store.TiedGroups(ctx, turned, v.AccountIDs(), groupsPreviewed+1)
	if err != nil {
		return look, err
	}
	look.Turns = turnPreviews(turned, counts)
	for i := range look.Turns {
		look.Turns[i].nameGroups(v, groups, s.now())
	}
	look.Fingerprint = fingerprint(proposal, look.PolicyPreview)
	return look, nil
}

// turnPreviews are the turns that any server takes, in the order of policy.Turns.
func turnPreviews(turned []policy.Turned, counts []TieCount) (all []TurnPreview) {
	for _, turn := range policy.Turns {
		t := TurnPreview{Turn: turn, Ties: map[string]policy.Band{}}
		for _, one := range turned {
			if one.Turn == turn {
				t.add(one)
			}
		}
		for _, c := range counts {
			if c.Turn == turn && c.N > 0 {
				t.Ties[c.What] = policy.BandOf(c.N)
			}
		}
		if t.Servers > 0 {
			all = append(all, t)
		}
	}
	return all
}

// add counts a server once, in however many groups it turns.
func (t *TurnPreview) add(one policy.Turned) {
	if t.last == one.Host {
		return
	}
	t.last = one.Host
	if t.Servers++; t.Servers == 1 {
		t.Then = one.Then.Severity
	}
	if t.Then != one.Then.Severity {
		t.Then = ""
	}
	if len(t.Names) < namesPreviewed {
		t.Names = append(t.Names, one.Host)
	}
}

// nameGroups names those of the groups that whoever looks may read.
func (t *TurnPreview) nameGroups(v Viewer, groups []TiedGroup, now time.Time) {
	t.Others = len(groups) > groupsPreviewed
	for _, g := range groups[:min(len(groups), groupsPreviewed)] {
		if g.Turn != t.Turn {
			continue
		}
		m := Membership{}
		if g.IsMember {
			m.State = MemberActive
		}
		if !mayReadGroup(v, Group{}, g.Readers, m, now) {
			t.Others = true
			continue
		}
		t.Groups = append(t.Groups, GroupPreview{Title: g.Title, Name: g.Name, Domain: g.Domain, People: policy.BandOf(g.N)})
	}
}

// Cuts says whether people would lose anything: a tie, a post that is shown, one
// that waits to be sent.
func (p PolicyPreview) Cuts() bool {
	return slices.ContainsFunc(p.Turns, func(t TurnPreview) bool {
		return (t.Turn == policy.Cut || t.Turn == policy.Shut) && len(t.Ties) > 0
	})
}

// Loosens says whether anything would be let in that is not now, of whoever it is.
func (p PolicyPreview) Loosens() bool {
	if slices.ContainsFunc(p.Turns, func(t TurnPreview) bool { return t.Turn == policy.Back || t.Turn == policy.Wider }) {
		return true
	}
	return p.Diff.MovesDoor() || slices.ContainsFunc(p.Diff.Rows, policy.Row.Loosens)
}

// fingerprint is of what would be done and of all that is shown of it. Another
// change of policies leaves it as it is, unless any of this is another then.
func fingerprint(p policy.Proposal, preview PolicyPreview) string {
	preview.Fingerprint, preview.Diff.Rows = "", slices.Clone(preview.Diff.Rows)
	for i := range preview.Diff.Rows {
		preview.Diff.Rows[i].Was = nil // when it was made, and in what words, is not shown
	}
	sum := sha256.New()
	if err := json.NewEncoder(sum).Encode([]any{p, preview}); err != nil {
		panic(err) // of values that can always be written
	}
	return hex.EncodeToString(sum.Sum(nil))[:fingerprintLength]
}
