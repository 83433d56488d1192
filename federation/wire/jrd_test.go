package wire

import "testing"

func TestWebFingerLeadsToTheActor(t *testing.T) {
	const shared = `{"subject":"acct:tea@lemmy.example.org","links":[
		{"rel":"http://webfinger.net/rel/profile-page","type":"text/html","href":"https://lemmy.example.org/c/tea"},
		{"rel":"self","type":"application/activity+json","href":"https://lemmy.example.org/u/tea","properties":{"https://www.w3.org/ns/activitystreams#type":"Person"}},
		{"rel":"self","type":"application/activity+json","href":"https://lemmy.example.org/c/tea","properties":{"https://www.w3.org/ns/activitystreams#type":"Group"}}]}`
	one := func(link string) string { return `{"subject":"acct:a@a.example.org","links":[` + link + `]}` }
	tests := []struct{ name, body, preferred, want string }{
		{"the last of a shared name", shared, "", "https://lemmy.example.org/c/tea"},
		{"the Group of a shared name", shared, "Group", "https://lemmy.example.org/c/tea"},
		{"the Person of a shared name", shared, "Person", "https://lemmy.example.org/u/tea"},
		{"JSON-LD with a profile", one(`{"rel":"self","type":"application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"","href":"https://a.example.org/1"}`), "", "https://a.example.org/1"},
		{"JSON-LD without", one(`{"rel":"self","type":"application/ld+json","href":"https://a.example.org/1"}`), "", ""},
		{"with a parameter", one(`{"rel":"self","type":"application/activity+json; charset=utf-8","href":"https://a.example.org/1"}`), "", "https://a.example.org/1"},
		{"HTML only", one(`{"rel":"self","type":"text/html","href":"https://a.example.org/1"}`), "", ""},
		{"no address", one(`{"rel":"self","type":"application/activity+json","href":"javascript:1"}`), "", ""},
		{"no links", `{"subject":"acct:a@a.example.org"}`, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			j, err := DecodeJRD([]byte(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			if got := j.ActorID(tt.preferred); got != tt.want {
				t.Errorf("ActorID = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestVisitorsAreSentToTheirOwnServersPage(t *testing.T) {
	for link, want := range map[string]string{
		`{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"https://a.example.org/authorize_interaction?uri={uri}"}`: "https://a.example.org/authorize_interaction?uri={uri}",
		`{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"https://a.example.org/follow"}`:                          "",
		`{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"javascript:alert({uri})"}`:                               "",
		`{"rel":"other","template":"https://a.example.org/?{uri}"}`:                                                            "",
	} {
		j, err := DecodeJRD([]byte(`{"subject":"acct:a@a.example.org","links":[` + link + `]}`))
		if err != nil {
			t.Fatal(err)
		}
		if got := j.SubscribeTemplate(); got != want {
			t.Errorf("%s: got %q, want %q", link, got, want)
		}
	}
}

func TestNewestNodeInfoIsChosen(t *testing.T) {
	j, err := DecodeJRD([]byte(`{"links":[{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.1","href":"https://a.example.org/2.1"},
		{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.0","href":"https://a.example.org/2.0"}]}`))
	if err != nil || j.NodeInfoURL() != "https://a.example.org/2.1" {
		t.Errorf("got %q, %v", j.NodeInfoURL(), err)
	}
	j, err = DecodeJRD([]byte(`{"links":[{"rel":"http://nodeinfo.diaspora.software/ns/schema/1.0","href":"https://a.example.org/1.0"}]}`))
	if err != nil || j.NodeInfoURL() != "" {
		t.Errorf("got %q, %v, want none of the versions known", j.NodeInfoURL(), err)
	}
}

func TestSoftwareIsNamedInPlainLetters(t *testing.T) {
	tests := []struct{ in, want, reason string }{
		{`{"version":"2.0","software":{"name":"lemmy","version":"1.0.0"}}`, "lemmy", ""},
		{`{"version":"2.1","software":{"name":"Mbin","version":"1.8"}}`, "mbin", ""},
		{`{"software":{"name":"a b"}}`, "", BadSoftware},
		{`{"software":{"name":"<script>"}}`, "", BadSoftware},
		{`{"software":{"name":7}}`, "", BadSoftware},
		{`{"software":"lemmy"}`, "", BadSoftware},
		{`{}`, "", BadSoftware},
		{`[]`, "", NotAnObject},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			got, err := DecodeNodeInfo([]byte(tt.in))
			if reason(err) != tt.reason || got.Name != tt.want {
				t.Errorf("got %q, %v, want %q, %q", got.Name, err, tt.want, tt.reason)
			}
		})
	}
}
