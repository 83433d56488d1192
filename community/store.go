package community

import "context"

// Store is what a Service remembers through: each noun's part stands in the
// noun's own file. One implementation serves two engines.
//
// Reads return NotFound for what is absent; writes return Conflict where a
// unique row was there first. Lists are bounded.
type Store interface {
	// InTx runs fn in one transaction over the same Store type: all of it or
	// nothing. It must not be nested, and fn must not touch the network.
	InTx(ctx context.Context, fn func(tx Store) error) error

	SiteStore
	ActorStore
	AccountStore
	UserStore
	SignInStore
	GroupStore
	MembershipStore
	ConsentStore
	PostStore
	DraftStore
	ThreadStore
	SupportStore
	ReadMarkStore
	NoticeStore
	ReportStore
	DecisionStore
	PolicyStore
	RehearsalStore
	SettleStore
	LaneStore
	BlockStore
	EventStore
	UnsentStore
	PeopleStore
	HelpLineStore
	ReceiveStore
	AuthorityStore
	BelowStore
	OrphanStore
	HeldStore
	SharedStore
	DepartureStore
	JobStore
	ExportStore
}
