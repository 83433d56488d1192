package community

import "encoding/json"

// ReportSnapshot is what was reported, as it stood then. Its HTML was made safe
// when it was written.
type ReportSnapshot struct {
	Title      string `json:"title,omitempty"`
	NoteTopics string `json:"note_topics,omitempty"`
	NoteText   string `json:"note_text,omitempty"`
	HTML       string `json:"html"`
	Language   string `json:"language,omitempty"`
}

// Topics are the keys of the content note's topics.
func (s ReportSnapshot) Topics() []string { return splitTopics(s.NoteTopics) }

func snapshotOfPost(p Post) ReportSnapshot {
	return ReportSnapshot{Title: p.Title, NoteTopics: p.NoteTopics, NoteText: p.NoteText, HTML: p.HTML, Language: p.Language}
}

func snapshotOfAccount(a Account) ReportSnapshot {
	return ReportSnapshot{Title: a.Title, HTML: a.AboutHTML}
}

func (s ReportSnapshot) encode() (string, error) {
	data, err := json.Marshal(s)
	return string(data), err
}

// readSnapshot reads what encode wrote; anything else is nothing to show.
func readSnapshot(text string) ReportSnapshot {
	var s ReportSnapshot
	if json.Unmarshal([]byte(text), &s) != nil {
		return ReportSnapshot{}
	}
	return s
}
