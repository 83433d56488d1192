package federation

import (
	"context"

	"hearth/community"
	"hearth/federation/wire"
)

// composeFarewell tells every server that may know an account that it is no more:
// a Delete of the account by itself, bare (ActivityPub 7.4), under its own key.
// Whoever takes it erases what they have of it.
func (c *composer) composeFarewell(ctx context.Context, e community.Event) (Parcel, error) {
	p, err := c.newParcel(ctx, e)
	if err != nil || e.AccountID == nil {
		return Parcel{}, err
	}
	account, err := c.accountOf(ctx, *e.AccountID)
	if err != nil || account.GoneAt == nil || account.DisclosedAt == nil {
		return Parcel{}, err
	}
	to, err := c.f.store.Acquaintances(ctx, account.ID)
	if err != nil || len(to) == 0 {
		return Parcel{}, err
	}
	if err := p.hasKey(ctx, account.Actor); err != nil {
		return Parcel{}, err
	}
	id, uri := p.id()
	raw, err := wire.Encode(wire.Delete(wire.Envelope{ID: uri, Actor: account.URI, To: []string{wire.Public}, Published: p.now}, wire.URI(account.URI)))
	if err != nil {
		return Parcel{}, err
	}
	p.add(id, uri, "Delete", account.URI, account.URI, raw)
	p.send(id, account.ID, to)
	return p.Parcel, nil
}
