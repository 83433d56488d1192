package web_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/community"
)

var hiddenToken = regexp.MustCompile(`name="_token" value="([^"]+)"`)

// token is the form token of a page.
func (a *answer) token() string {
	a.t.Helper()
	m := hiddenToken.FindStringSubmatch(a.body)
	if m == nil {
		a.t.Fatalf("%s has no form", a.what)
	}
	return m[1]
}

// fill opens a form, takes the time that a person takes, and returns its token.
func (p *place) fill(b *browser, path string) string {
	b.t.Helper()
	token := b.get(path).wants(http.StatusOK).token()
	p.clock.advance(10 * time.Second)
	return token
}

// join sends the form of joining at path, with fields over the usual ones.
func (p *place) join(b *browser, path string, fields ...string) *answer {
	b.t.Helper()
	return b.post(path, append([]string{"_token", p.fill(b, path)}, joining(fields...)...)...)
}

// joining is a good form, with fields in the place of its own.
func joining(fields ...string) []string {
	form := []string{"login", "rowan", "public_name", "slow-river", "password", memberPassword, "answer", "A friend told me.", "old_enough", "yes"}
	for i := 0; i+1 < len(fields); i += 2 {
		replaced := false
		for j := 0; j < len(form); j += 2 {
			if form[j] == fields[i] {
				form[j+1], replaced = fields[i+1], true
			}
		}
		if !replaced {
			form = append(form, fields[i], fields[i+1])
		}
	}
	return form
}

// registers sets how people come in.
func (p *place) registers(mode string, change ...func(*community.Site)) {
	p.t.Helper()
	ctx := context.Background()
	site, err := p.store.Site(ctx)
	if err != nil {
		p.t.Fatal(err)
	}
	site.Registration = mode
	for _, c := range change {
		c(&site)
	}
	if err := p.store.UpdateSite(ctx, site); err != nil {
		p.t.Fatal(err)
	}
}

// viewer is a person as the Service sees them.
func (p *place) viewer(login string) community.Viewer {
	p.t.Helper()
	ctx := context.Background()
	user, err := p.store.UserByLogin(ctx, login)
	if err != nil {
		p.t.Fatal(err)
	}
	accounts, err := p.store.OwnedAccounts(ctx, user.ID)
	if err != nil {
		p.t.Fatal(err)
	}
	return community.Viewer{User: &user, Accounts: accounts, Acting: &accounts[0]}
}

func TestApplicantsWaitAndAreLetIn(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		b := p.browser()
		b.get("/join").wants(http.StatusOK).says("You need not tell your story here", "I am at least 18 years old")
		receipt := p.join(b, "/join").leads()
		if !strings.HasPrefix(receipt, "/join/receipt/") {
			t.Fatalf("joining leads to %q, want a receipt", receipt)
		}
		code := strings.TrimPrefix(receipt, "/join/receipt/")
		b.get(receipt).wants(http.StatusOK).says("waiting to be read", code)
		b.post("/sign-in", "login", "rowan", "password", memberPassword).wants(http.StatusForbidden).says("still being read")

		admin := p.viewer("warden")
		list, _, err := p.service.Applicants(context.Background(), admin, "")
		if err != nil || len(list) != 1 || list[0].Name != "slow-river" || list[0].Answer != "A friend told me." {
			t.Fatalf("the list of applicants: got %+v, %v", list, err)
		}
		if err := p.service.DecideApplication(context.Background(), admin, list[0].ID, true, "Good to have you."); err != nil {
			t.Fatal(err)
		}
		typed := strings.ToUpper(strings.ReplaceAll(code, "-", " "))
		if got := p.browser().post("/join/receipt", "code", typed).leads(); got != receipt {
			t.Errorf("the code typed back leads to %q, want %q", got, receipt)
		}
		b.get(receipt).wants(http.StatusOK).says("You are in", "Good to have you.")
		p.signedIn("rowan", memberPassword)
	})
}

func TestRefusedApplicantReadsWhyAndStaysOut(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx, b := context.Background(), p.browser()
		receipt := p.join(b, "/join").leads()
		admin := p.viewer("warden")
		list, _, err := p.service.Applicants(ctx, admin, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := p.service.DecideApplication(ctx, admin, list[0].ID, false, "We are only for carers."); err != nil {
			t.Fatal(err)
		}
		b.get(receipt).wants(http.StatusOK).says("not accepted this time", "We are only for carers.", "/help")
		b.post("/sign-in", "login", "rowan", "password", memberPassword).wants(http.StatusForbidden).says("was not accepted")
		p.join(p.browser(), "/join").wants(http.StatusUnprocessableEntity).says("signs in with that name already", "Somebody has that name")
	})
}

func TestUnknownReceiptsAreNotFound(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.browser().get("/join/receipt/k7pm-3fqt-x2dz-h4wn").wants(http.StatusNotFound)
		p.browser().post("/join/receipt", "code", "k7pm 3fqt").wants(http.StatusUnprocessableEntity).says("No request has that code")
	})
}

func TestOpenDoorLetsPeopleInAtOnce(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.registers(community.RegistrationOpen)
		b := p.browser()
		b.get("/join?next=/groups").wants(http.StatusOK).hides("need not tell your story")
		if got := p.join(b, "/join", "next", "/groups").leads(); got != "/groups" {
			t.Errorf("joining leads to %q, want /groups", got)
		}
		b.get("/sign-in").wants(http.StatusSeeOther)
	})
}

func TestClosedDoorsSayWhatOneCanDo(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		for _, mode := range []string{community.RegistrationClosed, community.RegistrationInvitation} {
			p.registers(mode)
			b := p.browser()
			b.get("/join").wants(http.StatusOK).says(`href="/groups"`, `href="/help"`).hides(`name="public_name"`)
			p.clock.advance(10 * time.Second)
			b.post("/join", joining("_token", p.tokenNow())...).wants(http.StatusForbidden)
		}
	})
}

// tokenNow is a form token of any page, some seconds old.
func (p *place) tokenNow() string {
	return p.fill(p.browser(), "/sign-in")
}

func TestJoiningKeepsEveryWordAndNamesEachField(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		for _, c := range []struct {
			name   string
			fields []string
			says   string
		}{
			{"short sign-in name", []string{"login", "ro"}, `<a href="#f-login">A sign-in name has 3 to 30 characters`},
			{"sign-in name with a space", []string{"login", "ro wan"}, "A sign-in name has only letters"},
			{"reserved sign-in name", []string{"login", "admin"}, "That sign-in name is kept"},
			{"short public name", []string{"public_name", "sl"}, `<a href="#f-public_name">A name has 3 to 30 characters`},
			{"short password", []string{"password", "ten"}, "at least 10 characters"},
			{"common password", []string{"password", "Password1234"}, "one of the first"},
			{"no answer", []string{"answer", " "}, "write a few words"},
			{"long answer", []string{"answer", strings.Repeat("a", 2001)}, "2000 characters"},
			{"no age", []string{"old_enough", ""}, "people of 18 and older"},
			{"taken public name", []string{"public_name", "Quiet-Heron"}, "Somebody has that name"},
			{"taken sign-in name", []string{"login", "WARDEN"}, "signs in with that name already"},
			{"a NUL", []string{"login", "r\x00o"}, "3 to 30 characters"},
		} {
			a := p.join(p.browser(), "/join", c.fields...).wants(http.StatusUnprocessableEntity).says(c.says)
			if c.fields[0] != "answer" {
				a.says("A friend told me.")
			}
			a.hides(memberPassword, "Password1234")
		}
	})
}

func TestR08RefusesAddressesAndAdvisesOnNumbersWithSuggestions(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.registers(community.RegistrationOpen)
		b := p.browser()
		p.join(b, "/join", "public_name", "john@mail.example").wants(http.StatusUnprocessableEntity).says("do not use an address", "For example:")
		p.join(b, "/join", "public_name", "rowan").wants(http.StatusUnprocessableEntity).says("must not be your sign-in name")
		p.join(b, "/join", "public_name", "john-smith1987").wants(http.StatusUnprocessableEntity).
			says("Long numbers help people find out", "For example:", `name="advised" value="john-smith1987"`)
		p.join(b, "/join", "public_name", "jane-smith1987", "advised", "john-smith1987").wants(http.StatusUnprocessableEntity)
		p.join(b, "/join", "public_name", "john-smith1987", "advised", "john-smith1987").wants(http.StatusSeeOther)
	})
}

func TestR07FormsThatCameBackAtOnceOrTooLateAreAskedForAgain(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.registers(community.RegistrationOpen)
		b := p.browser()
		token := b.get("/join").token()
		again := b.post("/join", joining("_token", token)...).wants(http.StatusUnprocessableEntity).says("as a machine", "slow-river")
		if got := again.token(); got != token {
			t.Error("a form that was sent too fast has to wait anew")
		}
		p.clock.advance(25 * time.Hour)
		late := b.post("/join", joining("_token", token)...).wants(http.StatusUnprocessableEntity).says("more than a day", "slow-river")
		b.post("/join", joining("_token", "forged.forged")...).wants(http.StatusUnprocessableEntity)
		b.post("/join", joining()...).wants(http.StatusUnprocessableEntity)
		p.clock.advance(4 * time.Second)
		b.post("/join", joining("_token", late.token())...).wants(http.StatusSeeOther)
	})
}

func TestR07WhoFillsTheTrapIsReadByAPersonFirst(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.registers(community.RegistrationOpen)
		b := p.browser()
		if got := p.join(b, "/join", "website", "https://spam.example").leads(); !strings.HasPrefix(got, "/join/receipt/") {
			t.Fatalf("leads to %q, want a receipt", got)
		}
		list, _, err := p.service.Applicants(context.Background(), p.viewer("warden"), "")
		if err != nil || len(list) != 1 || !list[0].Doubtful {
			t.Errorf("got %+v, %v: want one doubtful applicant", list, err)
		}
	})
}

func TestR06TheTwentyFirstApplicantIsAskedToComeBack(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx := context.Background()
		for i := range community.DefaultApplicationsWaiting {
			in := arrival(i)
			if _, err := p.service.Join(ctx, in); err != nil {
				t.Fatalf("applicant %d: %v", i+1, err)
			}
		}
		b := p.browser()
		b.get("/join").wants(http.StatusOK).says("come again tomorrow").hides(`name="public_name"`)
		b.post("/join", joining("_token", p.tokenNow())...).wants(http.StatusTooManyRequests).says("come again tomorrow", "slow-river")
		if _, err := p.store.UserByLogin(ctx, "rowan"); err == nil {
			t.Error("the refused arrival left a person behind")
		}
	})
}

// arrival is the i-th of people who arrive from different places.
func arrival(i int) community.Arrival {
	n := string(rune('a'+i/26)) + string(rune('a'+i%26))
	return community.Arrival{
		Newcomer: community.Newcomer{Login: "login-" + n, PublicName: "public-" + n, Password: memberPassword},
		Answer:   "Hello.", OldEnough: true, Source: "source " + n,
	}
}

func TestR06OnlySoManyComeInADay(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.registers(community.RegistrationOpen, func(s *community.Site) { s.NewcomersPerDay = 2 })
		for i := range 2 {
			if _, err := p.service.Join(context.Background(), arrival(i)); err != nil {
				t.Fatal(err)
			}
		}
		p.join(p.browser(), "/join").wants(http.StatusTooManyRequests).says("came in today")
		p.clock.advance(25 * time.Hour)
		p.join(p.browser(), "/join").wants(http.StatusSeeOther)
	})
}

func TestR06FewComeFromOneSource(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		for i := range 6 {
			in := arrival(i)
			in.Source = "one place"
			_, err := p.service.Join(context.Background(), in)
			if wrong := (err == nil) != (i < 5); wrong {
				t.Errorf("arrival %d from one source: %v", i+1, err)
			}
		}
	})
}

func TestTwoWhoTakeOneNameAtOnceDoNotBothGetIt(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.registers(community.RegistrationOpen)
		token := p.tokenNow()
		got := atOnce(4, func(i int) int {
			return p.browser().post("/join", joining("_token", token, "login", "rowan-"+string(rune('a'+i)))...).StatusCode
		})
		if got[http.StatusSeeOther] != 1 || got[http.StatusUnprocessableEntity] != 3 {
			t.Errorf("got %v, want one 303 and three 422", got)
		}
	})
}

// atOnce runs fn n times at once and counts the statuses.
func atOnce(n int, fn func(i int) int) map[int]int {
	var mu sync.Mutex
	var wg sync.WaitGroup
	got := map[int]int{}
	for i := range n {
		wg.Go(func() {
			status := fn(i)
			mu.Lock()
			defer mu.Unlock()
			got[status]++
		})
	}
	wg.Wait()
	return got
}
