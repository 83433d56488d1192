package federation

import (
	"context"
	"time"
)

// Peer is a server that we met, and what it says it runs.
type Peer struct {
	Domain     string
	Software   string     // from NodeInfo; empty while unknown
	Version    string     // as it writes it
	NodeinfoAt *time.Time // when it was last asked, whatever it said; nil: never
}

// PeerStore keeps what other servers run.
type PeerStore interface {
	// Peer is NotFound for a server that was never met.
	Peer(ctx context.Context, domain string) (Peer, error)
	// NotePeer keeps what a server said that it runs, and when it was asked. Where
	// it said nothing, what was known of it stays.
	NotePeer(ctx context.Context, p Peer) error
	// StalePeers are servers of people who are in groups here, or ask to be, that
	// were last asked before a time, or before another one where it is not known
	// what they run; by domain after one. Those that do not answer are not among them.
	StalePeers(ctx context.Context, known, unknown time.Time, after string, limit int) ([]string, error)
	// StrayFollowers are those in groups here that want none of some software, or
	// ask to be in one, whose servers run it.
	StrayFollowers(ctx context.Context, software []string, limit int) ([]Follower, error)
	// BoostOf is the id of the activity by which a post was last announced by its
	// address alone; NotFound where it never was.
	BoostOf(ctx context.Context, postID string) (uri string, err error)
}

// Follower is somebody elsewhere in a group here.
type Follower struct{ GroupID, AccountID string }

// Boost is the id of the activity that last announced a post by its address.
type Boost struct{ PostID, URI string }
