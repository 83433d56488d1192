package domainlist

import (
	"strings"

	"hearth/community/policy"
)

// severities are the words for what a list asks for, Mastodon's first. Mastodon's
// noop is no severity at all, flags at most: it never lets a server in that another
// policy refuses, and neither does watch, which allow would. filter is NodeBB's:
// what comes waits to be read.
var severities = map[string]string{
	"noop": policy.Watch, "none": policy.Watch, "silence": policy.Limit,
	"suspend": policy.Suspend, "filter": policy.Hold,
	"allow": policy.Allow, "watch": policy.Watch, "limit": policy.Limit, "hold": policy.Hold,
}

// severityOf reads a word, in any case. Empty is not said, and no mistake.
func severityOf(word string) (severity string, ok bool) {
	word = strings.ToLower(strings.TrimSpace(word))
	if word == "" {
		return "", true
	}
	severity, ok = severities[word]
	return severity, ok
}

// forMastodon is the entry as Mastodon's form can say it to others, or false where
// it has no words for it: a group's verdict would be taken for the instance's, an
// allowance for a refusal (by NodeBB), and so would being watched, which is nobody
// else's business besides. Of hold Mastodon has only what is next below it.
func (e Entry) forMastodon() (Entry, bool) {
	switch {
	case e.Group != "" || e.Severity == "" || e.Severity == policy.Allow:
		return e, false
	case e.Severity == policy.Watch && !e.RejectMedia && !e.RejectReports:
		return e, false
	case e.Severity == policy.Hold:
		e.Severity = policy.Limit
	}
	return e, true
}

// isRefusal says whether a form in which each name is refused may have the entry.
func (e Entry) isRefusal() bool {
	return e.Group == "" && (e.Severity == policy.Suspend || e.Severity == "")
}
