package federation

import "context"

// Dialect is how a software is spoken to.
type Dialect struct{ Activities, Addresses bool }

// DialectOf is a software's.
func DialectOf(software string) Dialect {
	d := dialectOf(software)
	return Dialect{d.activities, d.addresses}
}

// LetStraysGo lets those go who may no longer be in a group by what their server
// runs; LookAtPeers asks servers again first.
func (f *Federation) LetStraysGo(ctx context.Context) error { return f.letStraysGo(ctx) }
func (f *Federation) LookAtPeers(ctx context.Context) error {
	_, err := f.lookAtPeers(ctx, "")
	return err
}
