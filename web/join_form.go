package web

import (
	"net/http"

	"hearth/community"
)

// joinPage is the page of coming in, by the site's door or by an invitation.
type joinPage struct {
	Door       community.Door
	Invitation *invitationFace // nil at the door
	Form       bool            // there is a form to fill in
	Action     string          // where it is sent
	In         community.Arrival
	Next       string // where to go once inside
	Question   string
	OldEnough  Choices
	Problems   Problems
	Sentence   string // why it cannot be done now
	Names      []string
	Words      bool // words are kept and will be there
}

// Asks says whether an admin reads what is sent before the person is in.
func (p joinPage) Asks() bool {
	return p.Door.Mode == community.RegistrationApproval && p.Invitation == nil
}

// arrival is what the form of joining sent.
func (v *visit) arrival() community.Arrival {
	return community.Arrival{
		Newcomer: v.newcomer(), Answer: v.input("answer"), OldEnough: v.ticked("old_enough"), Doubtful: v.input(trapField) != "",
		Device: deviceOf(v.GetHeader("User-Agent")), Source: sourceOf(v.Context),
	}
}

// renderJoin renders the page with all that the form needs and every word that
// was typed, the password apart.
func (s *Server) renderJoin(v *visit, status int, p joinPage) error {
	names, err := s.service.SuggestNames(v.ctx(), suggested)
	if err != nil {
		return err
	}
	p.Names, p.Words = names, v.hasWords()
	p.In.Advised = p.Problems.advised("public_name", p.In.PublicName, p.In.Advised)
	p.In.Password = ""
	if p.Question = p.Door.Question; p.Question == "" {
		p.Question = v.t("join.question")
	}
	p.OldEnough = Choices{Name: "old_enough", Several: true, Required: true, Error: p.Problems.For("old_enough"),
		Options: []Choice{{Value: "yes", Label: v.t("join.old_enough", "Age", p.Door.MinimumAge), Checked: p.In.OldEnough}}}
	return v.render(status, "join", v.t("join.title"), p)
}

// arrive sends an arrival on, and answers the form: in, to the receipt, or shown
// again with what there is to mend.
func (s *Server) arrive(v *visit, p joinPage, admit func(community.Arrival) (community.Admission, error)) error {
	p.In, p.Next = v.arrival(), safeNext(v.input("next"))
	if key := v.checkTiming(); key != "" {
		p.Problems = Problems{{Text: v.t(key)}}
		return s.renderJoin(v, http.StatusUnprocessableEntity, p)
	}
	in, err := admit(p.In)
	if problems, ok := v.problems(err); ok {
		p.Problems = problems
		return s.renderJoin(v, http.StatusUnprocessableEntity, p)
	}
	if code := statusOf(err); code == http.StatusTooManyRequests || code == http.StatusForbidden {
		p.Sentence = v.sentence(err)
		return s.renderJoin(v, code, p)
	}
	if err != nil {
		return err
	}
	return s.admitted(v, in, p.Next)
}

func (s *Server) admitted(v *visit, in community.Admission, next string) error {
	if in.Receipt != "" {
		return v.redirect("/join/receipt/" + in.Receipt)
	}
	if err := s.openSession(v, in.SignIn); err != nil {
		return err
	}
	v.flash("join.welcome", "Place", v.site.Name)
	if in.Group != nil {
		next = joinPath("g", in.Group.Name, "join")
	}
	return v.redirect(next)
}
