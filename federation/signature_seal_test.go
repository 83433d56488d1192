package federation

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"net/http"
	"testing"
	"time"
)

func TestSigningWaitsForACoreUntilTheRequestEnds(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for range cap(sealing) {
		sealing <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://far.example/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "application/activity+json")
	key := Key{ID: "https://oak.example/u#main-key", Private: private}
	if err := Sign(req, nil, key, time.Now()); !errors.Is(err, context.Canceled) {
		t.Errorf("with no core free: %v, want %v", err, context.Canceled)
	}
	for range cap(sealing) {
		<-sealing
	}
	if err := Sign(req.WithContext(t.Context()), nil, key, time.Now()); err != nil {
		t.Errorf("with every core free: %v, want none", err)
	}
}
