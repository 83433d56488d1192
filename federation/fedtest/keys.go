package fedtest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"sync"
)

var pool struct {
	sync.Mutex
	keys []*rsa.PrivateKey
}

// PrivateKey is the nth RSA key of this process, made when it is first asked
// for: two numbers never share a key, and a test run makes each only once.
func PrivateKey(n int) *rsa.PrivateKey {
	pool.Lock()
	defer pool.Unlock()
	for len(pool.keys) <= n {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		pool.keys = append(pool.keys, key)
	}
	return pool.keys[n]
}

// PublicPEM is a public key as actors publish it: SPKI, "BEGIN PUBLIC KEY".
func PublicPEM(key *rsa.PublicKey) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}
