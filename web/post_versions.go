package web

import (
	"html/template"
	"time"

	"hearth/community"
)

// versionsPage is what a post says and said before.
type versionsPage struct {
	URL      string
	Versions []postVersion // the newest first
}

// postVersion is a post as it stood once.
type postVersion struct {
	Heading string
	Time    time.Time
	Title   string
	Note    string
	HTML    template.HTML
	Lang    string
}

func (s *Server) showVersions(v *visit) error {
	seen, versions, err := s.service.PostVersions(v.ctx(), v.viewer, v.Param("id"))
	if err != nil {
		return err
	}
	p := versionsPage{URL: postPath(seen.Post.ID)}
	p.Versions = append(p.Versions, v.postVersion(v.t("versions.now"), seen.Post.Said(), seen.Post.Language))
	for _, old := range versions {
		p.Versions = append(p.Versions, v.postVersion(v.t("versions.before"), old, seen.Post.Language))
	}
	return v.page("post_versions", v.inGroup(seen.Group, v.t("thread.tab")), p)
}

func (v *visit) postVersion(heading string, old community.PostVersion, lang string) postVersion {
	return postVersion{
		Heading: heading, Time: old.WrittenAt, Title: old.Title, Note: v.noteOf(old.Topics(), old.NoteText),
		HTML: wordsUnder(2, old.HTML), Lang: lang,
	}
}
