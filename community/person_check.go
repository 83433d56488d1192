package community

import (
	"context"
	"strings"

	"hearth/community/secret"
)

// check gathers what is wrong with a newcomer's names and password.
func (n Newcomer) check(p *problems, passwords *secret.Passwords, siteName string) {
	if key := loginProblem(n.Login); key != "" {
		p.add("login", key)
	}
	if key := publicNameProblem(n.PublicName, n.Login); key != "" {
		p.add("public_name", key)
	} else if key := publicNameAdvice(n.PublicName, n.Login); key != "" && Fold(n.Advised) != Fold(n.PublicName) {
		p.advise("public_name", key)
	}
	if key := passwords.Weak(n.Password, n.Login, n.PublicName, siteName); key != "" {
		p.add("password", key)
	}
}

// checkFree adds what somebody has already. The database has the last word: two
// who send at once meet in insertPerson.
func (n Newcomer) checkFree(ctx context.Context, store Store, p *problems) error {
	_, err := store.UserByLogin(ctx, n.Login)
	if err == nil {
		p.add("login", "login.taken")
	} else if !isNotFound(err) {
		return err
	}
	_, err = store.ActorByName(ctx, "", Fold(n.PublicName))
	if err == nil {
		p.add("public_name", "name.taken")
	} else if !isNotFound(err) {
		return err
	}
	return nil
}

// loginProblem is nameProblem in words that tell the two names of a form apart.
func loginProblem(login string) string {
	switch nameProblem(login) {
	case "":
		return ""
	case "name.length":
		return "login.length"
	case "name.reserved":
		return "login.reserved"
	}
	return "login.characters"
}

// publicNameProblem is what a name that others will see may never be: an
// address, or the sign-in name in another spelling (R08).
func publicNameProblem(name, login string) string {
	if strings.ContainsAny(name, "@") || strings.Contains(name, "://") {
		return "name.is_address"
	}
	if key := nameProblem(Fold(name)); key != "" {
		return key
	}
	if letters(name) == letters(login) {
		return "name.is_login"
	}
	return ""
}

// publicNameAdvice is what a name should rather not be. It is said once; who
// sends the same name again keeps it.
func publicNameAdvice(name, login string) string {
	n, l := letters(name), letters(login)
	if len(l) >= 4 && strings.Contains(n, l) || len(n) >= 4 && strings.Contains(l, n) {
		return "name.near_login"
	}
	digits := 0
	for _, r := range Fold(name) {
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

// letters is a name without what only separates.
func letters(name string) string { return strings.NewReplacer("-", "", "_", "").Replace(Fold(name)) }
