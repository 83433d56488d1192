package web

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"hearth/community"
	"hearth/community/secret"
)

func (s *Server) showLeaveCode(v *visit) error {
	return v.page("leave_code", v.t("leave_receipt.code_title"), receiptForm{})
}

func (s *Server) doLeaveCode(v *visit) error {
	code := secret.FoldCode(v.input("code"))
	_, err := s.service.LeaveReceipt(v.ctx(), code)
	if errors.Is(err, community.NotFound) {
		return v.render(http.StatusUnprocessableEntity, "leave_code", v.t("leave_receipt.code_title"), receiptForm{
			Code: v.input("code"), Problems: Problems{{Field: "code", Text: v.t("leave_receipt.code_unknown")}},
		})
	}
	if err != nil {
		return err
	}
	return v.redirect("/leave/receipt/" + url.PathEscape(code))
}

// leaveReceiptPage is what came of leaving. Nobody's name stands on it.
type leaveReceiptPage struct {
	community.LeaveReceipt
	Code   string
	Ledger []farewellLine
}

// farewellLine is one server and what it answered, in words.
type farewellLine struct {
	Server, State, Posts string
	At                   time.Time
}

func (s *Server) showLeaveReceipt(v *visit) error {
	receipt, err := s.service.LeaveReceipt(v.ctx(), v.Param("code"))
	if err != nil {
		return err
	}
	v.unkept()
	p := leaveReceiptPage{LeaveReceipt: receipt, Code: secret.FoldCode(v.Param("code"))}
	for _, f := range receipt.Servers {
		p.Ledger = append(p.Ledger, v.farewellLine(f))
	}
	return v.page("leave_receipt", v.t("leave_receipt.title"), p)
}

func (v *visit) farewellLine(f community.FarewellAnswer) farewellLine {
	line := farewellLine{Server: shownDomain(f.Host), State: v.t("farewell." + f.State), At: f.At}
	if f.Posts > 0 {
		line.Posts = v.t("leave_receipt.posts", "Posts", f.Posts, "Deleted", f.Deleted)
	}
	return line
}
