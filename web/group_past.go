package web

import (
	"errors"
	"time"

	"hearth/community"
)

// pastIsNews is for how long a group's page says what came of fetching its earlier
// threads. That all are here is news to who looks in once or twice a week. Where it
// came to nothing, it explains why the group looks empty, for as long as somebody
// who follows it has it gone on with (docs/decisions/0029).
const (
	pastIsNews    = 7 * 24 * time.Hour
	pastIsMissing = 30 * 24 * time.Hour
)

// groupPast says how far the earlier threads of a group elsewhere have been fetched,
// to those who are in it; empty for everybody else, and when it is no news.
func (v *visit) groupPast(view community.GroupView, at *Elsewhere) (string, error) {
	if at == nil {
		return "", nil
	}
	job, err := v.server.service.Backfill(v.ctx(), view)
	if errors.Is(err, community.NotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	switch {
	case job.IsOpen() && at.Refused: // it is stopped when it comes to its turn
		return v.t("group.past.stopped_refused", "Server", at.Server), nil
	case job.IsOpen():
		return v.pastSoFar(job, at.Server), nil
	}
	if job.FinishedAt == nil || v.server.service.Now().Sub(*job.FinishedAt) >= newsOfPast(job) {
		return "", nil
	}
	return v.t(pastKey(job), "Server", at.Server), nil
}

func newsOfPast(job community.Job) time.Duration {
	if job.State == community.JobDone {
		return pastIsNews
	}
	return pastIsMissing
}

// pastSoFar is how far it is, and what it waits for. What is known of how much there
// is: first threads are counted as they come, then those whose answers have come.
func (v *visit) pastSoFar(job community.Job, server string) string {
	said := v.t("group.past.begins", "Server", server)
	switch {
	case job.Total > 0:
		said = v.t("group.past.answers", "Done", job.Done, "Total", job.Total)
	case job.Done > 0:
		said = v.tn("group.past.fetching", job.Done)
	}
	switch job.Error {
	case community.BackfillUnreachable:
		said += " " + v.t("group.past.waits", "Server", server)
	case community.BackfillPaused:
		said += " " + v.t("group.past.paused")
	}
	return said
}

// pastKey is the sentence for how it ended. A word that this binary does not know
// says that it ended, and no more.
func pastKey(job community.Job) string {
	switch {
	case job.State == community.JobDone:
		return "group.past.done"
	case job.State == community.JobStopped && job.Error == community.BackfillRefused:
		return "group.past.stopped_refused"
	case job.State == community.JobStopped:
		return "group.past.stopped"
	}
	switch job.Error {
	case community.BackfillGone, community.BackfillWithheld, community.BackfillUnreadable, community.BackfillNoList, community.BackfillUnreachable:
		return "group.past.failed." + job.Error
	}
	return "group.past.failed.fault"
}
