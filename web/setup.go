package web

import (
	"net/http"
	"strconv"
	"strings"

	"hearth/community"
	"hearth/community/secret"
)

func (s *Server) setupRoutes() {
	s.get("/setup/:token", s.showSetup)
	s.post("/setup/:token", s.doSetup).holding("purpose", "rules", "contact")
}

// setupPage is the first page of an instance's life.
type setupPage struct {
	Address  string // which can never change
	Token    string
	In       community.Setup
	Age      string
	Problems Problems
	Names    []string
	Form     setupForm
}

func (s *Server) showSetup(v *visit) error {
	if err := s.service.CheckSetupToken(v.ctx(), v.Param("token")); err != nil {
		return err
	}
	in := community.Setup{Rules: v.t("rules.suggested"), Registration: community.RegistrationApproval, FrontDoor: community.FrontDoorChosen, Country: "GB", Zone: "UTC", Language: "en"}
	return s.renderSetup(v, http.StatusOK, in, "18", nil)
}

func (s *Server) renderSetup(v *visit, status int, in community.Setup, age string, problems Problems) error {
	v.unkept() // its address is a secret, and so is the sign-in name typed on it
	in.Password, in.Advised = "", problems.advised("public_name", in.PublicName, in.Advised)
	return v.render(status, "setup", v.t("setup.title"), setupPage{
		Address: s.config.Scheme + "://" + s.config.Host, Token: v.Param("token"), In: in, Age: age,
		Problems: problems, Names: secret.SafeNames(4), Form: newSetupForm(v, in, problems),
	})
}

func (s *Server) doSetup(v *visit) error {
	if err := s.service.CheckSetupToken(v.ctx(), v.Param("token")); err != nil {
		return err
	}
	age, _ := strconv.Atoi(v.input("minimum_age"))
	in := community.Setup{
		Newcomer: v.newcomer(),
		Name:     v.input("name"), Purpose: v.input("purpose"), Rules: v.input("rules"), Contact: v.input("contact"), MinimumAge: age,
		Registration: v.input("registration"), FrontDoor: v.input("front_door"),
		Country: v.input("country"), Language: "en", Zone: v.input("zone"),
	}
	_, err := s.service.SetUp(v.ctx(), s.config.Scheme, s.config.Host, in)
	if problems, ok := v.problems(err); ok {
		return s.renderSetup(v, http.StatusUnprocessableEntity, in, v.input("minimum_age"), problems)
	}
	if err != nil {
		return err
	}
	if err := s.beginSession(v, in.Login, in.Password); err != nil {
		return err
	}
	v.flash("setup.ready")
	return v.redirect("/admin")
}

// beforeSetup says whether a path may be asked for before there is a site: the
// setup itself, and what nobody should have to wait for.
func beforeSetup(path string) bool {
	return strings.HasPrefix(path, "/setup/") || isForEveryone(path) || path == "/exit"
}

// setupForm is the choices of the setup page.
type setupForm struct{ Registration, FrontDoor, Country, Zone any }

func newSetupForm(v *visit, in community.Setup, p Problems) setupForm {
	return setupForm{
		Registration: v.options("registration", "registration.mode", in.Registration, p, registrationModes...),
		FrontDoor:    v.options("front_door", "front_door", in.FrontDoor, p, frontDoors...),
		Country:      v.countries(in.Country),
		Zone:         zoneChoices(in.Zone),
	}
}

var (
	registrationModes = []string{community.RegistrationApproval, community.RegistrationInvitation, community.RegistrationOpen, community.RegistrationClosed}
	frontDoors        = []string{community.FrontDoorClosed, community.FrontDoorChosen, community.FrontDoorOpen}
)
