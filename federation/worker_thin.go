package federation

import "context"

func (f *Federation) runPublisher(ctx context.Context) {}
func (f *Federation) runDeliverer(ctx context.Context) {}
func (f *Federation) runInbox(ctx context.Context)     {}
