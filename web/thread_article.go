package web

import (
	"slices"
	"strings"

	"hearth/community"
)

// articles are the posts of a thread's page: its root, where this page has it,
// and the replies in reading order, answers to a reply one step in beneath it.
func (v *visit) articles(view community.ThreadView) (root *Article, replies []Article) {
	branch := make(map[string]int, len(view.Posts)) // the reply of the first step that a post stands under
	replies = make([]Article, 0, len(view.Posts))
	for _, p := range view.Posts {
		a := v.article(view, p)
		if p.ID == view.Root.ID {
			root = &a
			continue
		}
		at, known := branch[*p.ParentID]
		if !known {
			branch[p.ID] = len(replies)
			replies = append(replies, a)
			continue
		}
		branch[p.ID] = at
		replies[at].Replies = append(replies[at].Replies, a)
	}
	for i := range replies {
		clearParent(&replies[i], view.Root.ID)
		for j := range replies[i].Replies {
			clearParent(&replies[i].Replies[j], replies[i].ID)
		}
	}
	return root, replies
}

// clearParent takes out the link to what a reply answers where its place shows it.
func clearParent(a *Article, above string) {
	if a.ParentURL == postPath(above) {
		a.Parent, a.ParentURL = "", ""
	}
}

// article is a post as this reader may see it.
func (v *visit) article(view community.ThreadView, p community.PostView) Article {
	a := Article{
		ID: p.ID, URL: postPath(p.ID), Reply: p.ID != view.Root.ID, Time: p.PublishedAt, New: p.New, State: articleState(p),
		Wish: v.wish(p.Wants), Note: v.noteOf(p.Topics(), p.NoteText), HTML: wordsUnder(authorLevel(p.ID != view.Root.ID), p.HTML), Lang: p.Language,
	}
	if !p.Words {
		return a
	}
	if a.State == PassedOn {
		a.Host = shownDomain(view.Group.Domain)
	}
	a.Author, a.AuthorURL, a.Domain, a.Role = p.Author.Title, handlePath(p.Author.Handle()), p.Author.Domain, v.roleOf(p.Author.Role)
	if st := p.Standing; st != nil {
		a.Host = shownDomain(st.Host)
		if st.UnreachableSince != nil {
			a.Since = *st.UnreachableSince
		}
		a.Asked, a.Why = v.unsentPanel(p), v.whyRefused(*st)
		if (a.State == Received || a.State == Overdue) && view.Group.State == community.GroupClosed {
			a.State, a.Why = ReceivedClosed, ""
		}
	}
	if p.HiddenWhy != "" && slices.Contains([]ArticleState{Received, Overdue, ShownThere}, a.State) {
		a.State = WarnedThere
	}
	if p.HiddenWhy != "" && slices.Contains([]ArticleState{Hidden, WarnedThere}, a.State) {
		a.Why = v.t("post.why.said", "Words", p.HiddenWhy)
	}
	if p.EditedAt != nil {
		a.Edited, a.Versions = *p.EditedAt, postPath(p.ID, "versions")
	}
	if p.ParentID != nil {
		a.Parent, a.ParentURL = p.ParentAuthor, postPath(*p.ParentID)
		if a.Parent == "" {
			a.Parent = v.t("post.somebody")
		}
	}
	if p.Blocked {
		a.Folded = v.t("post.blocked")
	}
	a.Thanks = v.thanks(p.SupportedBy)
	a.Actions, a.More = v.postActions(p), v.moreActions(view, p)
	return a
}

// standings are the states of a post in a group elsewhere, as its author is told.
var standings = map[string]ArticleState{
	community.StandingSending: Sending, community.StandingReceived: Received, community.StandingShown: ShownThere,
	community.StandingOverdue: Overdue, community.StandingRefused: Refused, community.StandingBarred: Barred, community.StandingUnreachable: Unreachable,
	community.StandingUnsent: Unsent, community.StandingFailed: Failed, community.StandingLeft: StoppedByLeaving, community.StandingBehind: Behind, community.StandingKept: KeptHere, community.StandingCut: CutOff,
	community.StandingDropped: Dropped,
}

// changeStandings are those that read otherwise where only a change is held back.
var changeStandings = map[string]ArticleState{
	community.StandingUnsent: UnsentChange, community.StandingFailed: FailedChange, community.StandingLeft: StoppedChange, community.StandingKept: KeptChange,
	community.StandingDropped: DroppedChange,
}

// whyRefused is what can be known of why a server did not take a post, or does not
// show it; empty where there is nothing to add.
func (v *visit) whyRefused(st community.Standing) string {
	switch st.State() {
	case community.StandingOverdue:
		return v.t("post.why.overdue")
	case community.StandingRefused:
		if st.RejectedAt != nil && st.Rejection != "" {
			return v.t("post.why.said", "Words", st.Rejection)
		}
		if st.RejectedAt != nil {
			return v.t("post.why.rejected")
		}
		if why := st.Why(); why != "" {
			return v.t("post.why." + why)
		}
	}
	return ""
}

func articleState(p community.PostView) ArticleState {
	switch p.State {
	case community.PostDeleted:
		return Deleted
	case community.PostHidden:
		return Hidden
	case community.PostHeld:
		return Held
	}
	switch {
	case p.State == community.PostFrozen && p.Standing == nil:
		return Frozen
	case p.Verified == community.VerifiedGroup:
		return PassedOn
	case p.Standing == nil:
		return Shown
	}
	state := p.Standing.State()
	if changed, ok := changeStandings[state]; ok && p.Standing.IsChange() {
		return changed
	}
	return standings[state]
}

// roleOf is the label beside an author's name.
func (v *visit) roleOf(role string) string {
	if role == community.GroupOwner || role == community.GroupModerator {
		return v.t("post.role_moderator")
	}
	return ""
}

// wish is what an author hopes for, in words.
func (v *visit) wish(wants string) string {
	if wants == "" {
		return ""
	}
	return v.t("wants." + wants + "_said")
}

// noteOf is a content note in words: its topics and what its author added.
func (v *visit) noteOf(topics []string, text string) string {
	var words []string
	for _, t := range topics {
		words = append(words, v.t("topic."+t))
	}
	if text != "" {
		words = append(words, text)
	}
	return strings.Join(words, ", ")
}

// thanks says who is with the author of a post: names, never how many.
func (v *visit) thanks(supporters []community.Supporter) (lines []string) {
	for _, kind := range community.SupportKinds() {
		var names []string
		for _, s := range supporters {
			if s.Kind == kind {
				names = append(names, s.Title)
			}
		}
		if len(names) > 0 {
			lines = append(lines, v.t("support.from", "Kind", v.t("support."+kind), "Names", strings.Join(names, ", ")))
		}
	}
	return lines
}

// postActions are what stands under a post: to answer it, and the words of
// support where they have somewhere to go.
func (v *visit) postActions(p community.PostView) (actions []Action) {
	if p.MayReply {
		actions = append(actions, Action{Text: v.t("post.reply_to", "Name", p.Author.Title), URL: postPath(p.ID, "reply"), Kind: "first"})
	}
	if !p.MaySupport {
		return actions
	}
	actions = slices.Grow(actions, 3)
	for _, kind := range community.SupportKinds() {
		a := Action{Text: v.t("support." + kind), To: v.t("support.to", "Name", p.Author.Title), URL: postPath(p.ID, "support"),
			Kind: "quiet", Post: true, Name: "give", Value: kind, Pressed: "false"}
		for _, gave := range p.Gave {
			if gave == kind {
				a.Name, a.Pressed = "take", "true"
			}
		}
		actions = append(actions, a)
	}
	return actions
}

// moreActions are what stands in a post's menu.
func (v *visit) moreActions(view community.ThreadView, p community.PostView) (more []Action) {
	more = make([]Action, 0, 8) // a page has fifty such menus
	add := func(shown bool, key string, post bool, rest ...string) {
		if shown {
			more = append(more, Action{Text: v.t(key), URL: postPath(p.ID, rest...), Kind: "quiet", Post: post})
		}
	}
	add(p.MayEdit, "post.edit", false, "edit")
	add(p.MayDelete, "post.delete", false, "delete")
	add(true, "post.link", false)
	if st := p.Standing; st != nil && st.State() == community.StandingKept && !st.Cut {
		add(true, "unsent.after_all", true, "send")
	}
	more = append(more, v.brakes(view, p)...)
	moderated := view.MayModerate && p.ID == view.Root.ID
	add(moderated && p.PinnedAt == nil, "thread.pin", true, "pin")
	add(moderated && p.PinnedAt != nil, "thread.unpin", true, "unpin")
	add(moderated && p.LockedAt == nil, "thread.lock", false, "lock")
	add(moderated && p.LockedAt != nil, "thread.unlock", true, "unlock")
	return more
}
