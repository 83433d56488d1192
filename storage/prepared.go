package storage

import (
	"context"
	"database/sql"
	"sync"
)

// maxPrepared bounds the statements that are kept. There are a few dozen, and
// one for each length of a short list: more than this is a text that varies.
const maxPrepared = 200

// prepared are statements of SQLite that were parsed once, for each connection
// of its pool: parsing what every page asks takes longer than finding it.
type prepared struct {
	db     *sql.DB
	mu     sync.Mutex
	byText map[string]*sql.Stmt
}

func newPrepared(db *sql.DB) *prepared {
	return &prepared{db: db, byText: map[string]*sql.Stmt{}}
}

// query runs a statement, and keeps it for the next time.
func (p *prepared) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	statement, err := p.statement(ctx, text)
	if err != nil {
		return nil, err
	}
	if statement == nil {
		return p.db.QueryContext(ctx, text, args...)
	}
	return statement.QueryContext(ctx, args...)
}

// statement is nil where there are too many to keep another.
func (p *prepared) statement(ctx context.Context, text string) (*sql.Stmt, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.byText[text]; s != nil || len(p.byText) >= maxPrepared {
		return s, nil
	}
	s, err := p.db.PrepareContext(ctx, text)
	if err == nil {
		p.byText[text] = s
	}
	return s, err
}
