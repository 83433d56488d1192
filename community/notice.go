package community

import (
	"context"
	"time"
)

// Notice is something a User should hear about, labelled with the Account it
// concerns. It holds references, never words.
type Notice struct {
	ID        string
	UserID    string
	AccountID *string // whose: which of the person's accounts it is about
	Kind      string
	PostID    *string
	GroupID   *string
	AboutID   string  // what happened: unique with user and kind, so that nothing is told twice
	ActorID   *string // who did it, where that may be told
	CreatedAt time.Time
	ReadAt    *time.Time
}

// Kinds of Notice. Where a moderator decided something, the notice names the
// Decision in AboutID and never who decided.
const (
	NoticeReply        = "reply"         // somebody answered a post of mine
	NoticeMention      = "mention"       // somebody named me
	NoticeAnswer       = "answer"        // a reply in a thread I began
	NoticeSupport      = "support"       // somebody is with me
	NoticeJoinAsked    = "join_asked"    // to moderators: somebody asks to join
	NoticeJoined       = "joined"        // my request to join was accepted
	NoticeJoinRefused  = "join_refused"  //
	NoticeGroupAsked   = "group_asked"   // to admins: somebody asks for a group
	NoticeGroupDecided = "group_decided" // my group was approved or not
	NoticeDecision     = "decision"      // a moderator decided something about my post or me
	NoticeReport       = "report"        // to moderators: a report came in
	NoticeReportDone   = "report_done"   // my report was looked at
	NoticeApplication  = "application"   // to admins: somebody applied
	NoticeRegistration = "registration"  // to admins: how people come in was changed because nobody looked in
	NoticeHandOver     = "hand_over"     // I am asked to own a group

	// NoticeHandOverDeclined: whom I asked to own my group does not want to.
	NoticeHandOverDeclined = "hand_over_declined"

	// NoticeInvited: the invitation with which I asked to come in leads into a group.
	NoticeInvited = "invited"

	// What the moderators of a group elsewhere did with words of mine; why stays there.
	NoticeHiddenThere   = "hidden_there"
	NoticeShownThere    = "shown_there"
	NoticeLockedThere   = "locked_there"
	NoticeUnlockedThere = "unlocked_there"

	// NoticeWarnedThere: the moderators of a group elsewhere ask me to look again at
	// words of mine.
	NoticeWarnedThere = "warned_there"

	// NoticeLetGo: the server of a group elsewhere ended my being in it.
	NoticeLetGo = "let_go"

	// NoticeUnheard: my request to be in a group elsewhere did not get through, and is
	// given up.
	NoticeUnheard = "unheard"

	// NoticeSevered: this server no longer talks with the one of a group I was in.
	NoticeSevered = "severed"

	// NoticeRestored: this server talks with the one of a group I was in again, and asked
	// for me to be in it.
	NoticeRestored = "restored"

	// NoticeGroupClosed: a group that I am in was closed, or opened again.
	NoticeGroupClosed = "group_closed"

	// What became of a group elsewhere that I am in: closed by its own server, open
	// again, or taken down there.
	NoticeClosedThere = "closed_there"
	NoticeOpenedThere = "opened_there"
	NoticeGoneThere   = "gone_there"

	// The server of a group elsewhere says that I may not write there, or may again.
	NoticeBarredThere   = "barred_there"
	NoticeUnbarredThere = "unbarred_there"

	// NoticeUnsent: words of mine waited for a day, and are held back until I say.
	NoticeUnsent = "unsent"
)

// Looker is somebody who looks after a group, or else after the instance.
type Looker struct {
	UserID  string
	OfGroup bool
}

// NoticeStore keeps notices.
type NoticeStore interface {
	// InsertNotices stores those that are new; what was told already stays as it is.
	InsertNotices(ctx context.Context, notices []Notice) error
	// TurnNotices has what people were told of a thing, by one of some kinds, be what
	// they are told of it now, by the account that now concerns. It is neither new nor
	// unread by that. Who was not told of it is not.
	TurnNotices(ctx context.Context, from []string, now []Notice) error
	// RenewNotices makes what some people were told of one thing new and unread
	// again. Who was not told of it is not.
	RenewNotices(ctx context.Context, userIDs []string, kind, aboutID string, now time.Time) error
	// Hearers are those of some accounts that belong to people of here.
	Hearers(ctx context.Context, q HearerQuery) ([]Hearer, error)
	// LookersAfter are the active people who look after a group (none where it is
	// empty) and those who look after the instance, but for an account's own person.
	LookersAfter(ctx context.Context, groupID, butFor string) ([]Looker, error)
	// Notices lists a person's notices, the newest first, without those of whom
	// they blocked.
	Notices(ctx context.Context, userID string, page Paging) ([]NoticeView, error)
	MarkNoticesRead(ctx context.Context, userID string, ids []string, now time.Time) error
	// Calls says what calls for a person, who looks after groups as some accounts.
	Calls(ctx context.Context, userID string, accountIDs []string) (Calls, error)
}

// Calls is what the head of every page leads a person to.
type Calls struct {
	Unread    bool // there is an unread notice that Notices lists
	Moderates bool // they look after a group
}
