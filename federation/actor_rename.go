package federation

import (
	"context"
	"errors"

	"hearth/community"
	"hearth/federation/wire"
)

// confirmName takes an actor elsewhere by another name than it had, where WebFinger
// for that leads back to it. Without that, and where the name is another's, it goes
// on under the name that is known; an error is one that may be better later.
func (f *Federation) confirmName(ctx context.Context, known community.Actor, doc *wire.Actor) error {
	name := community.Fold(doc.PreferredUsername)
	if name == known.Name {
		return nil
	}
	_, err := f.fetcher.ConfirmHandle(ctx, doc.ID, doc.PreferredUsername)
	if errors.Is(err, FetchUnreachable) {
		return err
	}
	if err != nil {
		return nil // it says so, and its own server does not
	}
	err = f.service.RenameRemote(ctx, known.ID, name)
	if errors.Is(err, community.Conflict) {
		return nil
	}
	return err
}
