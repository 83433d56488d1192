package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"

	"hearth/community"
	"hearth/storage"
)

// house is an opened and migrated hearth.
type house struct {
	store        *storage.Store
	service      *community.Service
	secrets      secrets
	scheme, host string
}

// openHouse opens the database, refuses another domain than the data's before
// anything is written, and brings folder, secrets and schema up to date.
// fallback is the host of a hearth that was neither told nor set up with one.
func openHouse(ctx context.Context, s *Settings, fallback string) (*house, error) {
	host, err := frozenHost(ctx, s, fallback)
	if err != nil {
		return nil, err
	}
	if err := checkSecrets(ctx, s); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(s.Data, 0o700); err != nil {
		return nil, wrongf("--data %q cannot be made: %v", s.Data, rootCause(err))
	}
	h := &house{scheme: community.SchemeFor(host), host: host}
	var made bool
	if h.secrets, made, err = readSecrets(s.Data); err != nil {
		return nil, err
	}
	if h.store, err = openStore(ctx, s); err != nil {
		return nil, err
	}
	if err := h.store.Migrate(ctx); err != nil {
		return nil, errors.Join(err, h.store.Close())
	}
	if err := h.noteSecrets(ctx, s, made); err != nil {
		return nil, errors.Join(err, h.store.Close())
	}
	h.service = community.NewService(h.store, s.clock()...)
	return h, nil
}

// openSetUpHouse is openHouse for commands that work on what is there: a hearth
// that was never set up is wrong input, and nothing is made.
func openSetUpHouse(ctx context.Context, s *Settings) (*house, error) {
	if _, err := siteOfData(ctx, s); errors.Is(err, community.NotFound) {
		return nil, noHearthIn(s)
	} else if err != nil {
		return nil, err
	}
	return openHouse(ctx, s, "")
}

func noHearthIn(s *Settings) error {
	return wrongf("there is no hearth in %s yet: run hearth serve or hearth setup first", s.place())
}

// frozenHost is the host of the data, or of the settings where there is none yet.
func frozenHost(ctx context.Context, s *Settings, fallback string) (string, error) {
	site, err := siteOfData(ctx, s)
	switch {
	case errors.Is(err, community.NotFound):
		if s.Domain != "" {
			return s.Domain, nil
		}
		return fallback, nil
	case err != nil:
		return "", err
	}
	return site.Host, checkDomain(s, site.Host)
}

// checkDomain refuses another domain than the data's.
func checkDomain(s *Settings, host string) error {
	if s.Domain != "" && s.Domain != host {
		return wrongf("--domain is %s, but this data belongs to %s, for ever: every address in it says so", s.Domain, host)
	}
	return nil
}

// siteOfData reads the site, without writing or migrating; NotFound where there
// is none.
func siteOfData(ctx context.Context, s *Settings) (community.Site, error) {
	store, err := openData(ctx, s)
	if err != nil {
		return community.Site{}, err
	}
	defer store.Close()
	return store.SiteOfAnySchema(ctx)
}

// openData opens a database that is there, as it is; NotFound where there is
// none.
func openData(ctx context.Context, s *Settings) (*storage.Store, error) {
	if s.Database == "" {
		if _, err := os.Stat(s.database()); errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
			return nil, community.NotFound
		}
	}
	return openStore(ctx, s)
}

func openStore(ctx context.Context, s *Settings) (*storage.Store, error) {
	store, err := storage.Open(ctx, s.database())
	if err != nil {
		return nil, s.whyNoDatabase(err)
	}
	return store, nil
}

// whyNoDatabase is one sentence on a database that could not be opened. A name
// or password that PostgreSQL refuses is a wrong setting; anything else may pass.
func (s *Settings) whyNoDatabase(err error) error {
	var objects *pgconn.PgError
	var unreachable net.Error
	switch {
	case s.Database == "":
		return err
	case errors.As(err, &objects) && (strings.HasPrefix(objects.Code, "28") || strings.HasPrefix(objects.Code, "3D")):
		return wrongf("--database: PostgreSQL at %s says: %s", s.place(), objects.Message)
	case errors.As(err, &objects):
		return fmt.Errorf("the database at %s cannot be used: %w", s.place(), objects)
	case errors.As(err, &unreachable):
		return fmt.Errorf("the database at %s does not answer: %w", s.place(), unreachable)
	}
	return err
}

// localhost is the host of a hearth on this machine that was told no domain.
func localhost(addr net.Addr) string {
	_, port, _ := net.SplitHostPort(addr.String())
	if port == "80" {
		return "localhost"
	}
	return "localhost:" + port
}
