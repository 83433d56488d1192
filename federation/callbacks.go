package federation

import (
	"context"

	"hearth/community"
)

// handle says what becomes of an incoming activity.
func (f *Federation) handle(context.Context, Activity) Outcome {
	return Outcome{Outcome: Ignored, Reason: "unsupported"}
}

// compose says what an event becomes for the world.
func (f *Federation) compose(context.Context, community.Event) (Parcel, error) {
	return Parcel{}, nil
}
