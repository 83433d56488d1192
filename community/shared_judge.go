package community

// mayShareGroup says whether whoever asks from outside may know a group of this
// server: its document and its name. One that reaches named servers is known to
// those alone (safety.md R16, R17).
func mayShareGroup(v Viewer, site Site, g Group, tie Tie) bool {
	switch {
	case site.IsClosed() || !g.IsLocal() || g.DisclosedAt == nil || !oneOf(g.State, GroupActive, GroupClosed):
		return false
	case g.Reach == ReachAnywhere:
		return true
	}
	return g.Reach == ReachNamed && v.Domain != "" && tie.Named
}

// mayShareWords says whether whoever asks from outside may read what stands in a
// group for some readers within some reach. What is not for everyone goes only
// to a verified server from which somebody was let in (R16), and what stays here
// goes to nobody. For a group elsewhere that server is the group's own.
func mayShareWords(v Viewer, g Group, tie Tie, readers, reach string) bool {
	readers, reach = NarrowerReaders(readers, g.Readers), NarrowerReach(reach, g.Reach)
	switch {
	case reach == ReachNowhere:
		return false
	case reach == ReachAnywhere && readers == ReadersAnyone:
		return true
	case v.Domain == "":
		return false
	case !g.IsLocal():
		return v.Domain == g.Domain
	}
	return tie.Followed && (reach == ReachAnywhere || tie.Named)
}

// sharedWith are the values of a post's readers and reach that are open to
// whoever asks. Whatever stands in one list goes with whatever stands in the
// other; an empty one is nothing.
func sharedWith(v Viewer, g Group, tie Tie) (readers, reach []string) {
	for _, r := range readersOrder {
		if mayShareWords(v, g, tie, r, ReachAnywhere) || mayShareWords(v, g, tie, r, ReachNamed) {
			readers = append(readers, r)
		}
	}
	for _, r := range reachOrder {
		if mayShareWords(v, g, tie, ReadersAnyone, r) {
			reach = append(reach, r)
		}
	}
	return readers, reach
}

// isDisclosed says whether others may hear of an actor: those of other servers
// are known there, those of here agreed to it.
func isDisclosed(a Actor) bool { return !a.IsLocal() || a.DisclosedAt != nil }
