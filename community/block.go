package community

import (
	"context"
	"time"
)

// Block is a person's own: of an account or of a whole server. Nobody is told.
type Block struct {
	UserID string
	Kind   string // BlockAccount or BlockServer
	What   string // the account's id, or the folded domain
	Since  time.Time
}

// Avoids says whether the person of an account here blocked another account, or its
// server: nothing of theirs is brought before it.
func (s *Service) Avoids(ctx context.Context, accountID, otherID string) (bool, error) {
	person, err := s.store.Hearers(ctx, HearerQuery{AccountIDs: []string{accountID}, AuthorID: otherID})
	return len(person) > 0 && person[0].Blocks, err
}

// Kinds of Block.
const (
	BlockAccount = "account"
	BlockServer  = "server"
)

// MaxBlocks bounds the blocks of one person.
const MaxBlocks = 1000

// BlockView is a block with the name of whom it is about.
type BlockView struct {
	Block
	Title  string // of the account
	Name   string
	Domain string // of the account; the server itself stands in What
}

// BlockStore keeps people's blocks.
type BlockStore interface {
	// InsertBlock stores one; one that is there already stays as it is.
	InsertBlock(ctx context.Context, b Block) error
	// DeleteBlock is no error where there is none.
	DeleteBlock(ctx context.Context, userID, kind, what string) error
	// Blocks lists a person's, the newest first.
	Blocks(ctx context.Context, userID string) ([]BlockView, error)
}
