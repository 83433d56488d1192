package federation_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hearth/federation"
	"hearth/federation/fedtest"
	"hearth/storage"
	"hearth/storage/storagetest"
)

// hostsOfFanOut is how many hosts an activity goes to: fewer in a short run.
func hostsOfFanOut() int {
	if testing.Short() {
		return 80
	}
	return 500
}

// BenchmarkFanOut sends one activity to each of 500 hosts over TLS, through the
// queues and by a loop that only signs and posts: over connections that stand,
// and over new ones.
func BenchmarkFanOut(b *testing.B) {
	for _, warm := range []bool{true, false} {
		name := map[bool]string{true: "warm", false: "cold"}[warm]
		b.Run(name, func(b *testing.B) {
			storagetest.EachMeasured(b, func(b *testing.B, store *storage.Store, cpu *storagetest.CPU) {
				s := newStrangers(b, store, cpu.Address())
				client := federation.NewClient(federation.Guard{Reach: s.world.Reach, Roots: s.world.Roots()})
				s.send(b, s.hosts, cpu) // the lanes know their hosts, and both have their connections
				postBare(b, client, s.hosts)
				ownCPU, bareCPU := cpu.Another(), cpu.Another()
				took, bareTook := storagetest.Turns(b, func() time.Duration {
					if !warm {
						s.CloseIdle()
					}
					return s.send(b, s.hosts, ownCPU)
				}, func() time.Duration {
					if !warm {
						client.CloseIdleConnections()
					}
					bareCPU.Start()
					defer bareCPU.Stop()
					began := time.Now()
					postBare(b, client, s.hosts)
					return time.Since(began)
				})
				hosts := float64(len(s.hosts))
				b.ReportMetric(hosts/storagetest.Median(took).Seconds(), "deliveries/s")
				b.ReportMetric(hosts/storagetest.Median(bareTook).Seconds(), "bare/s")
				b.ReportMetric(1/storagetest.Ratio(took, bareTook), "of-bare(>=0.75)")
				b.ReportMetric(float64(ownCPU.Total())/float64(bareCPU.Total()), "cpu-to-bare")
			})
		})
	}
}

// BenchmarkFanOutPastTheIll sends to 500 hosts, of which half have failed before,
// fail again, and are due to be tried; and to the other half alone. Both are
// measured until the last of the well ones has it.
func BenchmarkFanOutPastTheIll(b *testing.B) {
	for _, illness := range []string{"refusing", "answering_500", "hanging"} {
		b.Run(illness, func(b *testing.B) {
			storagetest.EachMeasured(b, func(b *testing.B, store *storage.Store, cpu *storagetest.CPU) {
				s := newStrangers(b, store, cpu.Address())
				half := len(s.hosts) / 2
				s.fallIll(illness, s.hosts[:half])
				took, aloneTook := storagetest.Turns(b,
					func() time.Duration { return s.reachTheWell(b, s.hosts[:half], s.hosts[half:]) },
					func() time.Duration { return s.reachTheWell(b, nil, s.hosts[half:]) })
				b.ReportMetric(float64(storagetest.Median(took).Milliseconds()), "ms")
				b.ReportMetric(float64(storagetest.Median(aloneTook).Milliseconds()), "ms-alone")
				b.ReportMetric(storagetest.Ratio(took, aloneTook), "of-alone(<=1.3)")
			})
		})
	}
}

// strangers are a hearth and the hosts that it sends to.
type strangers struct {
	*hearth
	hosts   []string
	illness string
	ill     map[string]bool
	healed  chan struct{} // closed when those that hang give up
	arrived atomic.Int64  // at hosts that are well
}

func newStrangers(b *testing.B, store *storage.Store, address string) *strangers {
	b.Helper()
	world := fedtest.NewWorld(b)
	s := &strangers{ill: map[string]bool{}, healed: make(chan struct{})}
	for i := range hostsOfFanOut() {
		host := fmt.Sprintf("far%d.example", i)
		s.hosts = append(s.hosts, host)
		world.Mount(host, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.answer(w, r, host) }))
	}
	s.hearth = newHearth(b, store, world, &clock{now: time.Now()})
	s.db = storagetest.SQL(b, address)
	s.prepareToSend(b)
	return s
}

func (s *strangers) fallIll(illness string, hosts []string) {
	s.illness = illness
	for _, host := range hosts {
		s.ill[host] = true
	}
}

func (s *strangers) answer(w http.ResponseWriter, r *http.Request, host string) {
	io.Copy(io.Discard, r.Body)
	switch {
	case !s.ill[host]:
		s.arrived.Add(1)
		w.WriteHeader(http.StatusAccepted)
	case s.illness == "answering_500":
		w.WriteHeader(http.StatusInternalServerError)
	case s.illness == "hanging":
		select {
		case <-s.healed:
		case <-r.Context().Done():
		}
		w.WriteHeader(http.StatusGatewayTimeout)
	default:
		panic(http.ErrAbortHandler) // the connection is cut without an answer
	}
}

// mails are one for each host.
func (s *strangers) mails(hosts []string) []mail {
	mails := make([]mail, len(hosts))
	for i, host := range hosts {
		mails[i] = mail{host: host, key: "a"}
	}
	return mails
}

// send queues an activity for each host, and says how long it took to deliver
// them all and write that down, as a node does that then stops.
func (s *strangers) send(b *testing.B, hosts []string, cpu *storagetest.CPU) time.Duration {
	b.Helper()
	b.StopTimer()
	s.queue(b, s.mails(hosts)...)
	b.StartTimer()
	cpu.Start()
	defer cpu.Stop()
	began := time.Now()
	look, stop := s.Deliverer(b.Context())
	for claimed := 1; claimed > 0; {
		var err error
		if claimed, err = look(); err != nil {
			b.Error(err)
		}
	}
	stop()
	return time.Since(began)
}

// reachTheWell sends to hosts that are ill and to others, and says how long it
// took until the last of those had it. What is left of the ill is put away.
func (s *strangers) reachTheWell(b *testing.B, ill, well []string) time.Duration {
	b.Helper()
	b.StopTimer()
	defer b.StartTimer()
	s.healed = make(chan struct{})
	s.arrived.Store(0)
	s.queue(b, s.mails(append(ill[:len(ill):len(ill)], well...))...)
	s.mark(b, ill)
	b.StartTimer()
	began := time.Now()
	stop := s.start(b)
	for s.arrived.Load() < int64(len(well)) {
		time.Sleep(time.Millisecond)
		if time.Since(began) > time.Minute {
			b.Fatalf("%d of %d had it after a minute", s.arrived.Load(), len(well))
		}
	}
	took := time.Since(began)
	b.StopTimer()
	close(s.healed)
	stop()
	s.execute(b, "DELETE FROM deliveries")
	s.execute(b, "DELETE FROM lanes")
	return took
}

// mark makes hosts ones that have failed for an hour, and that are due before
// all others.
func (s *strangers) mark(b *testing.B, hosts []string) {
	b.Helper()
	since := s.clock.Now().Add(-time.Hour).UTC().Format("2006-01-02 15:04:05.999999+00:00")
	for _, host := range hosts {
		s.execute(b, fmt.Sprintf("UPDATE lanes SET failing_since = '%[1]s', next_at = '%[1]s' WHERE host = '%[2]s'", since, host))
	}
}

func (s *strangers) execute(b *testing.B, statement string) {
	b.Helper()
	if _, err := s.db.Exec(statement); err != nil {
		b.Fatal(err)
	}
}

func postBare(b *testing.B, client *http.Client, hosts []string) {
	b.Helper()
	key := federation.Key{ID: "https://oak.example/u/ada#main-key", Private: fedtest.PrivateKey(0)}
	body := []byte(`{"id":"https://oak.example/x/1","type":"Create"}`)
	var sending sync.WaitGroup
	for _, host := range hosts {
		sending.Go(func() {
			req, err := http.NewRequest(http.MethodPost, "https://"+host+"/inbox", bytes.NewReader(body))
			if err != nil {
				b.Error(err)
				return
			}
			req.Header.Set("Content-Type", "application/activity+json")
			if err := federation.Sign(req, body, key, time.Now()); err != nil {
				b.Error(err)
				return
			}
			resp, err := client.Do(req)
			if err != nil {
				b.Error(err)
				return
			}
			resp.Body.Close()
		})
	}
	sending.Wait()
}
