package community

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"hearth/community/secret"
)

// decide appends a Decision to its scope's chain, in the transaction of what was
// decided. The caller fills what, to what and by whom; id, number, time and
// hashes are made here.
func (s *Service) decide(ctx context.Context, tx Store, d Decision, words DecisionWords) (Decision, error) {
	last, err := tx.LastDecision(ctx, d.Scope)
	if err != nil {
		return d, err
	}
	payload, err := json.Marshal(words)
	if err != nil {
		return d, err
	}
	d.DecidedAt = s.now()
	d.ID = secret.NewID(d.DecidedAt)
	p := DecisionPayload{DecisionID: d.ID, Salt: secret.NewToken(), Payload: string(payload)}
	d.Seq, d.PreviousHash = last.Seq+1, last.Hash
	d.PayloadHash = payloadHash(p)
	d.Hash = decisionHash(d)
	return d, tx.InsertDecision(ctx, d, p)
}

func payloadHash(p DecisionPayload) string { return hashOf(p.Salt, p.Payload) }

// decisionHash binds a Decision to the one before it: over the previous hash,
// the payload's hash, the time, the kind, and what, whom and until when it is about.
func decisionHash(d Decision) string {
	until, undoes, whose := "", "", ""
	if d.Until != nil {
		until = d.Until.UTC().Format(time.RFC3339Nano)
	}
	if d.Undoes != nil {
		undoes = *d.Undoes
	}
	if d.AccountID != nil {
		whose = *d.AccountID
	}
	return hashOf(d.PreviousHash, d.PayloadHash, d.DecidedAt.UTC().Format(time.RFC3339Nano), d.Kind,
		d.ID, d.Scope, strconv.FormatInt(d.Seq, 10), d.DecidedBy, d.SubjectKind, d.SubjectID, whose, d.Rule, until, undoes)
}

// hashOf hashes parts with their lengths, so that no two lists of parts meet.
func hashOf(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(strconv.Itoa(len(p)))
		b.WriteByte(':')
		b.WriteString(p)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:])
}
