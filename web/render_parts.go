package web

import (
	"html/template"
	"time"
)

// The parts of templates/parts and what each is given. A part takes the struct
// named here, or a dict with the same names: {{template "field" (dict "Name"
// "title" "Label" (t "post.title"))}}. Texts are sentences already, in the
// reader's language; what people wrote is passed as it is and gets its own
// direction.

// Strip is the help line that stands above every page. Zero, it only says where
// the help lines are. It must be the same on every page, so that nobody has to
// look for it (WCAG 3.2.6).
type Strip struct {
	Number string // as people write it, "116 123"
	Dial   string // the tel: address
	Name   string
	Hours  string
	All    string // where all lines are; "" is /help
}

// DialURI is Dial, marked safe: it comes from the help lines, not from people.
func (s Strip) DialURI() template.URL { return template.URL(s.Dial) }

// Field is the part "field": a label with its control. With Rows it is a
// textarea, with Choices a select, else an input. Its id is "f-" and Name.
type Field struct {
	Name         string
	Label        string
	Hint         string
	Error        string
	Value        string
	Type         string // of the input; "text" if empty
	Autocomplete string // "off" if empty: devices are shared
	InputMode    string
	Pattern      string
	Placeholder  string
	MaxLength    int
	Rows         int
	Choices      []Choice
	Required     bool
	Optional     bool // says so beside the label
	Short        bool // a narrow control: a code, a number
}

// Choice is one option of Choices, or of a select.
type Choice struct {
	Value    string
	Label    string
	Hint     string // one plain sentence on what it means
	Checked  bool
	Disabled bool
}

// Choices is the part "choices": radio buttons, or checkboxes if Several.
type Choices struct {
	Name     string
	ID       string // of its controls, where another part asks under the same name; empty: Name
	Legend   string
	Hint     string
	Error    string
	Several  bool
	Required bool
	Options  []Choice
}

// Problem is one thing that a form has to have mended.
type Problem struct {
	Field  string // the control's name; "" concerns the form as a whole
	Text   string
	Advice bool // sent again unchanged, it is taken
}

// Problems is the part "errors": the summary at the top of a form, which takes
// the focus and leads to each field. Nothing is shown where there are none.
type Problems []Problem

// For is what is wrong with a field, or "".
func (p Problems) For(field string) string {
	for _, problem := range p {
		if problem.Field == field {
			return problem.Text
		}
	}
	return ""
}

// advised is what a form remembers of advice on a field: its value if advice was
// just given, else what it remembered.
func (p Problems) advised(field, value, before string) string {
	for _, problem := range p {
		if problem.Field == field && problem.Advice {
			return value
		}
	}
	return before
}

// Action is the part "action": a link, or with Post a button in a form of its
// own, which carries the token.
type Action struct {
	Text    string
	To      string // whom or what it is about, for who cannot see the place: "Mute" "Rowan"
	URL     string
	Kind    string // "" the one that stands out, "second", "quiet", "first" (quiet, but the first), "danger"
	Post    bool
	Name    string // what the button sends
	Value   string
	Pressed string // "true" or "false" for a switch
}

// Panel is the part "panel": a box for what must not be missed.
type Panel struct {
	Kind    string // "" plain, "help", "info", "warning", "danger", "decision"
	Title   string
	Text    string
	HTML    template.HTML // instead of Text
	Actions []Action
}

// Label is the part "label": a small word on a ground.
type Label struct {
	Text string
	Kind string // "" a domain, "role", "note", "ok", "danger"
}

// Note is the part "note": words behind a content note.
type Note struct {
	Text string // "dementia, grief"
	Open bool
	HTML template.HTML
	Lang string
}

// Pager is the part "pager": links along a list that has no page numbers.
type Pager struct {
	Newer     string // address, "" where the list begins
	Older     string
	NewerText string // "Newer" if empty
	OlderText string // "Earlier" if empty
}

// Door is the part "door", inside <div class="doors">: a large way in.
type Door struct {
	URL   string
	Title string
	Text  string
}

// GroupCard is the part "group-card", inside <ol class="cards">.
type GroupCard struct {
	Title   string
	URL     string
	Domain  string // where it lives, if not here
	Purpose string
	Facts   []string // "Anyone can read", "members write", "English"
	New     bool
	State   string // "Asked to join", a sentence
	Lang    string
}

// ThreadCard is the part "thread-card", inside <ol class="cards">.
type ThreadCard struct {
	Title    string
	URL      string
	Note     string // the content note's words
	Author   string
	Domain   string
	Role     string
	Group    string // where the list spans groups
	GroupURL string
	Replies  int
	Last     time.Time // the last activity
	Wish     string    // "would like ideas"
	New      bool
	Pinned   bool
	Locked   bool
	State    string
	Lang     string
}

// ArticleState is where a post stands, as its reader may know it.
type ArticleState int

// The states that a post says a line about.
const (
	Shown            ArticleState = iota // nothing to say
	Draft                                // only its author sees it
	Held                                 // waits for a moderator
	Hidden                               // by a moderator
	Frozen                               // its server, or its group's, is not talked with
	Deleted                              // by its author
	Absent                               // answered here, but not known here
	Waiting                              // not sent yet
	Sending                              // on its way to Host
	Received                             // Host has it and does not show it yet
	ReceivedClosed                       // Host has it and does not show it: the group was closed there
	Overdue                              // Host has it for long and does not show it
	ShownThere                           // Host shows it
	Refused                              // Host does not take it
	Barred                               // this server does not talk with Host
	Unreachable                          // Host has not answered since Since
	Unsent                               // too old to be sent without asking
	UnsentChange                         // the change is; Host has earlier words
	Failed                               // could not be made ready here
	FailedChange                         // the change could not; Host has earlier words
	StoppedByLeaving                     // whoever wrote it left before it went
	StoppedChange                        // before the change went; Host has earlier words
	Behind                               // waits for what it answers
	KeptHere                             // not sent, and not to be
	KeptChange                           // the change is not; Host has earlier words
	CutOff                               // Host has it, and this server does not talk with it any more
	WarnedThere                          // Host has it, and its moderators there want it looked at again
	Dropped                              // not sent: an admin here dropped it
	DroppedChange                        // the change was; Host has earlier words
	PassedOn                             // Host says that its author, of a third server, wrote it
)

// Article is the part "post": what somebody wrote, with all around it.
type Article struct {
	ID        string // the element's id is "p-" and ID
	URL       string
	Reply     bool // a smaller heading
	Author    string
	AuthorURL string
	Domain    string
	Role      string
	New       bool
	Time      time.Time
	Edited    time.Time
	Versions  string // address of the earlier versions, if Edited
	Wish      string
	ParentURL string // "in reply to ParentName", where the place does not show it
	Parent    string
	Note      string
	NoteOpen  bool
	HTML      template.HTML // sanitised
	Lang      string
	State     ArticleState
	Host      string
	Since     time.Time
	Why       string        // the reason, as given to this reader
	Asked     *Panel        // what its author is to say about it
	Folded    string        // why it is folded away; a press shows it
	Thanks    []string      // who is with its author, for its author
	Pictures  template.HTML // rendered attachments
	Actions   []Action      // the first stands out
	More      []Action
	Replies   []Article // shown one step in, once
}

// StateKey is the sentence for the state, "" where there is nothing to say.
func (a Article) StateKey() string {
	return map[ArticleState]string{
		Draft: "post.state.draft", Held: "post.state.held", Hidden: "post.state.hidden", Frozen: "post.state.frozen",
		Deleted: "post.state.deleted", Absent: "post.state.absent", Waiting: "post.state.waiting",
		Sending: "post.state.sending", Received: "post.state.received", Overdue: "post.state.overdue", ReceivedClosed: "post.state.received_closed", ShownThere: "post.state.shown",
		Refused: "post.state.refused", Barred: "post.state.barred", Unreachable: "post.state.unreachable", Unsent: "post.state.unsent",
		UnsentChange: "post.state.unsent_change", Failed: "post.state.failed", FailedChange: "post.state.failed_change", StoppedByLeaving: "post.state.stopped", StoppedChange: "post.state.stopped_change", Behind: "post.state.behind", KeptHere: "post.state.kept", KeptChange: "post.state.kept_change", CutOff: "post.state.cut",
		Dropped: "post.state.dropped", DroppedChange: "post.state.dropped_change",
		PassedOn: "post.state.passed_on", WarnedThere: "post.state.warned_there",
	}[a.State]
}

// StateKind is the ground its label stands on.
func (a Article) StateKind() string {
	switch a.State {
	case ShownThere:
		return "ok"
	case Held, Hidden, Frozen, Overdue, ReceivedClosed, Refused, Barred, Unreachable, Unsent, UnsentChange, Failed, FailedChange, StoppedByLeaving, StoppedChange, Behind, KeptHere, KeptChange, CutOff, Dropped, DroppedChange, PassedOn, WarnedThere:
		return "note"
	}
	return ""
}

// Gone reports that there are no words to show.
func (a Article) Gone() bool { return a.State == Deleted || a.State == Absent || a.HTML == "" }

// Empty is the part "empty": a list without entries says what to do next.
type Empty struct {
	Title   string
	Text    string
	Actions []Action
}

// Table is the part "table": on a phone every row becomes a short list.
type Table struct {
	Caption string
	Head    []string
	Rows    [][]Cell
}

// Numeric reports whether a column holds numbers, by its first row.
func (t Table) Numeric(column int) bool {
	return len(t.Rows) > 0 && column < len(t.Rows[0]) && t.Rows[0][column].Number
}

// Cell is one cell of a Table. The first of a row is its heading.
type Cell struct {
	Text   string
	URL    string
	Number bool // set at the end, digits under digits
	Label  string
}

// Steps is the part "steps": where one is on a way of few pages.
type Steps struct {
	Names []string
	Now   int // 1 is the first
}

// Progress is the part "progress" of long work.
type Progress struct {
	Text  string // what is done and what is left, a sentence
	Done  int
	Total int // 0 is not known yet
}

// Chart is the part "chart": a bar for each day, in up to four colours that stand
// on each other, and the same numbers as a table beneath.
type Chart struct {
	Title  string   // what is counted: "Posts from loud.example, by day"
	Series []string // what each colour counts, from the ground up; at most four
	Bars   []Bar
}

// Bar is one bar of a Chart.
type Bar struct {
	Label  string // the day
	Counts []int  // one for each of the Series
}
