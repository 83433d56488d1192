package wire

import "encoding/json"

// Attachment is something beside the words: a link, a picture, a file, or a
// person's field of a profile.
type Attachment struct {
	Type      string // as given; empty where unsaid
	URL       string // the address meant, of url or href
	MediaType string
	Name      string // the alternative text, or a field's name
	Value     string // of a PropertyValue: HTML
	Sensitive bool
	Width     int64
	Height    int64
}

// attachments reads one or many. What has neither an address nor a value is
// left out.
func attachments(raw json.RawMessage) []Attachment {
	var all []Attachment
	for _, one := range oneOrMany(raw) {
		a := newAttachment(one)
		if a.URL != "" || a.Value != "" {
			all = append(all, a)
		}
	}
	return all
}

func newAttachment(raw json.RawMessage) Attachment {
	f := members(raw)
	if f == nil {
		return Attachment{URL: iri(raw)}
	}
	a := Attachment{
		Type:      typeOf(f),
		URL:       pageOf(links(f.get("href", "url"))),
		MediaType: mediaType(f),
		Value:     f.text("value"),
		Sensitive: f.flag("sensitive"),
	}
	if a.Name, _ = f.localized("name", ""); a.Name == "" {
		a.Name, _ = f.localized("summary", "")
	}
	a.Width, _ = f.number("width")
	a.Height, _ = f.number("height")
	return a
}
