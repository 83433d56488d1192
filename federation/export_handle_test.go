package federation

import (
	"context"

	"hearth/federation/wire"
)

// Handled does what an activity asks for, as the inbox's worker has it done.
func (f *Federation) Handled(ctx context.Context, a Activity) Outcome { return f.handle(ctx, a) }

// KeepCopiesOnce writes down what was taken and meets who took it.
func (f *Federation) KeepCopiesOnce(ctx context.Context) error {
	signers, err := f.writeCopies(ctx)
	if err != nil {
		return err
	}
	return f.meet(ctx, signers)
}

// FetchPost is a post as its own server gives it.
func (f *Federation) FetchPost(ctx context.Context, id string) (*wire.Post, error) {
	return f.fetchPost(ctx, id)
}

// InquireNext asks for what is due longest, and says whether anything was.
func (f *Federation) InquireNext(ctx context.Context) (bool, error) { return f.inquireNext(ctx) }

// InquireDue asks for all that is due to be asked for.
func (f *Federation) InquireDue(ctx context.Context) error {
	for {
		asked, err := f.inquireNext(ctx)
		if err != nil || !asked {
			return err
		}
	}
}
