package web

import (
	"net/http"

	"hearth/community"
	"hearth/federation"
)

func (s *Server) blockRoutes() {
	s.get("/me/blocks", s.showBlocks)
	s.post("/me/blocks", s.doBlock)
	s.post("/me/blocks/lift", s.doLiftBlock).on("/me/blocks")
}

// blocksPage is whom the reader has blocked.
type blocksPage struct {
	Blocks   []blockLine
	Server   string // as typed
	Problems Problems
	Empty    Empty
}

type blockLine struct {
	Kind, What, Name, Domain string
	Block                    community.BlockView
}

func (s *Server) showBlocks(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	return s.renderBlocks(v, http.StatusOK, "", nil)
}

func (s *Server) renderBlocks(v *visit, status int, server string, problems Problems) error {
	blocks, err := s.service.Blocks(v.ctx(), v.viewer)
	if err != nil {
		return err
	}
	p := blocksPage{Server: server, Problems: problems, Empty: Empty{Title: v.t("block.empty"), Text: v.t("block.empty_text")}}
	for _, b := range blocks {
		line := blockLine{Kind: b.Kind, What: b.What, Name: b.Title, Domain: shownDomain(b.Domain), Block: b}
		if b.Kind == community.BlockServer {
			line.Name = shownDomain(b.What)
		}
		p.Blocks = append(p.Blocks, line)
	}
	return v.render(status, "block_list", v.t("block.title"), p)
}

// doBlock blocks an account or a server for the reader alone. Nobody is told.
func (s *Server) doBlock(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	if id := v.input("account"); id != "" {
		account, err := s.service.BlockAccount(v.ctx(), v.viewer, id)
		if err != nil {
			return err
		}
		v.flash("block.done", "Name", account.Title)
		return v.redirect("/me/blocks")
	}
	domain, err := s.service.BlockServer(v.ctx(), v.viewer, federation.ASCIIDomain(v.input("server")))
	if problems, ok := v.problems(err); ok {
		return s.renderBlocks(v, http.StatusUnprocessableEntity, v.input("server"), problems)
	}
	if err != nil {
		return err
	}
	v.flash("block.done", "Name", shownDomain(domain))
	return v.redirect("/me/blocks")
}

func (s *Server) doLiftBlock(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	if err := s.service.LiftBlock(v.ctx(), v.viewer, v.input("kind"), v.input("what")); err != nil {
		return err
	}
	v.flash("block.lifted")
	return v.redirect("/me/blocks")
}
