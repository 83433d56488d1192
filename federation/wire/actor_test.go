package wire

import (
	"fmt"
	"strings"
	"testing"
)

const somePEM = `-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n`

// somebody is an actor's document with room for more members, each beginning
// with a comma.
func somebody(more string) string {
	return `{"id":"https://a.example.org/u","type":"Person"` + more + `}`
}

func TestActorsMustBeReachableNamedAndVerifiable(t *testing.T) {
	const inbox, name = `,"inbox":"https://a.example.org/u/inbox"`, `,"preferredUsername":"kim"`
	key := func(owner string) string {
		return fmt.Sprintf(`,"publicKey":{"id":"https://a.example.org/u#k","owner":%s,"publicKeyPem":"%s"}`, owner, somePEM)
	}
	own := key(`"https://a.example.org/u"`)
	tests := []struct{ name, more, want string }{
		{"whole", inbox + name + own, ""},
		{"key without owner", inbox + name + key("null"), ""},
		{"no inbox", name + own, NoInbox},
		{"relative inbox", `,"inbox":"/inbox"` + name + own, NoInbox},
		{"no name", inbox + own, NoName},
		{"name a number", inbox + `,"preferredUsername":1` + own, NoName},
		{"no key", inbox + name, NoKey},
		{"key as an address", inbox + name + `,"publicKey":"https://a.example.org/u#k"`, NoKey},
		{"key of somebody else", inbox + name + key(`"https://b.example.org/u"`), NoKey},
		{"key of the same server", inbox + name + key(`"https://a.example.org/v"`), NoKey},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := DecodeActor([]byte(somebody(tt.more)))
			if err != nil {
				t.Fatal(err)
			}
			if got := reason(a.Refusal()); got != tt.want {
				t.Errorf("Refusal = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestOnlyActorsAreDecodedAsActors(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"Person", `{"id":"https://a.example.org/u","type":"Person"}`, ""},
		{"Note", `{"id":"https://a.example.org/u","type":"Note","inbox":"https://a.example.org/i"}`, NotAnActor},
		{"no type", `{"id":"https://a.example.org/u"}`, NoType},
		{"no id", `{"type":"Person"}`, BadID},
		{"key twice", `{"id":"https://a.example.org/u","type":"Person","publicKey":1,"publicKey":2}`, DuplicateKey},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := DecodeActor([]byte(tt.body)); reason(err) != tt.want {
				t.Errorf("got %q, want %q", reason(err), tt.want)
			}
		})
	}
}

// A key document that names its owner is believed only if the owner lists it.
func TestCVE202696625KeyIsTheActorsOnlyIfItListsIt(t *testing.T) {
	served, err := DecodeKey([]byte(`{"id":"https://evil.example/key","owner":"https://a.example.org/u","publicKeyPem":"` + somePEM + `"}`))
	if err != nil {
		t.Fatal(err)
	}
	victim, err := DecodeActor([]byte(somebody(`,"publicKey":[{"id":"https://a.example.org/u#k","publicKeyPem":"` + somePEM + `"}]`)))
	if err != nil {
		t.Fatal(err)
	}
	if _, listed := victim.Key(served.ID); served.Owner != victim.ID || listed {
		t.Errorf("owner %q claims a key of %q; listed = %v, want false", served.ID, served.Owner, listed)
	}
	if key, listed := victim.Key("https://a.example.org/u#k"); !listed || key.Owner != victim.ID {
		t.Errorf("own key: %+v, %v", key, listed)
	}
}

func TestKeyDocumentsNeedOwnerAndKey(t *testing.T) {
	const id, owner = `"id":"https://a.example.org/k"`, `"owner":"https://a.example.org/u"`
	pem := `"publicKeyPem":"` + somePEM + `"`
	tests := []struct{ name, body, want string }{
		{"whole, without type", id + "," + owner + "," + pem, ""},
		{"controller", id + `,"controller":"https://a.example.org/u",` + pem, ""},
		{"no id", owner + "," + pem, BadID},
		{"no owner", id + "," + pem, NotAKey},
		{"no PEM", id + "," + owner, NotAKey},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			key, err := DecodeKey([]byte("{" + tt.body + "}"))
			if reason(err) != tt.want {
				t.Fatalf("got %q, want %q", reason(err), tt.want)
			}
			if err == nil && !strings.HasPrefix(key.PEM, "-----BEGIN PUBLIC KEY-----\n") {
				t.Errorf("PEM = %q", key.PEM)
			}
		})
	}
}

func TestUnsaidDiscoverabilityIsNeitherYesNorNo(t *testing.T) {
	for more, want := range map[string]string{"": "unsaid", `,"discoverable":null`: "unsaid", `,"discoverable":false`: "no", `,"discoverable":true`: "yes", `,"discoverable":"true"`: "unsaid"} {
		a, err := DecodeActor([]byte(somebody(more)))
		if err != nil {
			t.Fatal(err)
		}
		got := "unsaid"
		if a.Discoverable != nil {
			got = map[bool]string{true: "yes", false: "no"}[*a.Discoverable]
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", more, got, want)
		}
	}
}

func TestLargestIconIsTaken(t *testing.T) {
	tests := []struct{ name, icon, want string }{
		{"by size, in any order", `[{"url":"https://a.example.org/2","width":2,"height":2},{"url":"https://a.example.org/3","width":3,"height":3},{"url":"https://a.example.org/1","width":1,"height":1}]`, "https://a.example.org/3"},
		{"the last where none says", `["https://a.example.org/1",{"url":"https://a.example.org/2"}]`, "https://a.example.org/2"},
		{"an IRI", `"https://a.example.org/1"`, "https://a.example.org/1"},
		{"a link in the url", `{"type":"Image","url":{"type":"Link","href":"https://a.example.org/1"}}`, "https://a.example.org/1"},
		{"no address", `{"type":"Image","url":"avatar.png"}`, ""},
		{"a size beyond belief", `[{"url":"https://a.example.org/1","width":9223372036854775807,"height":9223372036854775807},{"url":"https://a.example.org/2","width":-5,"height":9}]`, "https://a.example.org/1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := DecodeActor([]byte(somebody(`,"icon":` + tt.icon)))
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if a.Icon != nil {
				got = a.Icon.URL
			}
			if got != tt.want {
				t.Errorf("Icon = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestModeratorsAreFoundByEitherProperty(t *testing.T) {
	const a, b = "https://a.example.org/mods", "https://a.example.org/others"
	tests := []struct{ name, more, want string }{
		{"attributedTo", `,"attributedTo":"` + a + `"`, a},
		{"moderators", `,"moderators":"` + a + `"`, a},
		{"both alike", `,"moderators":"` + a + `","attributedTo":"` + a + `"`, a},
		{"moderators before attributedTo", `,"moderators":"` + a + `","attributedTo":"` + b + `"`, a},
		{"neither", ``, ""},
		{"a number", `,"attributedTo":1`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g, err := DecodeActor([]byte(`{"id":"https://a.example.org/g","type":"Group"` + tt.more + `}`))
			if err != nil {
				t.Fatal(err)
			}
			if g.Moderators != tt.want {
				t.Errorf("Moderators = %q, want %q", g.Moderators, tt.want)
			}
		})
	}
}
