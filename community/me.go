package community

import (
	"context"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"hearth/community/markup"
)

// Settings are what a person chooses for themselves. Nobody else sees them,
// except that admins see the e-mail address.
type Settings struct {
	Email          string // empty: none (R09)
	Language       string // BCP 47; empty: the site's
	Zone           string // IANA; empty: the site's
	Country        string // whose help line comes first; empty: the site's
	HomeOrder      string
	ExitEverywhere bool
	Discreet       bool
}

// SettingsOf are a person's own.
func SettingsOf(u User) Settings {
	s := Settings{
		Language: u.Language, Zone: u.Zone, Country: u.Country, HomeOrder: u.HomeOrder,
		ExitEverywhere: u.ExitEverywhere, Discreet: u.Discreet,
	}
	if u.Email != nil {
		s.Email = *u.Email
	}
	return s
}

// SaveSettings keeps what the person looking chose, suspended or not. It
// returns Invalid with each field to mend.
func (s *Service) SaveSettings(ctx context.Context, v Viewer, in Settings) error {
	if v.User == nil {
		return fail(NotFound, "error.not_found")
	}
	in.Email, in.Zone = strings.TrimSpace(in.Email), strings.TrimSpace(in.Zone)
	if err := in.check(); err != nil {
		return err
	}
	u := *v.User
	u.Language, u.Zone, u.Country, u.HomeOrder = in.Language, in.Zone, in.Country, in.HomeOrder
	u.ExitEverywhere, u.Discreet, u.Email = in.ExitEverywhere, in.Discreet, nil
	if in.Email != "" {
		u.Email = &in.Email
	}
	return s.store.UpdateUser(ctx, u)
}

func (in Settings) check() error {
	var p problems
	if a, err := mail.ParseAddress(in.Email); in.Email != "" && (err != nil || a.Address != in.Email || len(in.Email) > 254) {
		p.add("email", "me.email_form")
	}
	if _, err := time.LoadLocation(in.Zone); err != nil || in.Zone == "Local" {
		p.add("zone", "setup.zone_unknown")
	}
	if in.Country != "" && len(HelpLinesFor(in.Country)) == 0 {
		p.add("country", "form.choose")
	}
	if !oneOf(in.HomeOrder, HomeByActivity, HomeByNewest) {
		p.add("home_order", "form.choose")
	}
	return p.err()
}

// longestAbout bounds what an account says of itself, in characters.
const longestAbout = 1000

// WriteAbout keeps what the acting account says of itself, in Markdown. It is for
// members of here: no other server is told.
func (s *Service) WriteAbout(ctx context.Context, v Viewer, source string) error {
	if v.Acting == nil {
		return fail(NotFound, "error.not_found")
	}
	if !v.IsMember(s.now()) || v.Acting.IsSuspended(s.now()) {
		return fail(Forbidden, "me.paused")
	}
	source = strings.TrimSpace(source)
	if utf8.RuneCountInString(source) > longestAbout {
		var p problems
		p.add("about", "me.about_long", "Most", longestAbout)
		return p.err()
	}
	return s.store.SetAbout(ctx, v.Acting.ID, source, markup.Render(source))
}
