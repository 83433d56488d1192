package community

import "context"

// RecordPage is how many decisions stand on a page of a record.
const RecordPage = 50

// RecordRow is one decision in the record of a place, with its words and names.
type RecordRow struct {
	Decision
	Payload      DecisionPayload // zero where it was erased
	By           string          // the name of who decided; the account's id or a word where there is none
	AccountTitle string          // whose it was
	SubjectTitle string          // the name of the person or group it is about
}

// RecordEntry is a RecordRow as it is shown, with what its place in the chain says.
type RecordEntry struct {
	RecordRow
	Words DecisionWords
	Fit   Fit
}

// Record is one page of what was decided in a place, the newest first. It is
// only ever appended to.
type Record struct {
	Group   *Group // nil: the instance
	Entries []RecordEntry
	Older   int64 // the number before which the next page begins; 0 at the end
	Broken  bool  // an entry of this page does not fit
}

// Record is the record of a group, by any reference, or with an empty one of the
// instance. before is the number of an entry, 0 for the newest. NotFound for who
// moderates neither. Whom an entry is about does not learn from it who decided.
func (s *Service) Record(ctx context.Context, v Viewer, groupRef string, before int64) (Record, error) {
	var rec Record
	scope, own := "", Membership{}
	if groupRef != "" {
		seen, err := s.groupFor(ctx, s.store, v, groupRef)
		if err != nil {
			return Record{}, err
		}
		rec.Group, scope, own = &seen.Group, seen.ID, seen.Membership
	}
	if !mayReadRecord(v, scope, own, s.now()) {
		return Record{}, fail(NotFound, "error.not_found")
	}
	rows, err := s.store.RecordRows(ctx, scope, before, RecordPage+1)
	if err != nil {
		return Record{}, err
	}
	rec.read(rows)
	for i := range rec.Entries {
		if e := &rec.Entries[i]; concerns(v, e.Decision) {
			e.By, e.DecidedBy = "", ""
		}
		if e := &rec.Entries[i]; !v.IsAdmin() {
			e.Payload = DecisionPayload{} // Words are what of it may be read
			e.keepFromModerators(&e.Words, &e.SubjectTitle, &e.AccountTitle)
		}
	}
	return rec, nil
}

// RecordOfServer is what was decided about one server, the newest first and at most
// so much. Whether it was changed since is for the whole record to say. NotFound for
// those who are not admins.
func (s *Service) RecordOfServer(ctx context.Context, v Viewer, host string, limit int) ([]RecordEntry, error) {
	if !v.IsAdmin() {
		return nil, fail(NotFound, "error.not_found")
	}
	rows, err := s.store.RecordRowsOn(ctx, SubjectDomain, host, limit)
	entries := make([]RecordEntry, len(rows))
	for i, row := range rows {
		entries[i] = RecordEntry{RecordRow: row, Words: row.words(row.Payload), Fit: FitWhole}
		if row.Payload.DecisionID == "" {
			entries[i].Fit = FitErased
		}
	}
	return entries, err
}

// read fills a page with rows, the newest first, of which one more than fits
// vouches for the last.
func (r *Record) read(rows []RecordRow) {
	shown := rows
	if len(rows) > RecordPage {
		shown = rows[:RecordPage]
		r.Older = shown[RecordPage-1].Seq
	}
	for i, row := range shown {
		var previous Decision
		if i+1 < len(rows) {
			previous = rows[i+1].Decision
		}
		e := RecordEntry{RecordRow: row, Words: row.words(row.Payload), Fit: fitOf(previous, row.Decision, row.Payload)}
		r.Broken = r.Broken || !e.Fit.Holds()
		r.Entries = append(r.Entries, e)
	}
}
