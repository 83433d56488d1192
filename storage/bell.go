package storage

import (
	"context"
	"crypto/rand"
	"fmt"
	"math"
	mathrand "math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"

	"hearth/federation"
)

// bellChannel is PostgreSQL's name for what nodes wake each other by.
const bellChannel = "hearth"

// bell rings and listens by NOTIFY, each on a connection of its own.
type bell struct {
	config  *pgx.ConnConfig
	node    string      // so that a node does not wake itself again
	number  int32       // what its leases begin with
	attends atomic.Bool // others see that this node lives
	mu      sync.Mutex
	ringer  *pgx.Conn
	line    *pgx.Conn       // attended on, until Listen takes it over
	absent  map[string]bool // nodes that were not there when it was last looked
}

// attendance is the class of the advisory locks by which nodes show that they
// live: each holds its number's on the connection that it listens on, and
// PostgreSQL lets go of it at once when a process is killed.
const attendance = 0x68656173

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
	return &bell{config: config, node: rand.Text(), number: 1 + mathrand.Int32N(math.MaxInt32)}
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
	if b.line != nil {
		b.line.Close(context.Background())
		b.line = nil
	}
}

// absentAgain are those of some nodes that were absent last time too: a
// connection that is cut is made anew within a moment, and its node goes on.
func (b *bell) absentAgain(nodes []string) (again []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := make(map[string]bool, len(nodes))
	for _, node := range nodes {
		now[node] = true
		if b.absent[node] {
			again = append(again, node)
		}
	}
	b.absent = now
	return again
}

// Attend is federation.Bell's.
func (b *bell) Attend(ctx context.Context) error {
	conn, err := b.attend(ctx)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.line = conn
	return nil
}

// attend makes a connection on which others see that this node lives. The lock
// is shared, because the connection before this one may not have ended yet.
func (b *bell) attend(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, b.config)
	if err != nil {
		return nil, fmt.Errorf("storage: bell: %w", err)
	}
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock_shared($1::int, $2::int)", attendance, b.number); err != nil {
		conn.Close(context.WithoutCancel(ctx))
		return nil, fmt.Errorf("storage: bell: %w", err)
	}
	b.attends.Store(true)
	return conn, nil
}

func (b *bell) takeLine() *pgx.Conn {
	b.mu.Lock()
	defer b.mu.Unlock()
	line := b.line
	b.line = nil
	return line
}

// Listen is federation.Bell's.
func (b *bell) Listen(ctx context.Context, heard func(topics string)) (err error) {
	conn := b.takeLine()
	if conn == nil {
		if conn, err = b.attend(ctx); err != nil {
			return err
		}
	}
	defer conn.Close(context.WithoutCancel(ctx))
	defer b.attends.Store(false)
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
