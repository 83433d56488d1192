package policy

// Traffic is a kind of thing that passes between this server and another.
type Traffic int

// What passes, in and out.
const (
	TheirPost      Traffic = iota // a signed request to an inbox here, before its activity is looked at
	TheirFetch                    // a signed request for a document of ours
	OurFetch                      // our request for a document, a key or NodeInfo of theirs
	TheirFollow                   // somebody there asks to follow a group here
	OurFollow                     // somebody here asks to follow a group there
	Delivery                      // what we send: posts, answers, deletions
	TheirWords                    // a post, or an edit of one, that an author there wrote, whoever brings it
	TheirReport                   // a Flag about something here
	OurReport                     // a Flag about something there
	TheirMedia                    // links to pictures and files in their posts
	TheirName                     // a lookup by WebFinger of a name there
	Directory                     // their groups and people in our directory and search
	WhatIsHere                    // what of theirs is here already, as members see it
	NoticeOf                      // telling somebody here of an answer or a mention by somebody there
	Past                          // what was written before a group there was followed here
	trafficOfKinds                // how many there are
)

// Treatment is what is done with one kind of traffic.
type Treatment int

// Treatments, from none to most.
const (
	Pass    Treatment = iota
	Noted             // it passes, and is shown to admins on that server's page
	Members           // it passes where somebody of both sides is a member already; else it waits or is left out
	Wait              // nobody sees it before a moderator read it
	Refuse            // it does not pass
)

// treatments is what each severity, in the order of Severities, does to each kind
// of traffic. docs/policy.md shows the same table; a test holds them together.
var treatments = [trafficOfKinds][len(Severities)]Treatment{
	//           allow watch limit    hold     suspend
	TheirPost:   {Pass, Noted, Noted, Noted, Refuse},
	TheirFetch:  {Pass, Pass, Pass, Pass, Refuse},
	OurFetch:    {Pass, Pass, Pass, Pass, Refuse},
	TheirFollow: {Pass, Noted, Wait, Wait, Refuse},
	OurFollow:   {Pass, Pass, Pass, Pass, Refuse},
	Delivery:    {Pass, Pass, Pass, Pass, Refuse},
	TheirWords:  {Pass, Noted, Members, Wait, Refuse},
	TheirReport: {Pass, Pass, Pass, Pass, Refuse},
	OurReport:   {Pass, Pass, Pass, Pass, Refuse},
	TheirMedia:  {Pass, Pass, Pass, Pass, Refuse},
	TheirName:   {Pass, Pass, Pass, Pass, Refuse},
	Directory:   {Pass, Pass, Members, Members, Refuse},
	WhatIsHere:  {Pass, Pass, Pass, Pass, Refuse},
	NoticeOf:    {Pass, Pass, Members, Wait, Refuse},
	Past:        {Pass, Pass, Pass, Refuse, Refuse},
}

// On says what is done with one kind of traffic. What the policy rejects beside
// its severity is refused.
func (v Verdict) On(t Traffic) Treatment {
	switch {
	case t == TheirMedia && v.RejectMedia,
		t == TheirReport && v.RejectReports,
		(t == TheirFollow || t == OurFollow) && v.NoNewFollows:
		return Refuse
	}
	rank := Rank(v.Severity)
	if rank >= len(Severities) {
		return Refuse
	}
	return treatments[t][rank]
}

// Refused says that there is no traffic either way.
func (v Verdict) Refused() bool { return v.On(TheirPost) == Refuse }
