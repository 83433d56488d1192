package storage

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"

	"hearth/federation"
)

// bellChannel is PostgreSQL's name for what nodes wake each other by.
const bellChannel = "hearth"

// bell rings and listens by NOTIFY, each on a connection of its own.
type bell struct {
	config *pgx.ConnConfig
	node   string // so that a node does not wake itself again
	mu     sync.Mutex
	ringer *pgx.Conn
}

// Bell is nil on SQLite, which one node works on.
func (s *Store) Bell() federation.Bell {
	if s.bell == nil {
		return nil
	}
	return s.bell
}

// OnEvent has fn called after every commit of an event, in place of an earlier fn.
func (s *Store) OnEvent(fn func()) { s.onEvent.Store(&fn) }

func (s *Store) tellOfEvent() {
	if fn := s.onEvent.Load(); fn != nil {
		(*fn)()
	}
}

func newBell(config *pgx.ConnConfig) *bell {
	return &bell{config: config, node: rand.Text()}
}

// Ring is federation.Bell's.
func (b *bell) Ring(ctx context.Context, topics string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ringer == nil {
		conn, err := pgx.ConnectConfig(ctx, b.config)
		if err != nil {
			return fmt.Errorf("storage: bell: %w", err)
		}
		b.ringer = conn
	}
	if _, err := b.ringer.Exec(ctx, "SELECT pg_notify($1, $2)", bellChannel, b.node+" "+topics); err != nil {
		b.hangUp()
		return fmt.Errorf("storage: bell: %w", err)
	}
	return nil
}

func (b *bell) hangUp() {
	if b.ringer != nil {
		b.ringer.Close(context.Background())
		b.ringer = nil
	}
}

func (b *bell) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.hangUp()
}

// Listen is federation.Bell's.
func (b *bell) Listen(ctx context.Context, heard func(topics string)) error {
	conn, err := pgx.ConnectConfig(ctx, b.config)
	if err != nil {
		return fmt.Errorf("storage: bell: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "LISTEN "+bellChannel); err != nil {
		return fmt.Errorf("storage: bell: %w", err)
	}
	for {
		rung, err := conn.WaitForNotification(ctx)
		if err != nil {
			return fmt.Errorf("storage: bell: %w", err)
		}
		if node, topics, _ := strings.Cut(rung.Payload, " "); node != b.node {
			heard(topics)
		}
	}
}
