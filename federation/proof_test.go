package federation_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gowebpki/jcs"
	"github.com/mr-tron/base58"

	"hearth/community"
	"hearth/federation/fedtest"
)

// signer is a key for proofs (FEP-8b32) that is some actor's, or is said to be.
type signer struct {
	method string
	key    ed25519.PrivateKey
}

func newSigner(method string) signer {
	seed := sha256.Sum256([]byte(method))
	return signer{method, ed25519.NewKeyFromSeed(seed[:])}
}

// multikey is the key as an actor's document lists it (FEP-521a).
func (s signer) multikey(controller string) map[string]any {
	public := s.key.Public().(ed25519.PublicKey)
	return map[string]any{"id": s.method, "type": "Multikey", "controller": controller, "publicKeyMultibase": "z" + base58.Encode(append([]byte{0xed, 0x01}, public...))}
}

// proof is one of a document by eddsa-jcs-2022, as its member "proof" says it.
func (s signer) proof(o *origins, document string) string {
	config := fmt.Sprintf(`{"type":"DataIntegrityProof","cryptosuite":"eddsa-jcs-2022","verificationMethod":%q,"proofPurpose":"assertionMethod","created":"2026-01-01T00:00:00Z"}`, s.method)
	hash := func(text string) []byte {
		canonical, err := jcs.Transform([]byte(text))
		o.must(err)
		sum := sha256.Sum256(canonical)
		return sum[:]
	}
	value := ed25519.Sign(s.key, slices.Concat(hash(config), hash(document)))
	return strings.TrimSuffix(config, "}") + fmt.Sprintf(`,"proofValue":%q}`, "z"+base58.Encode(value))
}

func withProof(document, proof string) string {
	return strings.TrimSuffix(document, "}") + `,"proof":` + proof + `}`
}

func (s signer) proves(o *origins, document string) string {
	return withProof(document, s.proof(o, document))
}

// lists has an actor list keys as their own.
func lists(a *fedtest.Actor, keys ...map[string]any) {
	all := make([]any, len(keys))
	for i, k := range keys {
		all[i] = k
	}
	a.Edit(func(document map[string]any) { document["assertionMethod"] = all })
}

// A proof by the author's own key is as good as a signature, and nothing else is: a
// post without one is asked for (FEP-8b32, FEP-fe34).
func TestProofByItsAuthorsKeySaysWhoseAPostIs(t *testing.T) {
	kims, lees, moes := newSigner(kim+"#proofs"), newSigner(lee+"#proofs"), newSigner(moe+"#proofs")
	eachOrigins(t, func(o *origins) {
		unlisted, claimed := newSigner(kim+"#unlisted"), newSigner(kim+"#claimed")
		lists(o.far.Person("kim"), kims.multikey(kim), claimed.multikey(lee))
		lists(o.far.Person("lee"), lees.multikey(lee))
		lists(o.elm.Person("moe"), moes.multikey(moe), newSigner(kim+"#planted").multikey(kim))
		another := kims.proof(o, postDocument("https://far.example/p/another", kim, o.quiet.URI, "", "other words"))
		for i, c := range []struct {
			name   string
			object func(uri, doc string) string
			proven bool
		}{
			{"in the activity", func(uri, doc string) string { return kims.proves(o, create(uri, kim, doc)) }, true},
			{"in the post", func(uri, doc string) string { return create(uri, kim, kims.proves(o, doc)) }, true},
			{"in both", func(uri, doc string) string { return kims.proves(o, create(uri, kim, kims.proves(o, doc))) }, true},
			{"a broken one beside one that holds", func(uri, doc string) string {
				return create(uri, kim, withProof(doc, "["+another+","+kims.proof(o, doc)+"]"))
			}, true},
			{"none", func(uri, doc string) string { return create(uri, kim, doc) }, false},
			{"of other words", func(uri, doc string) string {
				return create(uri, kim, strings.Replace(kims.proves(o, doc), "words of", "forged words of", 1))
			}, false},
			{"of another post", func(uri, doc string) string { return create(uri, kim, withProof(doc, another)) }, false},
			{"of the post, in the activity", func(uri, doc string) string { return withProof(create(uri, kim, doc), kims.proof(o, doc)) }, false},
			{"by another author there", func(uri, doc string) string { return lees.proves(o, create(uri, kim, doc)) }, false},
			{"by another author, under the author's name", func(uri, doc string) string {
				return signer{kims.method, lees.key}.proves(o, create(uri, kim, doc))
			}, false},
			{"by somebody of the group's server", func(uri, doc string) string { return moes.proves(o, create(uri, kim, doc)) }, false},
			{"by a key that another server lists as the author's", func(uri, doc string) string { return newSigner(kim+"#planted").proves(o, create(uri, kim, doc)) }, false},
			{"by a key that is not listed", func(uri, doc string) string { return unlisted.proves(o, create(uri, kim, doc)) }, false},
			{"by a key that is another's", func(uri, doc string) string { return claimed.proves(o, create(uri, kim, doc)) }, false},
			{"of another suite", func(uri, doc string) string {
				return strings.Replace(kims.proves(o, create(uri, kim, doc)), "eddsa-jcs-2022", "eddsa-rdfc-2022", 1)
			}, false},
			{"cut", func(uri, doc string) string { return withProof(create(uri, kim, doc), `{"type":"DataIntegrityProof"}`) }, false},
		} {
			uri := fmt.Sprintf("https://far.example/p/proven-%d", i)
			doc := o.serves(uri, kim, o.quiet.URI, "")
			o.becomes(c.name, o.arrives("Announce", o.quiet.URI, uri, c.object(uri, doc)), "accepted ")
			verified, asked, open := "group", 1, "1"
			if c.proven {
				verified, asked, open = "signed", 0, "0"
			}
			o.stands(c.name, uri, "quiet published "+verified)
			o.waiting(c.name, open)
			o.inquires(within)
			if c.proven {
				o.stands(c.name+", later", uri, "quiet published signed")
			} else {
				o.stands(c.name+", asked about", uri, "quiet published origin")
				o.says(c.name+", asked about", uri, "<p>words of")
			}
			if n := o.asked(uri); n != asked {
				t.Errorf("%s: asked for %d times, want %d", c.name, n, asked)
			}
		}
	})
}

// Whose key cannot be read now has proven nothing; an edit is proven as a post is.
func TestProofOfAnEditAndWithoutItsKey(t *testing.T) {
	kims := newSigner(kim + "#proofs")
	eachOrigins(t, func(o *origins) {
		o.serves(kimsPost, kim, o.quiet.URI, "")
		doc := postDocument(kimsPost, kim, o.quiet.URI, "", "words of kim")
		o.becomes("no key", o.arrives("Announce", o.quiet.URI, kimsPost, kims.proves(o, create(kimsPost, kim, doc))), "accepted ")
		o.stands("no key", kimsPost, "quiet published group")
		o.inquires(within)
		o.stands("asked about", kimsPost, "quiet published origin")

		lists(o.far.Person("kim"), kims.multikey(kim))
		o.clock.pass(2 * time.Minute) // for so long it is remembered that kim was not there
		o.clock.pass(time.Minute)
		mended := dated(postDocument(kimsPost, kim, o.quiet.URI, "", "mended"), noon, o.clock.Now())
		o.becomes("a proven edit", o.announces("Update", kim, kimsPost, kims.proves(o, mended)), "accepted ")
		o.says("a proven edit", kimsPost, "<p>mended")
		o.waiting("a proven edit", "0")
		if post, err := o.store.PostByURI(t.Context(), kimsPost); err != nil || post.Verified == community.VerifiedGroup {
			t.Errorf("a proven edit is marked: %+v, %v", post.Verified, err)
		}
		forged := strings.Replace(kims.proves(o, mended), "mended", "forged", 1)
		o.becomes("a forged edit", o.announces("Update", kim, kimsPost, forged), "accepted ")
		o.stands("a forged edit", kimsPost, "quiet published group")
		o.waiting("a forged edit", "1")
		o.clock.pass(time.Minute)
		again := dated(postDocument(kimsPost, kim, o.quiet.URI, "", "mended once more"), noon, o.clock.Now())
		o.becomes("a proven edit of marked words", o.announces("Update", kim, kimsPost, kims.proves(o, again)), "accepted ")
		o.stands("a proven edit of marked words", kimsPost, "quiet published signed")
		o.says("a proven edit of marked words", kimsPost, "<p>mended once more")
	})
}

// What a group says of a reply that waits is no more its author's than of one that
// stands: a proof of other words does not cover it.
func TestEditByTheGroupAloneOfAProvenReplyThatWaitsIsMarked(t *testing.T) {
	kims := newSigner(kim + "#proofs")
	eachOrigins(t, func(o *origins) {
		lists(o.far.Person("kim"), kims.multikey(kim))
		reply := func(words string) string { return postDocument(secondPost, kim, o.quiet.URI, firstPost, words) }
		o.becomes("a proven reply", o.arrives("Announce", o.quiet.URI, secondPost, kims.proves(o, create(secondPost, kim, reply("words")))), "held orphan")
		o.stands("a proven reply", secondPost, "quiet orphan signed")
		o.becomes("the group's edit", o.announces("Update", kim, secondPost, reply("forged")), "accepted ")
		o.stands("the group's edit", secondPost, "quiet orphan group")
		o.becomes("its parent", o.passesOn(lee, firstPost, ""), "accepted ")
		o.stands("joined", secondPost, "quiet published group")
		o.at(secondPost, fedtest.Body(activityJSON, []byte(reply("words of kim"))))
		o.inquires(within)
		o.stands("asked about", secondPost, "quiet published origin")
		o.says("asked about", secondPost, "<p>words of kim")
	})
}
