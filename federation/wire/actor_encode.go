package wire

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// GroupActor is the document of a group here: the superset of what Lemmy,
// PieFed, Mbin, NodeBB and Mastodon write and need (FEP-1b12). The zero flags
// are the shy ones.
type GroupActor struct {
	ID, URL     string
	Username    string // preferredUsername; WebFinger of it must lead back to ID
	Name        string
	Description string // one line
	Summary     string // HTML
	Source      string // the Markdown of Summary

	Inbox, Outbox, SharedInbox string
	Followers, Featured        string
	Moderators                 string // the collection's address
	Key                        PublicKey
	Icon, Image                *Image

	Sensitive               bool
	PostingRestrictedToMods bool
	ApprovesFollowers       bool // Lemmy then takes the group for private
	Discoverable, Indexable bool
	Languages               []Language

	Closed             time.Time // since when nobody writes in it; zero while they do
	Published, Updated time.Time
}

// PersonActor is the document of an account here. It has no room for what could
// tie one person's accounts together, or tell strangers more than whom they
// hear: no other names, fields, pins, followers, nor the day of joining.
type PersonActor struct {
	ID, URL        string
	Username, Name string
	Summary        string // HTML
	Inbox, Outbox  string
	SharedInbox    string
	Key            PublicKey
	Icon           *Image    // a file of this account's own
	Published      time.Time // written as the first of its month
}

// InstanceActor is the document of the server itself, which signs what no
// person does. It must be served to unsigned requests: who verifies its
// signature fetches it first.
type InstanceActor struct {
	ID, URL     string
	Username    string // the server's host
	Name        string
	Inbox       string
	Outbox      string
	SharedInbox string
	Key         PublicKey
}

// actorJSON is the members of an actor in the order they are written.
type actorJSON struct {
	Context           json.RawMessage `json:"@context,omitempty"`
	ID                string          `json:"id"`
	Type              string          `json:"type"`
	PreferredUsername string          `json:"preferredUsername"`
	Name              string          `json:"name,omitempty"`
	Description       string          `json:"description,omitempty"`
	Summary           string          `json:"summary,omitempty"`
	Source            *sourceJSON     `json:"source,omitempty"`
	URL               string          `json:"url,omitempty"`
	Icon              *imageJSON      `json:"icon,omitempty"`
	Image             *imageJSON      `json:"image,omitempty"`

	Inbox        string `json:"inbox"`
	Outbox       string `json:"outbox"`
	Followers    string `json:"followers,omitempty"`
	Featured     string `json:"featured,omitempty"`
	AttributedTo string `json:"attributedTo,omitempty"`
	Moderators   string `json:"moderators,omitempty"`

	Endpoints struct {
		SharedInbox string `json:"sharedInbox"`
	} `json:"endpoints"`
	PublicKey PublicKey `json:"publicKey"`

	PostingRestrictedToMods   *bool      `json:"postingRestrictedToMods,omitempty"`
	Sensitive                 *bool      `json:"sensitive,omitempty"`
	ManuallyApprovesFollowers bool       `json:"manuallyApprovesFollowers"`
	Discoverable              bool       `json:"discoverable"`
	Indexable                 bool       `json:"indexable"`
	Language                  []Language `json:"language,omitempty"`
	Closed                    string     `json:"closed,omitempty"`
	Published                 string     `json:"published,omitempty"`
	Updated                   string     `json:"updated,omitempty"`
}

type sourceJSON struct {
	Content   string `json:"content"`
	MediaType string `json:"mediaType"`
}

type imageJSON struct {
	Type      string `json:"type"`
	MediaType string `json:"mediaType,omitempty"`
	URL       string `json:"url"`
	Name      string `json:"name,omitempty"`
}

func (g GroupActor) encode(nested bool) (json.RawMessage, error) {
	if err := missing("group", "followers", g.Followers, "featured", g.Featured, "moderators", g.Moderators); err != nil {
		return nil, err
	}
	return actorJSON{
		ID: g.ID, Type: "Group", PreferredUsername: g.Username,
		Name: g.Name, Description: g.Description, Summary: g.Summary, Source: markdown(g.Source),
		URL: g.URL, Icon: picture(g.Icon), Image: picture(g.Image),
		Inbox: g.Inbox, Outbox: g.Outbox, Followers: g.Followers, Featured: g.Featured,
		AttributedTo: g.Moderators, Moderators: g.Moderators, PublicKey: g.Key,
		PostingRestrictedToMods: &g.PostingRestrictedToMods, Sensitive: &g.Sensitive,
		ManuallyApprovesFollowers: g.ApprovesFollowers,
		Discoverable:              g.Discoverable, Indexable: g.Indexable, Language: g.Languages,
		Closed: timestamp(g.Closed), Published: timestamp(g.Published), Updated: timestamp(g.Updated),
	}.write(nested, g.SharedInbox)
}

func (p PersonActor) encode(nested bool) (json.RawMessage, error) {
	return actorJSON{
		ID: p.ID, Type: "Person", PreferredUsername: p.Username,
		Name: p.Name, Summary: p.Summary, URL: p.URL, Icon: picture(p.Icon),
		Inbox: p.Inbox, Outbox: p.Outbox, PublicKey: p.Key,
		ManuallyApprovesFollowers: true,
		Published:                 timestamp(month(p.Published)),
	}.write(nested, p.SharedInbox)
}

func (i InstanceActor) encode(nested bool) (json.RawMessage, error) {
	return actorJSON{
		ID: i.ID, Type: "Application", PreferredUsername: i.Username, Name: i.Name, URL: i.URL,
		Inbox: i.Inbox, Outbox: i.Outbox, PublicKey: i.Key,
		ManuallyApprovesFollowers: true,
	}.write(nested, i.SharedInbox)
}

// write finishes what is the same in all actors. The key's id is the actor's
// with a fragment: Lemmy looks for the #.
func (a actorJSON) write(nested bool, sharedInbox string) (json.RawMessage, error) {
	a.Context = contextOf(nested)
	a.Endpoints.SharedInbox = sharedInbox
	a.PublicKey.Owner = a.ID
	err := missing(a.Type, "id", a.ID, "preferredUsername", a.PreferredUsername, "inbox", a.Inbox,
		"outbox", a.Outbox, "sharedInbox", sharedInbox, "publicKeyPem", a.PublicKey.PEM)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(a.PublicKey.ID, a.ID+"#") {
		return nil, fmt.Errorf("%s with key id %q, which is not its own", a.Type, a.PublicKey.ID)
	}
	return marshal(a)
}

func month(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	t = t.UTC()
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}

func markdown(source string) *sourceJSON {
	if source == "" {
		return nil
	}
	return &sourceJSON{source, "text/markdown"}
}

func picture(i *Image) *imageJSON {
	if i == nil || i.URL == "" {
		return nil
	}
	return &imageJSON{"Image", i.MediaType, i.URL, i.Name}
}
