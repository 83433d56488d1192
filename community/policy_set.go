package community

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"hearth/community/policy"
)

// OperatorName stands where a Decision was made on the command line, by
// whoever can reach the machine.
const OperatorName = "command line"

// PolicyDraft is what an admin says about a domain.
type PolicyDraft struct {
	Domain        string // any spelling that FoldDomain takes
	Severity      string // policy.Allow and its like
	RejectMedia   bool
	RejectReports bool
	NoNewFollows  bool
	PublicReason  string // shown to everybody on /about/federation
	PrivateNote   string // for admins
}

// SetPolicy keeps an admin's verdict on a domain, in place of an earlier one,
// and raises the policy epoch, so that it is in force at once on every node.
// Refusing a domain cuts its ties, each kept as a Severance, and takes out of sight
// what is here of its servers; anything else has both back. NotFound for
// those who are not admins; Invalid for a domain that is none, or our own.
func (s *Service) SetPolicy(ctx context.Context, v Viewer, d PolicyDraft) (policy.Policy, error) {
	if !v.IsAdmin() {
		return policy.Policy{}, fail(NotFound, "error.not_found")
	}
	return s.setPolicy(ctx, v.ActingID(), d)
}

// SetPolicyAsOperator is SetPolicy from the command line.
func (s *Service) SetPolicyAsOperator(ctx context.Context, d PolicyDraft) (policy.Policy, error) {
	return s.setPolicy(ctx, OperatorName, d)
}

func (s *Service) setPolicy(ctx context.Context, by string, d PolicyDraft) (made policy.Policy, err error) {
	site, err := s.Site(ctx)
	if err != nil {
		return made, err
	}
	if err := d.check(site); err != nil {
		return made, err
	}
	err = s.store.InTx(ctx, func(tx Store) error {
		if _, err := tx.RaisePolicyEpoch(ctx); err != nil {
			return err
		}
		made, err = s.enactPolicy(ctx, tx, by, d)
		return err
	})
	return made, err
}

// enactPolicy keeps a verdict that was checked, with its Decision and all that
// follows from it, in a transaction that has raised the epoch.
func (s *Service) enactPolicy(ctx context.Context, tx Store, by string, d PolicyDraft) (policy.Policy, error) {
	made := d.policy()
	made.CreatedAt = s.now()
	made.ChangedAt = made.CreatedAt
	if by != OperatorName {
		made.OwnerID = &by
	}
	if made.Severity == policy.Suspend {
		made.SuspendedAt = &made.CreatedAt
	}
	_, err := s.decide(ctx, tx, Decision{Kind: DecidedPolicy, DecidedBy: by, SubjectKind: SubjectDomain, SubjectID: made.Domain, Rule: made.Severity},
		DecisionWords{Reason: made.PublicReason, Note: made.PrivateNote, Changed: rejections(made)})
	if err != nil {
		return made, err
	}
	if err := tx.SavePolicy(ctx, made); err != nil {
		return made, err
	}
	if made.Severity != policy.Suspend {
		if err := s.tellOfDeletions(ctx, tx, made.Domain); err != nil {
			return made, err
		}
	}
	return made, s.beginSettling(ctx, tx, made.Domain)
}

// policy is what the draft says, as it is kept; nothing of who decided, and when.
func (d PolicyDraft) policy() policy.Policy {
	domain, _ := FoldDomain(d.Domain)
	return policy.Policy{
		Domain: domain, Severity: d.Severity, RejectMedia: d.RejectMedia, RejectReports: d.RejectReports, NoNewFollows: d.NoNewFollows,
		PublicReason: strings.TrimSpace(d.PublicReason), PrivateNote: strings.TrimSpace(d.PrivateNote),
	}
}

// LiftPolicy takes a verdict back, in the same transaction as its Decision, and what
// it cut and froze with it. NotFound where there is none, and for those who
// are not admins.
func (s *Service) LiftPolicy(ctx context.Context, v Viewer, domain string) error {
	if !v.IsAdmin() {
		return fail(NotFound, "error.not_found")
	}
	return s.liftPolicy(ctx, v.ActingID(), domain)
}

// LiftPolicyAsOperator is LiftPolicy from the command line.
func (s *Service) LiftPolicyAsOperator(ctx context.Context, domain string) error {
	return s.liftPolicy(ctx, OperatorName, domain)
}

func (s *Service) liftPolicy(ctx context.Context, by, domain string) error {
	folded, err := FoldDomain(domain)
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx Store) error {
		if _, err := tx.RaisePolicyEpoch(ctx); err != nil {
			return err
		}
		return s.enactLift(ctx, tx, by, folded)
	})
}

// enactLift takes the verdict on a folded domain back, with its Decision and all
// that follows from it, in a transaction that has raised the epoch.
func (s *Service) enactLift(ctx context.Context, tx Store, by, domain string) error {
	if err := tx.DeletePolicy(ctx, domain); err != nil {
		if isNotFound(err) {
			return fail(NotFound, "policy.none", "Domain", domain)
		}
		return err
	}
	undone, err := tx.LastDecisionOn(ctx, SubjectDomain, domain, DecidedPolicy)
	if err != nil && !isNotFound(err) {
		return err
	}
	d := Decision{Kind: DecidedPolicyLift, DecidedBy: by, SubjectKind: SubjectDomain, SubjectID: domain}
	if err == nil {
		d.Undoes = &undone.ID
	}
	if _, err := s.decide(ctx, tx, d, DecisionWords{}); err != nil {
		return err
	}
	if err := s.tellOfDeletions(ctx, tx, domain); err != nil {
		return err
	}
	return s.beginSettling(ctx, tx, domain)
}

// rejections are what a policy rejects beside its severity, as a record names it.
func rejections(p policy.Policy) (all []Change) {
	for _, r := range []struct {
		field string
		isSet bool
	}{{"reject_media", p.RejectMedia}, {"reject_reports", p.RejectReports}, {"no_new_follows", p.NoNewFollows}} {
		if r.isSet {
			all = append(all, Change{Field: r.field})
		}
	}
	return all
}

func (d PolicyDraft) check(site Site) error {
	var p problems
	domain, err := FoldDomain(d.Domain)
	switch {
	case err != nil:
		p.add("domain", "policy.domain_form")
	case domain == site.Host || strings.HasSuffix(site.Host, "."+domain):
		p.add("domain", "policy.own")
	}
	if !policy.IsSeverity(d.Severity) {
		p.add("severity", "form.choose")
	}
	if utf8.RuneCountInString(d.PublicReason) > 500 {
		p.add("public_reason", "policy.reason_length")
	}
	if utf8.RuneCountInString(d.PrivateNote) > 5000 {
		p.add("private_note", "policy.note_length")
	}
	return p.err()
}

// FoldDomain is a domain in the one spelling in which policies are kept: lower
// case, without a leading "*." or a last dot, with a port where one was given; a
// server's address that was pasted is its domain. Names outside ASCII come in their IDNA form
// (federation.ASCIIDomain). Invalid for anything else.
func FoldDomain(typed string) (string, error) {
	domain := strings.TrimSuffix(strings.TrimPrefix(PastedDomain(typed), "*."), usualPort)
	host, port, hasPort := strings.Cut(domain, ":")
	if hasPort && !isPort(port) || !isHostName(host) {
		return "", fail(Invalid, "policy.domain_form")
	}
	return domain, nil
}

// usualPort is not said of a host: one with it and one without are the same.
const usualPort = ":443"

// isPort says whether a port is in the one spelling in which a host is known.
func isPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0 && port == strconv.FormatUint(n, 10)
}

// PastedDomain is what is left of a server's address, as it is copied from a
// browser or out of a name such as @somebody's, when all but its domain is gone.
// It may be none.
func PastedDomain(typed string) string {
	domain := Fold(typed)
	for _, before := range []string{"https://", "http://", "@"} {
		domain = strings.TrimPrefix(domain, before)
	}
	return strings.TrimRight(domain, "/. ")
}

// isHostName says whether a folded name is labels of letters, digits and inner
// hyphens, at least two of them or localhost (RFC 1123 2.1).
func isHostName(host string) bool {
	labels := strings.Split(host, ".")
	if len(host) > 253 || len(labels) < 2 && host != "localhost" {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' ||
			strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	return true
}
