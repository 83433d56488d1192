package federation

import "context"

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
