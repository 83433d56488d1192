package community

import (
	"context"
	"errors"
	"strings"
	"time"

	"hearth/community/secret"
)

// Setup is what the first page asks: the instance and its first admin.
type Setup struct {
	Newcomer
	Name, Purpose, Contact  string
	Rules                   string // one a line; may be empty
	MinimumAge              int
	Registration, FrontDoor string
	Country, Language, Zone string
}

// NewSetupToken makes the one-time setup address good and ends any before it.
// It returns Conflict once the instance is set up.
func (s *Service) NewSetupToken(ctx context.Context) (string, error) {
	token := secret.NewToken()
	err := s.store.InTx(ctx, func(tx Store) error {
		if err := notSetUp(ctx, tx); err != nil {
			return err
		}
		if err := tx.DeleteSetupTokens(ctx); err != nil {
			return err
		}
		return tx.InsertSetupToken(ctx, secret.HashToken(token), s.now())
	})
	return token, err
}

// CheckSetupToken is NotFound for a token that is not, or no longer, good.
func (s *Service) CheckSetupToken(ctx context.Context, token string) error {
	if err := notSetUp(ctx, s.store); err != nil {
		return fail(NotFound, "setup.done")
	}
	ok, err := s.store.SetupTokenExists(ctx, secret.HashToken(token))
	if err == nil && !ok {
		return fail(NotFound, "setup.used")
	}
	return err
}

// Check is the error that SetUp would return for the answers alone, for whoever
// wants to know before there is anything to set up: Invalid with each field to mend.
func (in Setup) Check() error { return in.tidy().check(secret.NewPasswords()) }

// SetUp makes the instance and its first admin, in one transaction, under a
// scheme and host that can never change. It returns Invalid with each field to
// mend, Conflict when somebody was first, and the admin's id otherwise.
func (s *Service) SetUp(ctx context.Context, scheme, host string, in Setup) (userID string, err error) {
	in = in.tidy()
	if err := in.check(s.passwords); err != nil {
		return "", err
	}
	hash, err := s.passwords.Hash(in.Password)
	if err != nil {
		return "", err
	}
	now := s.now()
	site := in.site(scheme, host, now)
	err = s.store.InTx(ctx, func(tx Store) error {
		if err := notSetUp(ctx, tx); err != nil {
			return err
		}
		if err := tx.InsertActor(ctx, instanceActor(site, now)); err != nil {
			return err
		}
		if err := tx.InsertSite(ctx, site); err != nil {
			return err
		}
		user := newUser(in.Login, hash, RoleAdmin, UserActive, now)
		userID = user.ID
		if err := insertPerson(ctx, tx, site, user, in.PublicName); err != nil {
			return err
		}
		return tx.DeleteSetupTokens(ctx)
	})
	if errors.Is(err, Conflict) {
		return "", fail(Conflict, "setup.done")
	}
	return userID, err
}

func notSetUp(ctx context.Context, store Store) error {
	_, err := store.Site(ctx)
	switch {
	case err == nil:
		return fail(Conflict, "setup.done")
	case isNotFound(err):
		return nil
	}
	return err
}

// instanceActor speaks for the server itself: it signs fetches and reports.
func instanceActor(site Site, now time.Time) Actor {
	uri := site.Base() + "/actor"
	return Actor{
		ID: site.ActorID, URI: uri, Type: ActorApplication, Name: Fold(site.Host), Title: site.Name, URL: site.Base() + "/about",
		Inbox: site.Base() + "/inbox", SharedInbox: site.Base() + "/inbox", CreatedAt: now, DisclosedAt: &now,
	}
}

func (in Setup) site(scheme, host string, now time.Time) Site {
	return Site{
		Scheme: scheme, Host: host, Name: in.Name, Purpose: in.Purpose, Rules: strings.TrimSpace(in.Rules), Contact: in.Contact, MinimumAge: in.MinimumAge,
		Registration: in.Registration, FrontDoor: in.FrontDoor, GroupCreation: GroupCreationAsked,
		Country: in.Country, Language: in.Language, Zone: in.Zone, ActorID: secret.NewActorID(), SetUpAt: now,
		NewcomersPerDay: DefaultNewcomersPerDay, ApplicationsWaiting: DefaultApplicationsWaiting,
	}
}

func (in Setup) tidy() Setup {
	in.Newcomer = in.Newcomer.tidy()
	in.Name, in.Purpose, in.Contact = strings.TrimSpace(in.Name), strings.TrimSpace(in.Purpose), strings.TrimSpace(in.Contact)
	in.Country = strings.ToUpper(strings.TrimSpace(in.Country))
	if in.Language == "" {
		in.Language = "en"
	}
	if in.Zone == "" {
		in.Zone = "UTC"
	}
	return in
}

func (in Setup) check(passwords *secret.Passwords) error {
	var p problems
	in.Newcomer.check(&p, passwords, in.Name)
	checkPlace(&p, in.Name, in.Purpose, in.Contact, in.Country, in.Zone)
	checkSiteRules(&p, in.Rules)
	checkAge(&p, in.MinimumAge)
	checkMode(&p, in.Registration)
	checkFrontDoor(&p, in.FrontDoor)
	return p.err()
}

func oneOf(s string, of ...string) bool {
	for _, o := range of {
		if s == o {
			return true
		}
	}
	return false
}
