package web

import (
	"net/url"

	"hearth/community"
)

// brakes are what anybody can do about a post that troubles them: tell the
// moderators, not see its author any more, and as a moderator hide it.
func (v *visit) brakes(view community.ThreadView, p community.PostView) (actions []Action) {
	if p.Mine {
		return nil
	}
	actions = append(actions, Action{Text: v.t("report.link"), To: p.Author.Title, URL: "/report?post=" + url.QueryEscape(p.ID), Kind: "quiet"})
	if v.viewer.User != nil && !p.Blocked {
		actions = append(actions, v.blockAction(p.Author.ID, p.Author.Title))
	}
	if !view.MayModerate {
		return actions
	}
	key := "moderate.hide"
	if p.State == community.PostHidden {
		key = "moderate.show"
	}
	return append(actions, Action{Text: v.t(key), To: p.Author.Title, URL: modPostPath(p.ID), Kind: "quiet"})
}

// accountBrakes are the same for an account.
func (v *visit) accountBrakes(p community.Profile) (actions []Action) {
	if p.Own {
		return nil
	}
	actions = append(actions, Action{Text: v.t("report.link"), To: p.Title, URL: "/report?account=" + url.QueryEscape(p.ID), Kind: "quiet"})
	if v.viewer.User != nil {
		actions = append(actions, v.blockAction(p.ID, p.Title))
	}
	if v.viewer.IsInstanceModerator() {
		actions = append(actions, Action{Text: v.t("moderate.person"), URL: modPersonPath(p.ID, nil), Kind: "quiet"})
	}
	return actions
}

func (v *visit) blockAction(accountID, name string) Action {
	return Action{Text: v.t("block.link", "Name", name), URL: "/me/blocks", Kind: "quiet", Post: true, Name: "account", Value: accountID}
}
