package community

import (
	"slices"
	"strings"
	"time"
)

// Audience is who may read what is written in a group, how far copies travel,
// and whether the directory shows the group.
type Audience struct {
	Sensitive bool
	Readers   string
	Reach     string
	Listed    bool
	Servers   []string // folded domains, where Reach is ReachNamed

	// Microblogs says whether people of microblog servers may follow, which show
	// its threads as posts among all others. Never where Sensitive.
	Microblogs bool
}

// StartingAudience is what a new group begins with: a sensitive one is for its
// members alone, stays here and is not listed (architecture.md, Who may see what).
func StartingAudience(sensitive bool) Audience {
	if sensitive {
		return Audience{Sensitive: true, Readers: ReadersMembers, Reach: ReachNowhere}
	}
	return Audience{Readers: ReadersAnyone, Reach: ReachNowhere, Listed: true, Microblogs: true}
}

func (a Audience) tidy() Audience {
	a.Microblogs = a.Microblogs && !a.Sensitive
	if a.Reach != ReachNamed {
		a.Servers = nil
		return a
	}
	servers := make([]string, 0, len(a.Servers))
	for _, domain := range a.Servers {
		if domain = PastedDomain(domain); domain != "" {
			servers = append(servers, domain)
		}
	}
	slices.Sort(servers)
	a.Servers = slices.Compact(servers)
	return a
}

// check refuses what cannot be true: what only members may read cannot travel
// to any server, and nothing travels where the site talks to nobody.
func (a Audience) check(p *problems, site Site) {
	if !oneOf(a.Readers, ReadersAnyone, ReadersInstance, ReadersMembers) {
		p.add("readers", "form.choose")
	}
	switch {
	case !oneOf(a.Reach, ReachAnywhere, ReachNamed, ReachNowhere):
		p.add("reach", "form.choose")
	case a.Reach != ReachNowhere && site.IsClosed():
		p.add("reach", "group_form.reach_site_closed")
	case a.Reach == ReachAnywhere && a.Readers == ReadersMembers:
		p.add("reach", "group_form.reach_not_true")
	case a.Reach == ReachNamed:
		checkServers(p, a.Servers, site)
	}
}

func checkServers(p *problems, servers []string, site Site) {
	if len(servers) == 0 || len(servers) > maxGroupServers {
		p.add("servers", "group_form.servers_number", "Most", maxGroupServers)
	}
	for _, domain := range servers {
		if !isDomain(domain) || domain == Fold(site.Host) {
			p.add("servers", "group_form.server_form", "Server", domain)
			return
		}
	}
}

// Advice is what surprises about a combination that is allowed: keys under
// "group_form.advice".
const (
	AdviceSensitiveReaders = "sensitive_readers" // others than members read a sensitive group
	AdviceSensitiveReach   = "sensitive_reach"   // copies of a sensitive group leave
	AdviceSensitiveListed  = "sensitive_listed"  // a sensitive group stands in the directory
	AdviceAskedAnyone      = "asked_anyone"      // approval does not decide who reads
	AdviceMembersNamed     = "members_named"     // members' words stand on other servers
	AdviceInstanceAnywhere = "instance_anywhere" // readers of this server, copies everywhere
)

// advice is what somebody should know before this is so.
func (a Audience) advice(joining string) []string {
	var found []string
	for _, s := range []struct {
		is   bool
		what string
	}{
		{a.Sensitive && a.Readers != ReadersMembers, AdviceSensitiveReaders},
		{a.Sensitive && a.Reach != ReachNowhere, AdviceSensitiveReach},
		{a.Sensitive && a.Listed, AdviceSensitiveListed},
		{joining == JoiningAsked && a.Readers == ReadersAnyone, AdviceAskedAnyone},
		{a.Readers == ReadersMembers && a.Reach == ReachNamed, AdviceMembersNamed},
		{a.Readers == ReadersInstance && a.Reach == ReachAnywhere, AdviceInstanceAnywhere},
	} {
		if s.is {
			found = append(found, s.what)
		}
	}
	return found
}

var adviceFields = map[string]string{
	AdviceSensitiveReaders: "readers", AdviceSensitiveReach: "reach", AdviceSensitiveListed: "listed",
	AdviceAskedAnyone: "readers", AdviceMembersNamed: "reach", AdviceInstanceAnywhere: "reach",
}

// put writes the audience onto a group; its servers are rows of their own.
func (a Audience) put(g *Group) {
	g.Sensitive, g.Readers, g.Reach, g.Listed, g.Microblogs = a.Sensitive, a.Readers, a.Reach, a.Listed, a.Microblogs
}

// disclose lets a group that reaches beyond this server be known there.
func (g *Group) disclose(now time.Time) {
	if g.Reach != ReachNowhere && g.DisclosedAt == nil {
		g.DisclosedAt = &now
	}
}

// Audience is the group's present one, without its named servers.
func (g Group) Audience() Audience {
	return Audience{Sensitive: g.Sensitive, Readers: g.Readers, Reach: g.Reach, Listed: g.Listed, Microblogs: g.TakesMicroblogs()}
}

// widens says whether a change opens new posts to more people or servers than
// members agreed to, so that they are asked again.
func (a Audience) widens(to Audience) bool {
	return wider(readersOrder, a.Readers, to.Readers) || wider(reachOrder, a.Reach, to.Reach) ||
		a.Reach == ReachNamed && to.Reach == ReachNamed && len(missing(to.Servers, a.Servers)) > 0
}

// Changes are keys, under "group_audience.change", of what a change of audience
// does, to what is written and to what stands already.
func (a Audience) Changes(to Audience) []string {
	var found []string
	for _, s := range []struct {
		is   bool
		what string
	}{
		{wider(readersOrder, a.Readers, to.Readers), "readers_wider"},
		{wider(readersOrder, to.Readers, a.Readers), "readers_narrower"},
		{wider(reachOrder, a.Reach, to.Reach), "reach_wider"},
		{wider(reachOrder, to.Reach, a.Reach), "reach_narrower"},
		{a.Reach == to.Reach && len(missing(to.Servers, a.Servers)) > 0, "servers_more"},
		{a.Reach == to.Reach && len(missing(a.Servers, to.Servers)) > 0, "servers_fewer"},
		{!a.Listed && to.Listed, "listed"},
		{a.Listed && !to.Listed, "unlisted"},
		{!a.Microblogs && to.Microblogs, "microblogs"},
		{a.Microblogs && !to.Microblogs, "no_microblogs"},
		{!a.Sensitive && to.Sensitive, "sensitive"},
		{a.Sensitive && !to.Sensitive, "not_sensitive"},
		{a.widens(to), "asked_again"},
	} {
		if s.is {
			found = append(found, s.what)
		}
	}
	return found
}

// Wide to narrow.
var (
	readersOrder = []string{ReadersAnyone, ReadersInstance, ReadersMembers}
	reachOrder   = []string{ReachAnywhere, ReachNamed, ReachNowhere}
)

func wider(order []string, from, to string) bool {
	return slices.Index(order, to) < slices.Index(order, from)
}

// missing are those of a that are not in b.
func missing(a, b []string) []string {
	var found []string
	for _, s := range a {
		if !slices.Contains(b, s) {
			found = append(found, s)
		}
	}
	return found
}

// isDomain says whether s has the form of a host, with or without a port.
func isDomain(s string) bool {
	host, _, _ := strings.Cut(s, ":")
	if len(s) > 253 || !strings.Contains(host, ".") && host != "localhost" {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789.-:") == "" && !strings.Contains(s, "..")
}
