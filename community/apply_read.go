package community

import (
	"context"
	"time"

	"hearth/community/secret"
)

// Receipt is what somebody who applied sees of their application.
type Receipt struct {
	State     string
	Reply     string
	AskedAt   time.Time
	DecidedAt *time.Time
	Erased    bool   // the answer is gone
	Group     *Group // where an invitation led that they came with, once they are in
}

// Receipt is the state of the application under a code, however it was typed;
// NotFound for a code that was never given.
func (s *Service) Receipt(ctx context.Context, code string) (Receipt, error) {
	a, err := s.store.ApplicationByCode(ctx, secret.HashToken(secret.FoldCode(code)))
	if err != nil {
		return Receipt{}, err
	}
	r := Receipt{State: a.State, Reply: a.Reply, AskedAt: a.CreatedAt, DecidedAt: a.DecidedAt, Erased: a.AnswerErasedAt != nil}
	if a.State == ApplicationApproved {
		r.Group, err = leadsInto(ctx, s.store, a.GroupID)
	}
	return r, err
}

// applicantsShown bounds a page of the list of those who wait.
const applicantsShown = 20

// Applicants lists those who wait, the longest first, after the id after; next
// is where the list goes on, or empty.
func (s *Service) Applicants(ctx context.Context, v Viewer, after string) (list []Applicant, next string, err error) {
	if err := needAdmin(v); err != nil {
		return nil, "", err
	}
	list, err = s.store.WaitingApplicants(ctx, after, applicantsShown+1)
	if len(list) > applicantsShown {
		list = list[:applicantsShown]
		next = list[applicantsShown-1].ID
	}
	return list, next, err
}

// Applicant is one of those who wait; Conflict when they were answered, NotFound
// for who never asked.
func (s *Service) Applicant(ctx context.Context, v Viewer, id string) (Applicant, error) {
	if err := needAdmin(v); err != nil {
		return Applicant{}, err
	}
	a, err := s.store.Applicant(ctx, id)
	if err == nil && a.State != ApplicationWaiting {
		return Applicant{}, fail(Conflict, "apply.decided")
	}
	return a, err
}

// CountApplicants is how many wait for an answer; none for who may not answer.
func (s *Service) CountApplicants(ctx context.Context, v Viewer) (int, error) {
	if !v.IsAdmin() {
		return 0, nil
	}
	return s.store.CountWaiting(ctx)
}
