package web

import "hearth/community"

// unsentPanel asks the author of words that waited for too long, that failed here, or
// that did not go because they left, what is to become of them; nil where there is
// nothing to ask.
func (v *visit) unsentPanel(p community.PostView) *Panel {
	switch p.Standing.State() {
	case community.StandingUnsent, community.StandingFailed, community.StandingLeft:
	default:
		return nil
	}
	text := "unsent.ask"
	if p.Standing.IsChange() {
		text = "unsent.ask_change"
	}
	return &Panel{Kind: "warning", Text: v.t(text, "Host", shownDomain(p.Standing.Host)), Actions: []Action{
		{Text: v.t("unsent.send"), URL: postPath(p.ID, "send"), Post: true},
		{Text: v.t("unsent.keep"), URL: postPath(p.ID, "keep"), Kind: "second", Post: true},
		{Text: v.t("unsent.delete"), URL: postPath(p.ID, "delete"), Kind: "quiet"},
	}}
}
