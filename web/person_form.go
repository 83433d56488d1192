package web

import (
	"time"

	"hearth/community"
	"hearth/community/secret"
)

// suggested is how many safe names a form offers.
const suggested = 4

// newcomer is what a form with the parts of a new person sent.
func (v *visit) newcomer() community.Newcomer {
	return community.Newcomer{
		Login: v.input("login"), PublicName: v.input("public_name"),
		Password: v.PostForm("password"), Advised: v.input("advised"),
	}
}

// The times within which a person sends a form that they were shown (R07).
const (
	formTooFast = 3 * time.Second
	formTooOld  = 24 * time.Hour
)

// formTiming is the sentence for a form that came back at once, as a machine's
// does, or after more than a day; empty for one in its time.
func formTiming(shown, now time.Time, genuine bool) string {
	switch age := now.Sub(shown); {
	case !genuine, age > formTooOld:
		return "form.too_old"
	case age < formTooFast:
		return "form.too_fast"
	}
	return ""
}

// checkTiming is formTiming of the form that was sent. A token that still holds
// is used for the form when it is shown again: who mends a letter and sends at
// once is not too fast.
func (v *visit) checkTiming() string {
	token := v.PostForm("_token")
	payload, genuine := secret.Open(v.server.config.FormKey, "form", token)
	shown, err := time.Parse(time.RFC3339, string(payload))
	problem := formTiming(shown, v.server.service.Now(), genuine && err == nil)
	if problem != "form.too_old" {
		v.token = token
	}
	return problem
}

// trapField is a field that people do not see. What fills it in may be a machine,
// or a browser that helps too much: whoever did so is read by a person first.
const trapField = "website"
