package federation

import "slices"

// dialect is what a server makes of a group: what its posts have to look like for
// somebody there to see them.
type dialect struct {
	activities bool // Announce of the activity itself (FEP-1b12)
	addresses  bool // Announce of a post by its address, and what an author says directly
}

// threadiverse reads Announce of an activity as what a group passes on. Of an
// Announce by address Lemmy and PieFed say that they cannot read it, and the
// others take it for a second copy.
var threadiverse = []string{
	"discourse", "friendica", "hearth", "kbin", "lemmy", "lotide", "mbin", "nodebb", "piefed", "pyfedi", "sublinks", "wordpress",
}

// microblogs is software that shows an Announce as a boost by the group. Of an
// Announce of an activity it fetches that activity, and then either drops it or
// shows each answer in a thread as a boost of its own.
var microblogs = []string{
	"akkoma", "calckey", "catodon", "cherrypick", "fedibird", "firefish", "foundkey", "gnusocial", "gotosocial", "hollo", "hometown",
	"honk", "iceshrimp", "kmyblue", "ktistec", "mastodon", "microblogpub", "misskey", "mitra", "pixelfed", "pleroma", "rebased",
	"sharkey", "snac", "takahe",
}

// dialectOf is how to speak to a software, by the name that NodeInfo gives it. To
// one that nobody here has heard of, or that does not say, everything is said in
// both ways: what it does not understand it drops.
func dialectOf(software string) dialect {
	switch {
	case slices.Contains(threadiverse, software):
		return dialect{activities: true}
	case isMicroblog(software):
		return dialect{addresses: true}
	}
	return dialect{activities: true, addresses: true}
}

func isMicroblog(software string) bool { return slices.Contains(microblogs, software) }
