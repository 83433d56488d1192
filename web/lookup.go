package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"hearth/community"
	"hearth/federation"
)

func (s *Server) lookupRoutes() {
	s.get("/search", s.showSearch)
}

// searchPage is the page of looking for a group or person of elsewhere by their
// address.
type searchPage struct {
	Words    string
	Sentence string // why an address led nowhere
	SignIn   string // for a visitor who gave an address
}

// showSearch leads from an address to its page; words lead to the directory. An
// address that leads nowhere is shown again with the reason.
func (s *Server) showSearch(v *visit) error {
	words := strings.TrimSpace(v.Query("q"))
	if words == "" {
		return v.page("search", v.t("lookup.title"), searchPage{})
	}
	path, err := s.lookUp(v, words)
	switch {
	case path != "":
		return v.redirect(path)
	case err != nil:
		return s.searchFailed(v, words, err)
	}
	return v.redirect("/groups?" + url.Values{"q": {words}}.Encode())
}

func (s *Server) searchFailed(v *visit, words string, err error) error {
	code := statusOf(err)
	if code == http.StatusInternalServerError {
		return err
	}
	p := searchPage{Words: words, Sentence: v.sentence(err)}
	if v.viewer.User == nil {
		p.SignIn = "/sign-in?next=" + url.QueryEscape(nextOf(v))
	}
	return v.render(code, "search", v.t("lookup.title"), p)
}

// isAddress says whether what was typed into a search is an address of elsewhere.
func (s *Server) isAddress(text string) bool {
	return s.config.Federation != nil && s.config.Federation.IsAddress(text)
}

// lookUp leads to the page of what an address names; an empty path where the
// text is words and no address. Only a member makes this server ask another, so
// many times in a while, and only from a page of ours or by typing: a link on
// somebody else's page does not.
func (s *Server) lookUp(v *visit, text string) (path string, err error) {
	if !s.isAddress(text) {
		return "", nil
	}
	if v.GetHeader("Sec-Fetch-Site") == "cross-site" {
		return "", &community.Error{Kind: community.Forbidden, Key: "lookup.from_elsewhere"}
	}
	return s.find(v, text)
}

func (s *Server) find(v *visit, text string) (path string, err error) {
	if err := s.service.CountLookup(v.ctx(), v.viewer); err != nil {
		return "", err
	}
	found, err := s.config.Federation.Lookup(v.ctx(), text)
	if err != nil {
		return "", shownServer(err)
	}
	return foundPath(found), nil
}

func foundPath(found federation.Found) string {
	switch found.Kind {
	case federation.FoundGroup:
		return joinPath("g", found.Handle)
	case federation.FoundPost:
		return postPath(found.ID)
	}
	return handlePath(found.Handle)
}

// shownServer writes the server that an error names as people read it.
func shownServer(err error) error {
	var e *community.Error
	if errors.As(err, &e) {
		if domain, ok := e.Args["Server"].(string); ok {
			return &community.Error{Kind: e.Kind, Key: e.Key, Args: map[string]any{"Server": shownDomain(domain)}}
		}
	}
	return err
}
