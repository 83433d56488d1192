package wire

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// JRDMediaType is what JRD is served as (RFC 7033 10.2).
const JRDMediaType = "application/jrd+json"

// Link relations that servers find each other by.
const (
	RelSelf        = "self"
	RelProfile     = "http://webfinger.net/rel/profile-page"
	RelSubscribe   = "http://ostatus.org/schema/1.0/subscribe"
	RelNodeInfo20  = "http://nodeinfo.diaspora.software/ns/schema/2.0"
	RelNodeInfo21  = "http://nodeinfo.diaspora.software/ns/schema/2.1"
	RelApplication = ActivityStreams + "#Application" // the instance actor (FEP-2677)
)

// typeProperty tells which actor a self link leads to, where people and groups
// may share a name (Lemmy).
const typeProperty = ActivityStreams + "#type"

// JRD is a JSON Resource Descriptor (RFC 7033 4.4): the answer of WebFinger,
// and the list of a server's NodeInfo documents.
type JRD struct {
	Subject string    `json:"subject,omitempty"`
	Aliases []string  `json:"aliases,omitempty"`
	Links   []JRDLink `json:"links"`
}

// JRDLink is one link of a JRD. Href is an IRI; Template has {uri} in it.
type JRDLink struct {
	Rel        string            `json:"rel"`
	Type       string            `json:"type,omitempty"`
	Href       string            `json:"href,omitempty"`
	Template   string            `json:"template,omitempty"`
	Properties map[string]string `json:"properties,omitempty"`
}

// DecodeJRD reads a JRD. Its subject is a claim: the actor's document must lead
// back to it.
func DecodeJRD(body []byte) (*JRD, error) {
	_, root, err := document(body, false)
	if err != nil {
		return nil, err
	}
	j := &JRD{Subject: root.text("subject")}
	for _, alias := range oneOrMany(root.get("aliases")) {
		j.Aliases = append(j.Aliases, text(alias))
	}
	for _, raw := range oneOrMany(root.get("links")) {
		f := members(raw)
		link := JRDLink{Rel: f.text("rel"), Type: f.text("type"), Href: iri(f.get("href")), Template: f.text("template")}
		if t := members(f.get("properties")).text(typeProperty); t != "" {
			link.Properties = map[string]string{typeProperty: t}
		}
		j.Links = append(j.Links, link)
	}
	return j, nil
}

// ActorID is the actor a WebFinger answer leads to, or empty: where a name is
// shared, the one of the type preferred, or else the last, as Mastodon and
// Lemmy take it.
func (j *JRD) ActorID(preferred string) string {
	id := ""
	for _, link := range j.Links {
		if link.Rel != RelSelf || !isActivityMedia(link.Type) || link.Href == "" {
			continue
		}
		if id = link.Href; preferred != "" && link.Properties[typeProperty] == preferred {
			return id
		}
	}
	return id
}

// SubscribeTemplate is where somebody's server takes the address of a thing
// they want to follow, with {uri} for the address; empty where it has no such
// page. It is at an origin that the caller has yet to judge.
func (j *JRD) SubscribeTemplate() string {
	for _, link := range j.Links {
		if link.Rel == RelSubscribe && strings.Contains(link.Template, "{uri}") && isIRI(strings.ReplaceAll(link.Template, "{uri}", "")) {
			return link.Template
		}
	}
	return ""
}

// NodeInfoURL is the newest NodeInfo document that is listed, or empty. It may
// name any host: fetch it only from the one that listed it (CVE-2026-62857).
func (j *JRD) NodeInfoURL() string {
	for _, rel := range []string{RelNodeInfo21, RelNodeInfo20} {
		if i := slices.IndexFunc(j.Links, func(l JRDLink) bool { return l.Rel == rel && l.Href != "" }); i >= 0 {
			return j.Links[i].Href
		}
	}
	return ""
}

func isActivityMedia(mediaType string) bool {
	bare, parameters, _ := strings.Cut(strings.ToLower(mediaType), ";")
	switch strings.TrimSpace(bare) {
	case MediaType:
		return true
	case "application/ld+json":
		return strings.Contains(parameters, ActivityStreams)
	}
	return false
}

// WebFinger answers for an actor of ours. page is for people; subscribe is the
// template of the page that receives visitors' addresses, and may be empty.
func WebFinger(handle Handle, actorType, id, page, subscribe string) JRD {
	links := []JRDLink{{Rel: RelSelf, Type: MediaType, Href: id, Properties: map[string]string{typeProperty: actorType}}}
	if page != "" {
		links = append(links, JRDLink{Rel: RelProfile, Type: "text/html", Href: page})
	}
	if subscribe != "" {
		links = append(links, JRDLink{Rel: RelSubscribe, Template: subscribe})
	}
	return JRD{Subject: handle.Acct(), Aliases: aliases(page, id), Links: links}
}

func aliases(ids ...string) []string {
	return slices.DeleteFunc(ids, func(id string) bool { return id == "" })
}

// NodeInfoLinks lists the two NodeInfo documents of a server and its instance
// actor.
func NodeInfoLinks(v20, v21, instanceActor string) JRD {
	return JRD{Links: []JRDLink{
		{Rel: RelNodeInfo20, Href: v20},
		{Rel: RelNodeInfo21, Href: v21},
		{Rel: RelApplication, Type: MediaType, Href: instanceActor},
	}}
}

func (j JRD) encode(bool) (json.RawMessage, error) {
	for _, link := range j.Links {
		if link.Href == "" && link.Template == "" {
			return nil, fmt.Errorf("link %q leads nowhere", link.Rel)
		}
	}
	return marshal(j)
}
