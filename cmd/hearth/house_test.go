package main

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

func TestADatabaseThatCannotBeOpenedIsOneSentence(t *testing.T) {
	s := &Settings{Database: "postgres://u:secret@db.example/x"}
	for _, tt := range []struct {
		name  string
		err   error
		wrong bool
		says  string
	}{
		{"the password", &pgconn.PgError{Code: "28P01", Message: "password authentication failed"}, true, "says: password authentication failed"},
		{"its name", &pgconn.PgError{Code: "3D000", Message: `database "x" does not exist`}, true, `says: database "x" does not exist`},
		{"it is starting", &pgconn.PgError{Code: "57P03", Message: "the database system is starting up"}, false, "cannot be used: "},
		{"nobody listens", errors.Join(&net.OpError{Op: "dial", Err: errors.New("refused")}, errors.New("and again")), false, "does not answer: dial: refused"},
		{"no such host", &net.DNSError{Err: "no such host", Name: "db.example"}, false, "does not answer: lookup db.example"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := s.whyNoDatabase(fmt.Errorf("storage: %w", tt.err))
			if errors.As(got, &wrongInput{}) != tt.wrong {
				t.Errorf("got %T, want a wrong setting: %v", got, tt.wrong)
			}
			if sentence := got.Error(); !strings.Contains(sentence, tt.says) || strings.Contains(sentence, "secret") || strings.Contains(sentence, "\n") {
				t.Errorf("got %q, want one line with %q", sentence, tt.says)
			}
		})
	}
}
