package federation_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"hearth/federation"
	"hearth/federation/fedtest"
	"hearth/storage/storagetest"
)

// BenchmarkFanOut sends one activity to each of 500 hosts over TLS: by a loop
// that only signs and posts, and through the queues of each engine.
func BenchmarkFanOut(b *testing.B) {
	const total = 500
	world := fedtest.NewWorld(b)
	hosts := make([]string, total)
	for i := range hosts {
		hosts[i] = fmt.Sprintf("far%d.example", i)
		world.Mount(hosts[i], http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			w.WriteHeader(http.StatusAccepted)
		}))
	}
	b.Run("bare", func(b *testing.B) {
		client := federation.NewClient(federation.Guard{Reach: world.Reach, Roots: world.Roots()})
		for b.Loop() {
			postBare(b, client, hosts)
		}
		b.ReportMetric(float64(total*b.N)/b.Elapsed().Seconds(), "deliveries/s")
	})
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			store := storagetest.SQLite(b)
			if engine == "postgres" {
				store = storagetest.Open(b, storagetest.PostgresDatabase(b))
			}
			h := newHearth(b, store, world, &clock{now: time.Now()})
			h.prepareToSend(b)
			mails := make([]mail, total)
			for i, host := range hosts {
				mails[i] = mail{host: host, key: "a"}
			}
			for b.Loop() {
				b.StopTimer()
				h.queue(b, mails...)
				b.StartTimer()
				h.workOnce(b)
			}
			b.ReportMetric(float64(total*b.N)/b.Elapsed().Seconds(), "deliveries/s")
		})
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
