package web_test

import (
	"context"
	"errors"
	"testing"

	"hearth/community"
)

func TestAddedPeopleSignIn(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		b := p.person("rowan", "slow-river")
		b.get("/sign-in").wants(303)
	})
}

func TestNamesAreNeverUsedTwice(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.person("rowan", "slow-river")
		for _, c := range []struct{ login, public, field, key string }{
			{"ROWAN ", "soft-cloud", "login", "login.taken"},
			{"hazel", "Slow-River", "public_name", "name.taken"},
		} {
			_, err := p.service.AddUser(context.Background(), c.login, c.public, memberPassword, community.RoleMember)
			var e *community.Error
			if !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Field != c.field || e.Fields[0].Key != c.key {
				t.Errorf("%s, %s: got %v, want %s: %s", c.login, c.public, err, c.field, c.key)
			}
		}
	})
}
