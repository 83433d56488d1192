package community

import (
	"context"

	"hearth/community/markup"
	"hearth/community/policy"
)

// withoutMedia leaves the pictures and files out of what came, where those of its
// author's server are not taken. The author's account was read before.
func (d *desk) withoutMedia(ctx context.Context, in Inbound, g Group, authorID string) (Inbound, error) {
	treatment, err := d.on(ctx, policy.TheirMedia, g, d.accounts[authorID])
	if err != nil || treatment != policy.Refuse {
		return in, err
	}
	if in.HasFiles {
		in.HTML = in.Bare
	}
	if markup.IsFile(in.Link) {
		in.Link = ""
	}
	in.HTML, in.Source, in.HasFiles = markup.WithoutFiles(in.HTML), "", false
	return in, nil
}

// hideMedia takes the links to pictures and files out of posts that are here already,
// where those of their authors' servers are not taken by now. Of people of here it reads
// nothing.
func (s *Service) hideMedia(ctx context.Context, g Group, posts []PostView) error {
	var policies *policy.Snapshot
	for i := range posts {
		p := &posts[i]
		if p.Author.Domain == "" || p.HTML == "" {
			continue
		}
		if policies == nil {
			var err error
			if policies, err = s.Policies(ctx); err != nil {
				return err
			}
		}
		if mediaIn(policies, g, p.Author.Domain) == policy.Refuse {
			p.HTML = markup.WithoutFiles(p.HTML)
		}
	}
	return nil
}

// hideMediaBefore is hideMedia for what a post said before.
func (s *Service) hideMediaBefore(ctx context.Context, seen PostSeen, versions []PostVersion) error {
	if seen.Post.Verified == VerifiedLocal || len(versions) == 0 {
		return nil
	}
	author, err := s.store.Account(ctx, seen.Post.AuthorID)
	if err != nil {
		return err
	}
	policies, err := s.Policies(ctx)
	if err != nil || mediaIn(policies, seen.Group, author.Domain) != policy.Refuse {
		return err
	}
	for i := range versions {
		versions[i].HTML = markup.WithoutFiles(versions[i].HTML)
	}
	return nil
}

// mediaIn is what is done with pictures and files of a server in a group.
func mediaIn(policies *policy.Snapshot, g Group, domain string) policy.Treatment {
	treatment := policies.JudgeIn(g.ID, domain).On(policy.TheirMedia)
	if !g.IsLocal() {
		treatment = max(treatment, policies.JudgeIn(g.ID, g.Domain).On(policy.TheirMedia))
	}
	return treatment
}
