package federation

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"hearth/community"
	"hearth/federation/wire"
)

// Addresses of the NodeInfo documents, by the version of their schema.
const (
	NodeInfo20Path = "/nodeinfo/2.0"
	NodeInfo21Path = "/nodeinfo/2.1"
)

// software is what this server says it runs.
const software = "hearth"

// NodeInfoLinks lists where the NodeInfo documents are, and the instance actor
// (FEP-2677).
func (f *Federation) NodeInfoLinks(ctx context.Context) (json.RawMessage, error) {
	site, err := f.service.Site(ctx)
	if err != nil {
		return nil, err
	}
	return wire.Encode(wire.NodeInfoLinks(site.Base()+NodeInfo20Path, site.Base()+NodeInfo21Path, instanceURI(site)))
}

// NodeInfo is what this server tells the public about itself, by schema "2.0" or
// "2.1". Counts are in bands and at most an hour old; nothing that stays here is
// in them (safety.md R17).
func (f *Federation) NodeInfo(ctx context.Context, schema, version string) (json.RawMessage, error) {
	site, err := f.service.Site(ctx)
	if err != nil {
		return nil, err
	}
	n, err := f.numbers.read(ctx, f.service)
	if err != nil {
		return nil, err
	}
	return wire.Encode(wire.NodeInfo{
		Version: schema, Software: wire.Software{Name: software, Version: version},
		OpenRegistrations: site.Registration == community.RegistrationOpen || site.Registration == community.RegistrationApproval,
		Users:             n.Users, ActiveMonth: n.ActiveMonth, ActiveHalf: n.ActiveHalf, Posts: n.Posts, Replies: n.Replies,
		NodeName: site.Name, NodeDescription: site.Purpose,
	})
}

// numbers remembers what is counted for NodeInfo: counting reads whole tables,
// and anybody may ask.
type numbers struct {
	mu   sync.Mutex
	last community.Numbers
	at   time.Time
}

const numbersLife = time.Hour

func (n *numbers) read(ctx context.Context, service *community.Service) (community.Numbers, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := service.Now()
	if !n.at.IsZero() && now.Sub(n.at) < numbersLife && !now.Before(n.at) {
		return n.last, nil
	}
	counted, err := service.Numbers(ctx)
	if err == nil {
		n.last, n.at = counted, now
	}
	return n.last, err
}
