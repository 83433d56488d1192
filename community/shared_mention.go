package community

import (
	"context"
	"slices"

	"hearth/community/markup"
)

// SharedMentions are the actors that the words of posts written here name, by
// post: those that others may hear of. It takes two reads, however many posts.
func (s *Service) SharedMentions(ctx context.Context, posts ...SharedPost) (map[string][]Actor, error) {
	site, err := s.store.Site(ctx)
	if err != nil {
		return nil, err
	}
	named := make(map[string][]GroupRef, len(posts))
	var domains, names []string
	for _, p := range posts {
		for _, ref := range mentionsOf(p.Post, Fold(site.Host)) {
			named[p.ID] = append(named[p.ID], ref)
			domains, names = append(domains, ref.Domain), append(names, ref.Name)
		}
	}
	actors, err := s.store.ActorsNamed(ctx, unique(domains), unique(names))
	if err != nil {
		return nil, err
	}
	known := make(map[GroupRef]Actor, len(actors))
	for _, a := range actors {
		if isDisclosed(a) {
			known[GroupRef{Domain: a.Domain, Name: a.Name}] = a
		}
	}
	return resolved(named, known), nil
}

// mentionsOf are whom a post of this server names, by folded name and domain.
func mentionsOf(p Post, host string) []GroupRef {
	if p.Verified != VerifiedLocal {
		return nil
	}
	var refs []GroupRef
	for _, m := range markup.Mentions(p.Source) {
		ref := GroupRef{Domain: m.Host, Name: Fold(m.Name)}
		if ref.Domain == host {
			ref.Domain = ""
		}
		refs = append(refs, ref)
	}
	return refs
}

func resolved(named map[string][]GroupRef, known map[GroupRef]Actor) map[string][]Actor {
	byPost := make(map[string][]Actor, len(named))
	for post, refs := range named {
		for _, ref := range refs {
			if a, ok := known[ref]; ok && a.Type != ActorGroup {
				byPost[post] = append(byPost[post], a)
			}
		}
	}
	return byPost
}

func unique(all []string) []string {
	slices.Sort(all)
	return slices.Compact(all)
}
