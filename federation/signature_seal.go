package federation

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"

	"github.com/go-fed/httpsig"
)

// Key is what an actor of ours signs with. Private must come out of
// crypto/x509 or crypto/rsa, whose keys carry their precomputed values: without
// them a signature costs several times as much.
type Key struct {
	// ID is the key's URL in the actor's document. It has a fragment
	// ("...#main-key"): Lemmy finds the actor by cutting it off.
	ID      string
	Private *rsa.PrivateKey
}

// sealing has a place for every core. A fan-out would otherwise have hundreds
// of signatures under way at once, and every one of them late.
var sealing = make(chan struct{}, runtime.GOMAXPROCS(0))

// seal computes the signature over covered and puts it, with the Digest of
// body, on req. It and sealText are where a private key is used, and so what to
// change for a faster RSA. The library's signers keep a running hash, so each
// call has its own.
func seal(ctx context.Context, req *http.Request, body []byte, key Key, covered []string) error {
	if err := key.check(); err != nil {
		return err
	}
	signer, _, err := httpsig.NewSigner([]httpsig.Algorithm{httpsig.RSA_SHA256},
		httpsig.DigestSha256, covered, httpsig.Signature, 0)
	if err != nil {
		return err
	}
	leave, err := awaitCore(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if err := signer.SignRequest(key.Private, key.ID, req, body); err != nil {
		return err
	}
	return relabel(req.Header)
}

// sealText is the signature over text, RSA PKCS #1 v1.5 with SHA-256.
func sealText(ctx context.Context, text string, key Key) ([]byte, error) {
	if err := key.check(); err != nil {
		return nil, err
	}
	leave, err := awaitCore(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	sum := sha256.Sum256([]byte(text))
	return rsa.SignPKCS1v15(nil, key.Private, crypto.SHA256, sum[:])
}

func awaitCore(ctx context.Context) (leave func(), err error) {
	select {
	case sealing <- struct{}{}:
		return func() { <-sealing }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (k Key) check() error {
	if k.Private == nil {
		return errors.New("no private key")
	}
	if k.ID == "" || strings.ContainsFunc(k.ID, unquotable) {
		return fmt.Errorf("key id %q cannot stand in a signature", k.ID)
	}
	return nil
}

func unquotable(r rune) bool {
	return r <= ' ' || r > '~' || r == '"' || r == '\\'
}

// relabel names the algorithm as all peers know it. The library says "hs2019",
// which gup.pe, older Friendica and WordPress refuse; the label is not covered
// by the signature.
func relabel(header http.Header) error {
	const theirs, ours = `,algorithm="hs2019",`, `,algorithm="rsa-sha256",`
	value := header.Get("Signature")
	if strings.Count(value, theirs) != 1 {
		return errors.New("the signature has no label to replace")
	}
	header.Set("Signature", strings.Replace(value, theirs, ours, 1))
	return nil
}
