package storage

import "slices"

// inOrder merges the first rows that were never tried with the first that are
// to be tried again, by their sequence. Where one of the two lists was cut at
// the limit, nothing behind the cut is kept of the other: it could belong
// behind a row that was cut off.
func inOrder[T any](fresh, again []T, limit int, seq func(T) int64) []T {
	if len(again) == 0 {
		return fresh
	}
	if len(fresh) == 0 {
		return again
	}
	last := int64(-1)
	for _, list := range [][]T{fresh, again} {
		if end := seq(list[len(list)-1]); len(list) >= limit && (last < 0 || end < last) {
			last = end
		}
	}
	all := slices.Concat(fresh, again)
	slices.SortFunc(all, func(a, b T) int { return int(seq(a) - seq(b)) })
	if last >= 0 {
		all = slices.DeleteFunc(all, func(row T) bool { return seq(row) > last })
	}
	return all[:min(len(all), limit)]
}
