package web

import (
	"bytes"
	"net/http"
	"strings"
	"time"

	"hearth/community"
	"hearth/community/secret"
)

// page renders a page with its title and data as 200.
func (v *visit) page(name, title string, main any) error {
	return v.render(http.StatusOK, name, title, main)
}

// render renders a page with any status. The title is a whole sentence; pages
// of sensitive groups pass a discreet one.
func (v *visit) render(status int, name, title string, main any) error {
	frame, err := v.frame(title, main)
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := v.server.pages.Page(&buf, name, frame); err != nil {
		return err
	}
	v.sendPage(status, buf.Bytes())
	return nil
}

func (v *visit) frame(title string, main any) (Frame, error) {
	f := Frame{
		Lang: v.lang, Zone: v.zone(), Now: v.server.service.Now(), Instance: v.site.Name, Title: title,
		Path: v.Request.URL.Path, Here: nextOf(v), Exit: v.exit, Strip: v.strip(), Main: main,
	}
	if f.ForAll = isForEveryone(f.Path); f.ForAll {
		return f, nil
	}
	f.FormToken = v.formToken()
	f.ExitLine = v.exit && !v.exitExplained()
	if u := v.viewer.User; u != nil {
		if u.Discreet {
			f.Title = v.t("frame.discreet")
		}
		f.SignedIn, f.IsAdmin = true, v.viewer.IsAdmin()
		if v.viewer.Acting != nil {
			f.ActingName = v.viewer.Acting.Title
		}
		f.Paused = v.pausedLine()
		calls, err := v.server.service.Calls(v.ctx(), v.viewer)
		if err != nil {
			return f, err
		}
		f.Unread = calls.Unread
		f.IsModerator = calls.Moderates || v.viewer.IsInstanceModerator()
	}
	f.Flash = v.flashed()
	return f, nil
}

// zone is the reader's: their own choice, or the site's.
func (v *visit) zone() *time.Location {
	if u := v.viewer.User; u != nil && u.Zone != "" {
		if loc, err := time.LoadLocation(u.Zone); err == nil {
			return loc
		}
	}
	return v.site.Location()
}

// formToken is signed with its time, so that a form that is sent within a
// moment of being shown, or days later, can be told (R07).
func (v *visit) formToken() string {
	if v.token != "" {
		return v.token
	}
	return secret.Sign(v.server.config.FormKey, "form", []byte(v.server.service.Now().Format(time.RFC3339)))
}

// strip is the help line of the reader's country: their own choice, or the
// site's. It is the same on every page, so that it is always where it was (WCAG
// 3.2.6). The pages of /help are one copy for everybody, so there it goes by the
// address, to which the strip of whoever chose that country leads.
func (v *visit) strip() Strip {
	country := v.site.Country
	all := "/help"
	if own := v.ownCountry(); len(community.HelpLinesFor(own)) > 0 {
		country, all = own, "/help/"+strings.ToLower(own)
	}
	line := community.StripLine(country)
	return Strip{Number: line.Call, Dial: line.DialURI(), Name: line.Name, Hours: v.hours(line), All: all}
}

// ownCountry is another one than the site's that the reader is to be shown, if any.
func (v *visit) ownCountry() string {
	switch {
	case isForEveryone(v.Request.URL.Path):
		return v.Param("country")
	case v.viewer.User != nil:
		return v.viewer.User.Country
	}
	return ""
}
