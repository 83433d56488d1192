package web

import (
	"errors"
	"net/http"
	"net/url"

	"hearth/community"
	"hearth/community/secret"
)

// receiptPage is what somebody who asked to join sees of it.
type receiptPage struct {
	community.Receipt
	Code   string
	SignIn string // on the way to where they were invited
}

// receiptForm takes a code that was written down.
type receiptForm struct {
	Code     string
	Problems Problems
}

func (s *Server) showReceiptForm(v *visit) error {
	return v.page("apply_code", v.t("apply.code_title"), receiptForm{})
}

func (s *Server) doReceiptForm(v *visit) error {
	code := secret.FoldCode(v.input("code"))
	_, err := s.service.Receipt(v.ctx(), code)
	if errors.Is(err, community.NotFound) {
		return v.render(http.StatusUnprocessableEntity, "apply_code", v.t("apply.code_title"), receiptForm{
			Code: v.input("code"), Problems: Problems{{Field: "code", Text: v.t("apply.code_unknown")}},
		})
	}
	if err != nil {
		return err
	}
	return v.redirect("/join/receipt/" + url.PathEscape(code))
}

func (s *Server) showReceipt(v *visit) error {
	receipt, err := s.service.Receipt(v.ctx(), v.Param("code"))
	if err != nil {
		return err
	}
	v.unkept()
	p := receiptPage{Receipt: receipt, Code: secret.FoldCode(v.Param("code"))}
	if receipt.Group != nil {
		v.exit = v.exit || receipt.Group.Sensitive
		p.SignIn = "/sign-in?next=" + url.QueryEscape(joinPath("g", receipt.Group.Name, "join"))
	}
	return v.page("apply_receipt", v.t("apply.title"), p)
}
