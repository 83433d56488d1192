package wire_test

import (
	"fmt"
	"testing"

	"hearth/federation/wire"
)

func TestAnEventIsWhereItsPlaceSays(t *testing.T) {
	for location, want := range map[string]string{
		`{"type":"Place","name":"River","latitude":50.6}`:          "River",
		`{"type":"Place","name":"Hall","address":"1 Long Street"}`: "Hall, 1 Long Street",
		`{"type":"Place","name":"Hall","address":{"type":"PostalAddress","streetAddress":"1 Long Street","addressLocality":"Hall","addressCountry":"Wales"}}`: "Hall, 1 Long Street, Wales",
		`[{"type":"Place","nameMap":{"cy":"Neuadd"}},{"type":"VirtualLocation"}]`:                                                                             "Neuadd",
		`"The old mill"`: "The old mill",
		`{"type":"Place","name":7,"address":["x"]}`: "",
		`7`:    "",
		`null`: "",
		`[]`:   "",
	} {
		post, err := wire.DecodePost(fmt.Appendf(nil, `{"id":"https://a.example/1","type":"Event","location":%s}`, location))
		if err != nil || post.Place != want {
			t.Errorf("%s: got %q, %v; want %q", location, post.Place, err, want)
		}
	}
}
