package domainlist_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"testing"

	"hearth/federation/domainlist"
)

// BenchmarkParse reads 100,000 lines beside a loop of encoding/csv over the same,
// which looks at nothing that it reads.
func BenchmarkParse(b *testing.B) {
	file := manyRows(domainlist.DefaultEntries)
	b.Run("bare", func(b *testing.B) {
		b.SetBytes(int64(len(file)))
		b.ReportAllocs()
		for b.Loop() {
			r := csv.NewReader(bytes.NewReader(file))
			r.ReuseRecord = true
			for {
				if _, err := r.Read(); err == io.EOF {
					break
				} else if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("list", func(b *testing.B) {
		b.SetBytes(int64(len(file)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := domainlist.Parse(bytes.NewReader(file), domainlist.Limits{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkWrite(b *testing.B) {
	l, err := domainlist.Parse(bytes.NewReader(manyRows(domainlist.DefaultEntries)), domainlist.Limits{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := domainlist.Write(io.Discard, l); err != nil {
			b.Fatal(err)
		}
	}
}
