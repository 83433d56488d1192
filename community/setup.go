package community

import (
	"context"
	"errors"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"hearth/community/secret"
)

// Setup is what the first page asks: the instance and its first admin.
type Setup struct {
	Login, PublicName, Password string
	Name, Purpose, Contact      string
	MinimumAge                  int
	Registration, FrontDoor     string
	Country, Language, Zone     string
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
		user := User{ID: secret.NewActorID(), Login: in.Login, PasswordHash: hash, Role: RoleAdmin, State: UserActive, HomeOrder: HomeByActivity, CreatedAt: now}
		userID = user.ID
		if err := insertPerson(ctx, tx, site, user, in.PublicName, now); err != nil {
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

// insertPerson stores a User with their main Account.
func insertPerson(ctx context.Context, tx Store, site Site, user User, publicName string, now time.Time) error {
	if err := tx.InsertUser(ctx, user); err != nil {
		return err
	}
	account := newLocalAccount(site, publicName, now)
	if err := tx.InsertAccount(ctx, account); err != nil {
		return err
	}
	return tx.InsertAccountOwner(ctx, account.ID, user.ID, true, now)
}

// newLocalAccount is a new public face under a name as typed; its id is random.
func newLocalAccount(site Site, publicName string, now time.Time) Account {
	id := secret.NewActorID()
	uri := site.Base() + "/u/" + id
	return Account{Actor: Actor{
		ID: id, URI: uri, Type: ActorPerson, Name: Fold(publicName), Title: strings.TrimSpace(publicName),
		URL: site.Base() + "/@" + Fold(publicName), Inbox: uri + "/inbox", SharedInbox: site.Base() + "/inbox", CreatedAt: now,
	}}
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
		Scheme: scheme, Host: host, Name: in.Name, Purpose: in.Purpose, Contact: in.Contact, MinimumAge: in.MinimumAge,
		Registration: in.Registration, FrontDoor: in.FrontDoor, GroupCreation: GroupCreationAsked,
		Country: in.Country, Language: in.Language, Zone: in.Zone, ActorID: secret.NewActorID(), SetUpAt: now,
	}
}

func (in Setup) tidy() Setup {
	in.Login, in.PublicName = Fold(in.Login), strings.TrimSpace(in.PublicName)
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
	checkPerson(&p, passwords, in.Login, in.PublicName, in.Password, in.Name)
	checkSite(&p, in.Name, in.Purpose, in.Contact, in.MinimumAge, in.Country, in.Zone)
	if !oneOf(in.Registration, RegistrationApproval, RegistrationInvitation, RegistrationOpen, RegistrationClosed) {
		p.add("registration", "form.choose")
	}
	if !oneOf(in.FrontDoor, FrontDoorClosed, FrontDoorChosen, FrontDoorOpen) {
		p.add("front_door", "form.choose")
	}
	return p.err()
}

// checkPerson is what every new sign-in name, public name and password must be.
func checkPerson(p *problems, passwords *secret.Passwords, login, publicName, password, siteName string) {
	if key := nameProblem(login); key != "" {
		p.add("login", key)
	}
	if key := publicNameProblem(publicName, login); key != "" {
		p.add("public_name", key)
	}
	if key := passwords.Weak(password, login, publicName, siteName); key != "" {
		p.add("password", key)
	}
}

// publicNameProblem is what is wrong with a name that others will see: it must
// not be the sign-in name, an address, or carry a long run of digits.
func publicNameProblem(name, login string) string {
	folded := Fold(name)
	if key := nameProblem(folded); key != "" {
		return key
	}
	if folded == login {
		return "name.is_login"
	}
	digits := 0
	for _, r := range folded {
		if r < '0' || r > '9' {
			digits = 0
			continue
		}
		if digits++; digits >= 4 {
			return "name.digits"
		}
	}
	return ""
}

func checkSite(p *problems, name, purpose, contact string, age int, country, zone string) {
	if n := utf8.RuneCountInString(name); n < 2 || n > 60 {
		p.add("name", "setup.name_length")
	}
	if n := utf8.RuneCountInString(purpose); n < 10 || n > 400 {
		p.add("purpose", "setup.purpose_length")
	}
	if _, err := mail.ParseAddress(contact); err != nil && !strings.HasPrefix(contact, "https://") {
		p.add("contact", "setup.contact_form")
	}
	if age < 13 || age > 99 {
		p.add("minimum_age", "setup.age_range")
	}
	if len(HelpLinesFor(country)) == 0 {
		p.add("country", "form.choose")
	}
	if _, err := time.LoadLocation(zone); err != nil {
		p.add("zone", "setup.zone_unknown")
	}
}

func oneOf(s string, of ...string) bool {
	for _, o := range of {
		if s == o {
			return true
		}
	}
	return false
}
