package storagetest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"hearth/storage"
)

// EachMeasured runs fn as a benchmark on each engine, with a new store and what
// measures the processor time that is spent on it.
func EachMeasured(b *testing.B, fn func(b *testing.B, store *storage.Store, cpu *CPU)) {
	b.Helper()
	b.Run("sqlite", func(b *testing.B) {
		address := filepath.Join(b.TempDir(), "hearth.db")
		fn(b, Open(b, address), &CPU{address: address})
	})
	b.Run("postgres", func(b *testing.B) {
		address := PostgresDatabase(b)
		fn(b, Open(b, address), &CPU{address: address, backends: backendsOf(b, address)})
	})
}

// CPU adds up the processor time of this process, in which SQLite runs too, and
// of the backends of a database on a PostgreSQL of this machine. What a cluster
// does for all its databases (its log writer, its vacuum) is not in it.
type CPU struct {
	address  string
	backends func() []int

	total time.Duration
	begun map[int]time.Duration // by process; 0 is this one
}

// Address is that of the database.
func (c *CPU) Address() string { return c.address }

// Another measures the same, from nothing on.
func (c *CPU) Another() *CPU { return &CPU{address: c.address, backends: c.backends} }

// Start begins a stretch, Stop ends it.
func (c *CPU) Start() { c.begun = c.now() }

// Stop ends the stretch that Start began.
func (c *CPU) Stop() {
	for process, spent := range c.now() {
		c.total += spent - c.begun[process] // a backend that is new began with nothing
	}
}

// Total is what all stretches took.
func (c *CPU) Total() time.Duration { return c.total }

func (c *CPU) now() map[int]time.Duration {
	spent := map[int]time.Duration{0: ownTime()}
	if c.backends == nil {
		return spent
	}
	for _, pid := range c.backends() {
		if t, ok := timeOf(pid); ok {
			spent[pid] = t
		}
	}
	return spent
}

// ownTime is the processor time of this process so far.
func ownTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// timeOf is the processor time of another process so far (proc(5), schedstat),
// which there is on Linux.
func timeOf(pid int) (time.Duration, bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/schedstat", pid))
	if err != nil {
		return 0, false
	}
	var spent time.Duration
	_, err = fmt.Sscan(string(text), &spent)
	return spent, err == nil
}

// backendsOf are the processes of PostgreSQL that serve a database; none where
// it runs on another machine, and then the benchmark says so.
func backendsOf(b *testing.B, address string) func() []int {
	b.Helper()
	admin, err := sql.Open("pgx", os.Getenv(PostgresEnv))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { admin.Close() })
	name := address[strings.LastIndexByte(address, '/')+1:]
	name, _, _ = strings.Cut(name, "?")
	list := func() (pids []int) {
		rows, err := admin.QueryContext(context.Background(), "SELECT pid FROM pg_stat_activity WHERE datname = $1", name)
		if err != nil {
			b.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var pid int
			if err := rows.Scan(&pid); err != nil {
				b.Fatal(err)
			}
			pids = append(pids, pid)
		}
		return pids
	}
	if !areHere(list()) {
		b.Log("PostgreSQL's processes cannot be seen from here: its processor time is not counted")
		return nil
	}
	return list
}

func areHere(pids []int) bool {
	return !slices.ContainsFunc(pids, func(pid int) bool {
		name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
		return err != nil || !strings.HasPrefix(string(name), "postgres")
	})
}

// Turns runs what is measured and the bare loop beside it in turns for as long
// as the benchmark lasts, three times at least but in a short run, so that whatever else the
// machine does slows both. Each gives how long it took of what is to be compared.
func Turns(b *testing.B, subject, bare func() time.Duration) (took, bareTook []time.Duration) {
	b.Helper()
	for b.Loop() {
		if len(took)%2 == 0 {
			took, bareTook = append(took, subject()), append(bareTook, bare())
		} else {
			bareTook, took = append(bareTook, bare()), append(took, subject())
		}
	}
	for len(took) < 3 && !testing.Short() {
		took, bareTook = append(took, subject()), append(bareTook, bare())
	}
	b.ReportMetric(0, "ns/op") // of both together: it says nothing
	return took, bareTook
}

// Median is the middle one, which a hiccup of the machine does not move.
func Median(all []time.Duration) time.Duration { return quantile(all, 0.5) }

// P99 is what one in a hundred takes longer than.
func P99(all []time.Duration) time.Duration { return quantile(all, 0.99) }

func quantile(all []time.Duration, q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[int(q*float64(len(sorted)-1)+0.5)]
}

// Ratio is how many times as long one takes as another, by their medians.
func Ratio(of, to []time.Duration) float64 { return float64(Median(of)) / float64(Median(to)) }
