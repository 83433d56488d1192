package storage

import "context"

// PolicyEpoch is the present epoch of the policies.
func (s *Store) PolicyEpoch(ctx context.Context) (int64, error) {
	var epoch int64
	err := s.read.NewRaw("SELECT epoch FROM policy_epoch WHERE id = 1").Scan(ctx, &epoch)
	return epoch, wrap("policy epoch", err)
}

// RaisePolicyEpoch begins the next epoch and returns it.
func (s *Store) RaisePolicyEpoch(ctx context.Context) (int64, error) {
	var epoch int64
	err := s.write.NewRaw("UPDATE policy_epoch SET epoch = epoch + 1 WHERE id = 1 RETURNING epoch").Scan(ctx, &epoch)
	return epoch, wrap("policy epoch", err)
}
