package web

import (
	"strconv"
	"strings"
	"time"

	"hearth/community"
	"hearth/federation"
)

// serverRow is one server that is sent to, in words.
type serverRow struct {
	Host, Domain   string // as it is kept, and as people read it
	State          Label
	Waiting        string
	Since, NextTry time.Time // failing since, tried again at; zero where neither
	Answer, Advice string
	PausedBy       string
	Paused, MayTry bool

	// Of a server that is shown with all that is known of it.
	URL              string
	Software         string
	First, Heard     time.Time // met first, and heard from last; zero: never
	Treated          string    // how it is treated, in a word
	Refused, Differs bool
}

// serversAtHand is how many servers stand on the page about decisions.
const serversAtHand = 10

// sendingPart is what of the sending stands beside the decisions about servers.
type sendingPart struct {
	Shown bool // there is any talk with other servers
	Rows  []serverRow
}

func (s *Server) sendingPart(v *visit) (sendingPart, error) {
	if s.config.Federation == nil {
		return sendingPart{}, nil
	}
	page, err := s.config.Federation.Lanes(v.ctx(), v.viewer, federation.LaneQuery{Busy: true, Limit: serversAtHand})
	return sendingPart{Shown: true, Rows: v.serverRows(page)}, err
}

func (v *visit) serverRows(page federation.LanePage) []serverRow {
	now := v.server.service.Now()
	rows := make([]serverRow, len(page.Lanes))
	for i, l := range page.Lanes {
		rows[i] = v.serverRow(l, now)
	}
	return rows
}

func (v *visit) serverRow(l federation.LaneRow, now time.Time) serverRow {
	row := serverRow{
		Host: l.Host, URL: instancePath(l.Host), Domain: shownDomain(l.Host), State: v.serverState(l), Waiting: v.waitingWords(l.Waiting), Answer: v.answerWords(l.LastError),
		PausedBy: l.PausedAs, Paused: l.IsPaused(), MayTry: l.MayTry(now),
	}
	if l.IsPaused() && *l.PausedBy == community.OperatorName {
		row.PausedBy = v.deciderName(*l.PausedBy)
	}
	if l.FailingSince != nil {
		row.Since = *l.FailingSince
	}
	if l.Waiting > 0 && !l.IsPaused() && l.NextAt != nil && l.NextAt.After(now) {
		row.NextTry = *l.NextAt
	}
	switch {
	case l.IsDead() && l.Waiting > 0:
		row.Advice = v.t("delivery.dead_advice")
	case l.IsLeftAlone(now):
		row.Advice = v.t("delivery.left_alone")
	}
	return row
}

func (v *visit) serverState(l federation.LaneRow) Label {
	switch {
	case l.IsPaused():
		return Label{Kind: "note", Text: v.t("delivery.state.paused")}
	case l.IsDead():
		return Label{Kind: "danger", Text: v.t("delivery.state.dead")}
	case l.FailingSince != nil:
		return Label{Kind: "danger", Text: v.t("delivery.state.failing")}
	case l.Waiting > 0:
		return Label{Text: v.t("delivery.state.waiting")}
	}
	return Label{Kind: "ok", Text: v.t("delivery.state.well")}
}

func (v *visit) waitingWords(n int) string {
	switch {
	case n == 0:
		return v.t("delivery.nothing_waits")
	case n >= federation.WaitingMost:
		return v.t("delivery.many_wait", "Count", federation.WaitingMost)
	}
	return v.tn("delivery.waits", n)
}

// answerWords is what came of the last try, in plain words; empty where nothing
// went wrong.
func (v *visit) answerWords(last string) string {
	if last == "" {
		return ""
	}
	code, answered := strings.CutPrefix(last, "status ")
	status, err := strconv.Atoi(code)
	if !answered || err != nil {
		return v.t("delivery.answer." + answerKey(last))
	}
	return v.t("delivery.answer."+statusKey(status), "Status", status)
}

// answerKey is the last part of the sentence's key for what went wrong without
// an answer.
func answerKey(last string) string {
	switch last {
	case "timeout":
		return "timeout"
	case "prohibited address":
		return "prohibited"
	case "not signed":
		return "unsigned"
	}
	return "unreachable"
}

// statusKey is the same for an answer.
func statusKey(status int) string {
	switch {
	case status == 401:
		return "signature"
	case status == 410:
		return "gone"
	case status == 429:
		return "slower"
	case status >= 502 && status <= 504, status >= 520 && status <= 530:
		return "gateway"
	case status >= 500:
		return "fault"
	}
	return "status"
}

func (s *Server) doPauseServer(v *visit) error {
	return s.aboutServer(v, "delivery.paused", func(host string) error { return s.service.PauseServer(v.ctx(), v.viewer, host) })
}

func (s *Server) doResumeServer(v *visit) error {
	return s.aboutServer(v, "delivery.resumed", func(host string) error {
		if err := s.service.ResumeServer(v.ctx(), v.viewer, host); err != nil {
			return err
		}
		s.config.Federation.WakeDeliverer()
		return nil
	})
}

func (s *Server) doRetryServer(v *visit) error {
	return s.aboutServer(v, "delivery.trying", func(host string) error { return s.config.Federation.TryLane(v.ctx(), v.viewer, host) })
}

func (s *Server) doDropWaiting(v *visit) error {
	return s.aboutServer(v, "delivery.dropped", func(host string) error {
		_, err := s.service.DropWaiting(v.ctx(), v.viewer, host)
		return err
	})
}

// aboutServer does something for an admin about the server that a form names.
func (s *Server) aboutServer(v *visit, done string, do func(host string) error) error {
	if err := v.admin(); err != nil {
		return err
	}
	if s.config.Federation == nil {
		return s.notFound(v)
	}
	host := federation.ASCIIDomain(v.input("host"))
	if err := do(host); err != nil {
		return err
	}
	host, _ = community.FoldDomain(host) // or it would not have been done
	v.flash(done, "Domain", shownDomain(host))
	return v.redirect(instancePath(host))
}
