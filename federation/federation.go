package federation

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/time/rate"

	"hearth/community"
)

// Config is what a Federation works with. Scheme and Host are the site's own,
// frozen at setup.
type Config struct {
	Scheme, Host string // Host has its port where it is unusual
	// Development speaks http, on any port and to loopback. It is only heeded
	// where Host is localhost or below it.
	Development bool
	// SealKey is 32 bytes from outside of the database. Private keys are sealed
	// with it: neither the database nor the file alone is enough to sign.
	SealKey []byte
	// Guard says where connections may go; its Development is set by ours.
	Guard Guard
	Log   zerolog.Logger
	Now   func() time.Time // the business clock; nil is the service's
	Meter Meter            // nil measures nothing
}

// Store is what a Federation remembers through: each noun's part stands in the
// noun's own file. One implementation serves two engines.
type Store interface {
	KeyStore
	InboxStore
	InquiryStore
	OutboxStore
	LaneStore
	BellStore
	TidyStore
	TrafficStore
	InstanceStore
	DocumentStore
	StateStore
	PeerStore
	FigureStore
	BackfillStore
	JobStore
}

// Federation is all of a hearth's talk with strangers. It is safe for
// concurrent use; a process needs one. Receiving works without Run, on another
// node or before it; nothing else does.
type Federation struct {
	store     Store
	service   *community.Service
	config    Config
	now       func() time.Time
	keys      KeySource
	proofKeys bounded[proofKey]
	fetcher   *Fetcher
	client    *http.Client
	ring      *keyring
	pool      keyPool
	wakes     wakes
	heard     heard
	intake    *intake
	readers   *crowd // of bodies, by source
	atWork    atWork
	backlog   backlog
	doubted   *doubts
	newcomers *newcomers
	inquiring chan struct{} // rung when something is to be asked for
	copies    copies
	grace     time.Duration                               // finishGrace, but in tests
	poll      time.Duration                               // pollEvery, but in tests
	breath    func(ctx context.Context, host string) bool // before each question of a backfill; tests do not wait
	facts     *rate.Limiter                               // of refusals that nobody's signature stands for
	numbers   numbers

	// What is behind the queues; tests put others in their place.
	handleActivity func(context.Context, Activity) Outcome
	gatherRun      func(ctx context.Context, left []Activity, behind map[string]bool) inboxRun
	composeEvent   func(context.Context, *composer, community.Event) (Parcel, error)
}

// New makes a Federation. From then on it is woken by every event that is
// saved through store.
func New(store Store, service *community.Service, config Config) *Federation {
	config.Development = config.Development && isLocal(hostname(config.Host))
	config.Guard.Development = config.Development
	if config.Now == nil {
		config.Now = service.Now
	}
	if config.Meter == nil {
		config.Meter = noMeter{}
	}
	f := &Federation{store: store, service: service, config: config, now: config.Now, grace: finishGrace, poll: pollEvery, doubted: newDoubts(), newcomers: newNewcomers(), inquiring: make(chan struct{}, 1)}
	f.facts = rate.NewLimiter(factsPerSecond, factsAtOnce)
	f.intake, f.readers = &intake{store: store}, newCrowd(readsOfOne)
	f.client = NewClient(config.Guard)
	f.ring = newKeyring(f)
	f.fetcher = NewFetcher(FetcherConfig{Client: f.client, Keys: f.fetchKeys, Domain: config.Host, May: f.mayAsk, Now: f.now})
	f.keys, f.proofKeys = newRemoteKeys(f), newBounded[proofKey](maxRemote)
	f.wakes = newWakes(store.Bell())
	f.pool.low, f.copies.soon = make(chan struct{}, 1), make(chan struct{}, 1)
	f.breath = func(ctx context.Context, host string) bool { return pause(ctx, backfillPause(host)) }
	f.handleActivity, f.gatherRun = f.handle, f.gather
	f.composeEvent = func(ctx context.Context, c *composer, e community.Event) (Parcel, error) { return c.compose(ctx, e) }
	store.OnEvent(f.WakePublisher)
	return f
}

func hostname(host string) string {
	name, _, _ := strings.Cut(host, ":")
	return name
}
