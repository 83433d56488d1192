package federation

import "time"

// result is what an attempt makes of its delivery. A failing host costs a
// delivery nothing: only its own answers of 500 are counted.
func (l *laneRun) result(a attempt, v verdict) DeliveryResult {
	now := l.d.f.now()
	e := a.errand
	r := DeliveryResult{
		Seq: e.Seq, State: DeliveryWaiting, Attempts: e.Attempts, FirstTriedAt: e.firstTried(a.at),
		NextAt: e.NextAt, Status: a.status, PostID: e.PostID, ActorID: e.ActorID,
	}
	if v != arrived {
		r.LastError = a.reason()
	}
	switch v {
	case arrived:
		r.State, r.FinishedAt, r.NextAt, r.Effect = DeliveryDone, &now, nil, effectOf(e.Activity, v)
	case declined, unsigned:
		r.State, r.FinishedAt, r.NextAt, r.Effect = DeliveryRefused, &now, nil, effectOf(e.Activity, declined)
		if v == declined {
			l.d.f.doubt(e.Activity.GroupID)
		}
	case faulty:
		r.Attempts++
		if r.putOff(now); r.State == DeliverySetAside {
			r.Effect = effectOf(e.Activity, declined)
		}
	case unsendable:
		at := now.Add(spread(firstErrorWait))
		r.NextAt, r.LastError = &at, "not signed"
	}
	return r
}

// putOff has a delivery tried again later, or sets it aside when that has been
// done for long enough; then what is behind it goes on.
func (r *DeliveryResult) putOff(now time.Time) {
	if r.Attempts >= setAsideAfter && now.Sub(*r.FirstTriedAt) >= setAsideSince {
		r.State, r.FinishedAt, r.NextAt = DeliverySetAside, &now, nil
		return
	}
	at := now.Add(spread(errorWait(r.Attempts)))
	r.NextAt = &at
}

// judge is what an attempt says about the host.
func (l *laneRun) judge(a attempt, v verdict) {
	switch v {
	case arrived:
		l.faults = 0
		l.isWell(fullWindow)
	case declined, unsigned:
		l.isWell(l.health.SendWindow)
		if a.status == 410 {
			l.health.LastError = a.reason()
		}
	case faulty:
		l.faults++
		if l.faults >= l.faultsBorne() {
			l.fails(a, firstErrorWait)
		}
	case unreached:
		l.fails(a, firstLaneWait)
	case unsendable:
		l.d.f.config.Log.Error().Err(a.err).Str("actor", a.errand.ActorID).Msg("a delivery could not be signed")
	}
}

// faultsBorne is how many answers of 500 in a row are taken for the deliveries'
// own, before they are taken for the host's.
func (l *laneRun) faultsBorne() int {
	switch {
	case l.isFailing():
		return 1
	case l.health.SendWindow == firstWindow:
		return 2
	}
	return 3
}

func (l *laneRun) isWell(window int) {
	if l.sick {
		return // others under way at the same time said otherwise; the next probe decides
	}
	l.health = LaneHealth{SendWindow: window}
}

// fails lets the lane rest, longer the longer it has failed.
func (l *laneRun) fails(a attempt, first time.Duration) {
	if l.sick {
		return
	}
	l.sick = true
	now := l.d.f.now()
	if !l.isFailing() {
		l.health.FailingSince, l.health.FailingDays, l.health.LastFailedOn = &now, 0, ""
	}
	if today := now.UTC().Format(time.DateOnly); today != l.health.LastFailedOn {
		l.health.LastFailedOn = today
		l.health.FailingDays++
	}
	dead := l.health.FailingDays >= DeadAfterDays
	next := now.Add(laneWait(now.Sub(*l.health.FailingSince), first, dead))
	if asked := now.Add(a.retryAfter); a.retryAfter > 0 {
		l.health.AskedUntil = &asked
		if asked.After(next) {
			next = asked
		}
	}
	l.health.LastError, l.health.SendWindow, l.health.NextAt = a.reason(), firstWindow, &next
}
