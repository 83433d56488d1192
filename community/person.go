package community

import (
	"context"
	"errors"
	"strings"
	"time"

	"hearth/community/secret"
)

// Newcomer is what every new person chooses, by whatever way they come in.
type Newcomer struct {
	Login      string // the sign-in name, which nobody else sees
	PublicName string // the name that others see
	Password   string
	Advised    string // a public name that its person was advised about and keeps (R08)
}

// Person is one line of the admins' list of people: a User with the main
// Account, and with nothing of any persona.
type Person struct {
	User
	AccountID string
	Name      string // the public name
}

func (n Newcomer) tidy() Newcomer {
	n.Login, n.PublicName = Fold(n.Login), strings.TrimSpace(n.PublicName)
	return n
}

func newUser(login, passwordHash, role, state string, now time.Time) User {
	return User{
		ID: secret.NewActorID(), Login: login, PasswordHash: passwordHash, Role: role, State: state,
		HomeOrder: HomeByActivity, CreatedAt: now,
	}
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

// insertPerson stores a User with their main Account. A name that somebody has,
// or took in the meantime, is Invalid with its field.
func insertPerson(ctx context.Context, tx Store, site Site, user User, publicName string) error {
	if err := tx.InsertUser(ctx, user); err != nil {
		return takenOr(err, "login", "login.taken")
	}
	account := newLocalAccount(site, publicName, user.CreatedAt)
	if err := tx.InsertAccount(ctx, account); err != nil {
		return takenOr(err, "public_name", "name.taken")
	}
	return tx.InsertAccountOwner(ctx, account.ID, user.ID, true, user.CreatedAt)
}

func takenOr(err error, field, key string) error {
	if !errors.Is(err, Conflict) {
		return err
	}
	var p problems
	p.add(field, key)
	return p.err()
}
