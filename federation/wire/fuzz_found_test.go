package wire

import (
	"reflect"
	"testing"
)

// What a server answers to WebFinger leads to an address or to nobody.
func FuzzDecodeJRD(f *testing.F) {
	for _, seed := range []string{
		`{"subject":"acct:ada@far.example","aliases":["https://far.example/@ada"],"links":[{"rel":"self","type":"application/activity+json","href":"https://far.example/u/1"}]}`,
		`{"links":[{"rel":"self","type":"application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"","href":"https://far.example/c/1","properties":{"https://www.w3.org/ns/activitystreams#type":"Group"}},{"rel":"self","type":"application/activity+json","href":"https://far.example/u/1"}]}`,
		`{"links":{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"https://far.example/follow?uri={uri}"},"aliases":"x"}`,
		`{"links":[null,1,"self",{"href":1},{"rel":"self","href":"acct:x"}],"subject":null}`,
		`{}`, `[]`, ``,
	} {
		f.Add([]byte(seed), "Group")
	}
	f.Fuzz(func(t *testing.T, body []byte, preferred string) {
		j, err := DecodeJRD(body)
		if err != nil {
			if reason(err) == "" {
				t.Fatalf("an error without a reason: %v", err)
			}
			return
		}
		for _, kind := range []string{preferred, ""} {
			if id := j.ActorID(kind); id != "" && !isIRI(id) {
				t.Fatalf("leads to %q", id)
			}
		}
		j.SubscribeTemplate()
		if len(j.Links) > MaxItems || len(j.Aliases) > MaxItems {
			t.Fatalf("%d links, %d aliases", len(j.Links), len(j.Aliases))
		}
		raw, err := Encode(j)
		if err != nil {
			return // longer than what we would say ourselves
		}
		again, err := DecodeJRD(raw)
		if err != nil || again.ActorID("Group") != j.ActorID("Group") {
			t.Fatalf("%s is read as %+v, %v; want %+v", raw, again, err, j)
		}
	})
}

// A collection has no more in it than its bounds allow, and leads on to an address
// or nowhere.
func FuzzDecodeCollection(f *testing.F) {
	for _, file := range goldenFiles(f) {
		f.Add(golden(f, file))
	}
	for _, seed := range []string{
		`{"type":"OrderedCollection","id":"https://far.example/o","totalItems":3,"first":{"type":"OrderedCollectionPage","next":"https://far.example/o?page=2","orderedItems":["https://far.example/x/1",{"id":"https://far.example/x/2","type":"Note"}]}}`,
		`{"type":"Collection","items":[[["https://far.example/x/1"]]],"first":"https://far.example/o?page=1","next":"x"}`,
		`{"type":"OrderedCollectionPage","partOf":"https://far.example/o","orderedItems":{"type":"Collection","items":{"type":"Collection"}},"totalItems":-1}`,
		`{"type":"Note","items":null,"first":null}`, `{"type":"Collection","totalItems":1e400}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		c, err := DecodeCollection(body)
		if err != nil {
			if reason(err) == "" {
				t.Fatalf("an error without a reason: %v", err)
			}
			return
		}
		inline := c.Inline()
		if len(inline) > 2*MaxItems || c.TotalItems < 0 {
			t.Fatalf("%d items inline, %d in all", len(inline), c.TotalItems)
		}
		for _, address := range []string{c.ID, c.Next, c.PartOf, c.More(), c.AttributedTo} {
			if address != "" && !isIRI(address) {
				t.Fatalf("leads to %q", address)
			}
		}
		for _, item := range inline {
			walk(item, MaxDepth)
		}
		again, err := DecodeCollection(c.Raw)
		if err != nil || !reflect.DeepEqual(again.Inline(), inline) || again.More() != c.More() {
			t.Fatalf("%s is read again as %+v, %v", c.Raw, again, err)
		}
	})
}
