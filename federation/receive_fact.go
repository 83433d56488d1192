package federation

import (
	"hearth/community/policy"
	"hearth/federation/wire"
)

// kindOfFact is what kind of message an activity is to policies. An Announce is of
// the kind of what it passes on: words, where any of it is.
func kindOfFact(act *wire.Activity) policy.FactKind {
	switch act.Type {
	case "Create":
		return policy.FactWords
	case "Update":
		if !wire.IsActorType(act.Object.Type()) {
			return policy.FactWords
		}
	case "Follow":
		return policy.FactFollow
	case "Flag":
		return policy.FactReport
	case "Announce":
		return kindPassedOn(unfold(act.Object))
	}
	return policy.FactOther
}

func kindPassedOn(all []wire.Ref) policy.FactKind {
	kind := policy.FactOther
	for _, ref := range all {
		one := policy.FactWords // an id alone, or a post
		if wire.IsActivityType(ref.Type()) {
			one = policy.FactOther
			if inner, err := ref.Activity(); err == nil && inner.Type != "Announce" {
				one = kindOfFact(inner)
			}
		}
		if one == policy.FactWords {
			return one
		}
		if one == policy.FactReport {
			kind = one
		}
	}
	return kind
}

// aboutOf is the first third server of which an Announce passes something on; empty
// where there is none.
func (f *Federation) aboutOf(act *wire.Activity, from string) string {
	if act.Type != "Announce" {
		return ""
	}
	for _, ref := range unfold(act.Object) {
		for _, id := range carried(ref) {
			if domain := domainOfURI(id, f.iriOptions()); domain != "" && domain != from && domain != f.config.Host {
				return domain
			}
		}
	}
	return ""
}
