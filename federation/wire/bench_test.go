package wire

import (
	"encoding/json"
	"testing"
)

// The bare parse of the same bytes in the same run is what Decode is measured
// against.
func BenchmarkDecode(b *testing.B) {
	body := encoded(b, Announce(by(ourGroup, "1"), encoded(b, Create(by(ourPerson, "2"), aPage()))))
	b.Run("bare", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			var m map[string]any
			if err := json.Unmarshal(body, &m); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("activity", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			if _, err := Decode(body); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("activity, activity and post", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			if err := decodeWhole(body); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func decodeWhole(body []byte) error {
	announce, err := Decode(body)
	if err != nil {
		return err
	}
	create, err := announce.Object.Activity()
	if err != nil {
		return err
	}
	_, err = create.Object.Post()
	return err
}

func BenchmarkDecodeActor(b *testing.B) {
	body := encoded(b, aGroup())
	b.Run("bare", func(b *testing.B) {
		for b.Loop() {
			var m map[string]any
			if err := json.Unmarshal(body, &m); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("actor", func(b *testing.B) {
		for b.Loop() {
			if _, err := DecodeActor(body); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	create := Create(by(ourPerson, "1"), aPage())
	for b.Loop() {
		if _, err := Encode(create); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseIRI(b *testing.B) {
	for b.Loop() {
		if _, err := ParseIRI(ourPage, IRIOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
