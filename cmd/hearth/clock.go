package main

import (
	"context"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

// job is work that the clock begins again and again.
type job struct {
	name  string
	every time.Duration
	run   func(ctx context.Context) error
}

// jobs are what a hearth does without being asked.
func jobs(h *house) []job {
	return []job{
		{"tidy", 10 * time.Minute, func(ctx context.Context) error { _, err := h.service.Tidy(ctx); return err }},
		{"memory", restEvery, new(memory).rest},
	}
}

// jobClock runs jobs until its context ends.
type jobClock struct{ running sync.WaitGroup }

// startClock runs every job at once, and again each time its pause is over. A
// job that fails is logged and tried again at its next turn.
func startClock(ctx context.Context, log zerolog.Logger, jobs []job) *jobClock {
	c := &jobClock{}
	for _, j := range jobs {
		c.running.Go(func() { j.repeat(ctx, log) })
	}
	return c
}

func (j job) repeat(ctx context.Context, log zerolog.Logger) {
	ticker := time.NewTicker(j.every)
	defer ticker.Stop()
	for {
		if err := j.run(ctx); err != nil && ctx.Err() == nil {
			log.Error().Err(err).Str("job", j.name).Msg("job")
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// wait returns when no job runs any more.
func (c *jobClock) wait() { c.running.Wait() }
