package community

import "context"

// InvitationLine is one line of the admins' list of invitations.
type InvitationLine struct {
	Invitation
	Group  *Actor // where it leads
	Author Actor  // who made it
}

// invitationsShown bounds a page of the list.
const invitationsShown = 30

// Invitations lists them for admins, the newest first, before the id before;
// next is where the list goes on, or empty.
func (s *Service) Invitations(ctx context.Context, v Viewer, before string) (lines []InvitationLine, next string, err error) {
	if err := needAdmin(v); err != nil {
		return nil, "", err
	}
	list, err := s.store.Invitations(ctx, before, invitationsShown+1)
	if err != nil {
		return nil, "", err
	}
	if len(list) > invitationsShown {
		list = list[:invitationsShown]
		next = list[invitationsShown-1].ID
	}
	var ids []string
	for _, i := range list {
		ids = append(ids, i.MadeBy)
		if i.GroupID != nil {
			ids = append(ids, *i.GroupID)
		}
	}
	actors, err := s.store.Actors(ctx, ids)
	for _, i := range list {
		line := InvitationLine{Invitation: i, Author: actors[i.MadeBy]}
		if i.GroupID != nil {
			if group, ok := actors[*i.GroupID]; ok {
				line.Group = &group
			}
		}
		lines = append(lines, line)
	}
	return lines, next, err
}
