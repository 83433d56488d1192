package storage_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"hearth/community"
	"hearth/federation"
	"hearth/storage"
	"hearth/storage/storagetest"
)

// BenchmarkDeliveries claims and finishes 1,000 deliveries, over few hosts with
// much in their lanes and over many with little.
func BenchmarkDeliveries(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		for _, hosts := range []int{10, 500} {
			b.Run(fmt.Sprintf("%s/%d_hosts", engine, hosts), func(b *testing.B) {
				store := storagetest.SQLite(b)
				if engine == "postgres" {
					store = storagetest.Open(b, storagetest.PostgresDatabase(b))
				}
				const total = 1000
				for b.Loop() {
					b.StopTimer()
					queueDeliveries(b, store, hosts, total)
					b.StartTimer()
					if n := deliverAll(b, store); n != total {
						b.Fatalf("got %d deliveries, want %d", n, total)
					}
				}
				b.ReportMetric(float64(total)*float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
			})
		}
	}
}

var queued int

// queueDeliveries saves one activity for each host, and so on.
func queueDeliveries(t testing.TB, store *storage.Store, hosts, total int) {
	t.Helper()
	ctx := context.Background()
	parcel := federation.Parcel{At: noon}
	for i := range total {
		if i%hosts == 0 {
			queued++
			id := fmt.Sprint("x", queued)
			parcel.Activities = append(parcel.Activities, federation.Activity{ID: id, URI: id, Type: "Create", Raw: make([]byte, 2000), ReceivedAt: noon})
		}
		host := fmt.Sprintf("far%d.example", i%hosts)
		parcel.Deliveries = append(parcel.Deliveries, federation.Delivery{
			ActivityID: parcel.Activities[i/hosts].ID, ActorID: "ada", Inbox: "https://" + host + "/inbox", Host: host, OrderKey: fmt.Sprint("k", i%7), CreatedAt: noon,
		})
	}
	queued++
	event := community.Event{ID: fmt.Sprint("e", queued), Kind: "test", CreatedAt: noon}
	if err := store.InsertEvent(ctx, event); err != nil {
		t.Fatal(err)
	}
	token, events, err := store.ClaimEvents(ctx, "", noon, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(store.SaveOutgoing(ctx, token, events[0].Event, parcel), store.ReleaseEvents(ctx, token)); err != nil {
		t.Fatal(err)
	}
}

// deliverAll does what a node does around the requests themselves, and says how
// many there would have been.
func deliverAll(t testing.TB, store *storage.Store) (n int) {
	t.Helper()
	ctx := context.Background()
	for {
		lanes, err := store.ClaimLanes(ctx, noon, 64)
		if err != nil {
			t.Fatal(err)
		}
		if len(lanes) == 0 {
			return n
		}
		reports, hosts := make([]federation.LaneReport, len(lanes)), make([]string, len(lanes))
		for i, lane := range lanes {
			hosts[i] = lane.Host
			reports[i] = federation.LaneReport{Lease: federation.Lease{Host: lane.Host, Token: *lane.LeaseToken}, Health: &federation.LaneHealth{SendWindow: 8}, Release: true}
		}
		errands, err := store.DueErrands(ctx, hosts, noon, 32)
		if err != nil {
			t.Fatal(err)
		}
		var seqs []int64
		for i := range reports {
			for _, e := range errands[reports[i].Host] {
				seqs = append(seqs, e.Seq)
				reports[i].Results = append(reports[i].Results, federation.DeliveryResult{Seq: e.Seq, State: federation.DeliveryDone, FirstTriedAt: ptr(noon), FinishedAt: ptr(noon), Status: 202})
			}
		}
		if held, err := store.HeldDeliveries(ctx, seqs); err != nil || len(held) != len(seqs) {
			t.Fatalf("%d of %d are held, %v", len(held), len(seqs), err)
		}
		if lost, err := store.FinishDeliveries(ctx, noon, reports); err != nil || len(lost) > 0 {
			t.Fatalf("lost %v, %v", lost, err)
		}
		n += len(seqs)
	}
}

func ptr(at time.Time) *time.Time { return &at }
