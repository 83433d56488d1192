package web

import (
	"net/http"

	"hearth/community/policy"
	"hearth/federation"
)

type whyPage struct {
	Domain   string // as it was asked for
	Lines    []string
	Problems Problems
}

// showWhy says in words why a server is treated as it is.
func (s *Server) showWhy(v *visit) error {
	if err := v.admin(); err != nil {
		return err
	}
	page := whyPage{Domain: v.Query("domain")}
	if page.Domain == "" {
		return v.page("admin/policy_why", v.t("policy.why.title"), page)
	}
	e, err := s.service.ExplainPolicy(v.ctx(), v.viewer, federation.ASCIIDomain(page.Domain))
	problems, wrong := v.problems(err)
	if err != nil && !wrong {
		return err
	}
	if wrong {
		page.Problems = problems
		return v.render(http.StatusUnprocessableEntity, "admin/policy_why", v.t("policy.why.title"), page)
	}
	page.Lines = whyLines(v.t, e)
	return v.page("admin/policy_why", v.t("policy.why.title"), page)
}

// WhyLines says in English why a server is treated as it is: one sentence, and one
// more for each decision that matches and does not decide.
func (c *Catalogue) WhyLines(e policy.Explanation) []string {
	return whyLines(func(key string, pairs ...any) string { return c.say("en", key, pairs...) }, e)
}

func whyLines(say func(key string, pairs ...any) string, e policy.Explanation) []string {
	lines := []string{say(whyKey(e), "Domain", shownDomain(e.Host), "By", shownDomain(e.Domain))}
	if e.IsHere || e.Door == policy.DoorClosed {
		return lines
	}
	for _, other := range e.Matched {
		if other.Domain == e.Domain {
			continue
		}
		lines = append(lines, say(overruledKey(e, other), "Other", shownDomain(other.Domain)))
	}
	return lines
}

// whyKey is the sentence that says what decided.
func whyKey(e policy.Explanation) string {
	switch {
	case e.IsHere:
		return "policy.why.here"
	case e.Domain == "":
		return "policy.why.door." + e.Door
	case e.Refused():
		return "policy.why.refused"
	case e.Severity == policy.Allow:
		return "policy.why.allowed"
	}
	return "policy.why.talks"
}

// overruledKey is the sentence that says why another decision, which matches too,
// is not the one that decides.
func overruledKey(e policy.Explanation, other policy.Policy) string {
	switch {
	case other.Severity == e.Severity:
		return "policy.why.same"
	case e.Severity == policy.Allow:
		return "policy.why.allowance_first"
	case other.Severity == policy.Allow:
		return "policy.why.refusal_first"
	}
	return "policy.why.stricter_first"
}
