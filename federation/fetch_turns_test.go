package federation

import (
	"fmt"
	"testing"
)

func TestHostThatNobodyWaitsForIsForgotten(t *testing.T) {
	var hosts turns
	for n := range 100 {
		leave, err := hosts.enter(t.Context(), fmt.Sprintf("%d.example", n))
		if err != nil {
			t.Fatal(err)
		}
		leave()
	}
	if n := len(hosts.hosts); n > 0 {
		t.Errorf("%d hosts are kept, want none", n)
	}
}
