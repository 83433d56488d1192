package wire

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// Software is what a server says it runs. It chooses a dialect and nothing
// more: anybody may say anything.
type Software struct {
	Name    string // lower case letters, digits and hyphens
	Version string
}

// DecodeNodeInfo reads the software from a NodeInfo document of any version.
func DecodeNodeInfo(body []byte) (Software, error) {
	_, root, err := document(body, false)
	if err != nil {
		return Software{}, err
	}
	f := members(root.get("software"))
	said := Software{strings.ToLower(f.text("name")), f.text("version")}
	if said.Name == "" || len(said.Name) > 64 || strings.Trim(said.Name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return Software{}, Error{BadSoftware}
	}
	if len(said.Version) > 128 {
		said.Version = strings.ToValidUTF8(said.Version[:128], "")
	}
	return said, nil
}

// NodeInfo is what this server tells the public about itself (NodeInfo 2.0 and
// 2.1). Counts are written in bands.
type NodeInfo struct {
	Version                 string // of the schema: 2.0 or 2.1
	Software                Software
	Repository, Homepage    string // written in 2.1 only; its schema knows them
	OpenRegistrations       bool
	Users                   int64
	ActiveMonth, ActiveHalf int64
	Posts, Replies          int64
	NodeName                string
	NodeDescription         string
}

// NodeInfoMediaType is what a NodeInfo document of a version is served as.
func NodeInfoMediaType(version string) string {
	return fmt.Sprintf("application/json; profile=%q", "http://nodeinfo.diaspora.software/ns/schema/"+version+"#")
}

type nodeInfoJSON struct {
	Version  string `json:"version"`
	Software struct {
		Name       string `json:"name"`
		Version    string `json:"version"`
		Repository string `json:"repository,omitempty"`
		Homepage   string `json:"homepage,omitempty"`
	} `json:"software"`
	Protocols []string `json:"protocols"`
	Services  struct {
		Inbound  []string `json:"inbound"`
		Outbound []string `json:"outbound"`
	} `json:"services"`
	OpenRegistrations bool `json:"openRegistrations"`
	Usage             struct {
		Users struct {
			Total          int64 `json:"total"`
			ActiveHalfyear int64 `json:"activeHalfyear"`
			ActiveMonth    int64 `json:"activeMonth"`
		} `json:"users"`
		LocalPosts    int64 `json:"localPosts"`
		LocalComments int64 `json:"localComments"`
	} `json:"usage"`
	Metadata struct {
		NodeName        string `json:"nodeName,omitempty"`
		NodeDescription string `json:"nodeDescription,omitempty"`
	} `json:"metadata"`
}

func (n NodeInfo) encode(bool) (json.RawMessage, error) {
	if n.Version != "2.0" && n.Version != "2.1" {
		return nil, fmt.Errorf("NodeInfo of version %q", n.Version)
	}
	if err := missing("NodeInfo", "software name", n.Software.Name, "software version", n.Software.Version); err != nil {
		return nil, err
	}
	j := nodeInfoJSON{Version: n.Version, Protocols: []string{"activitypub"}, OpenRegistrations: n.OpenRegistrations}
	j.Software.Name, j.Software.Version = n.Software.Name, semanticVersion(n.Software.Version)
	if n.Version == "2.1" {
		j.Software.Repository, j.Software.Homepage = n.Repository, n.Homepage
	}
	j.Services.Inbound, j.Services.Outbound = []string{}, []string{}
	j.Usage.Users.Total = Band(n.Users)
	j.Usage.Users.ActiveHalfyear, j.Usage.Users.ActiveMonth = Band(n.ActiveHalf), Band(n.ActiveMonth)
	j.Usage.LocalPosts, j.Usage.LocalComments = Band(n.Posts), Band(n.Replies)
	j.Metadata.NodeName, j.Metadata.NodeDescription = n.NodeName, n.NodeDescription
	return marshal(j)
}

// semantic is a version as Semantic Versioning 2.0.0 writes it, and notOfBuild
// what its build metadata has no room for.
var (
	semantic   = regexp.MustCompile(`^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}(-(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(\.(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$`)
	notOfBuild = regexp.MustCompile(`[^0-9A-Za-z-]+`)
)

// semanticVersion is a build's name as readers that hold NodeInfo to Semantic
// Versioning take it: what is none of its own, such as a commit, becomes the
// build metadata of 0.0.0. They refuse the whole document otherwise.
func semanticVersion(name string) string {
	plain := strings.TrimPrefix(name, "v")
	if semantic.MatchString(plain) {
		return plain
	}
	return "0.0.0+" + notOfBuild.ReplaceAllString(name, "-")
}
