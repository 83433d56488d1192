package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

func TestLogIsAsTheSettingsSay(t *testing.T) {
	var out bytes.Buffer
	log := (&Settings{LogLevel: "warn", LogFormat: "json"}).logger(&out)
	log.Info().Msg("quiet")
	log.Warn().Msg("loud")
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil || line["message"] != "loud" || line["time"] == nil {
		t.Errorf("got %q, %v; want one line of JSON, loud", &out, err)
	}
	out.Reset()
	log = (&Settings{LogLevel: "info", LogFormat: "text"}).logger(&out)
	log.Error().Str("stack", "one\ntwo").Msg("told")
	if got := out.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "told") || strings.Contains(got, "\x1b") {
		t.Errorf("got %q, want one line of text, without colours", got)
	}
}

func TestHTTPComplainsOfNobodysAddress(t *testing.T) {
	var out bytes.Buffer
	complaints := newHTTPComplaints(zerolog.New(&out))
	complaints.Printf("http: panic serving 203.0.113.7:5123: words\n[2001:db8::1%%eth0]:80 and [::1]")
	if got := out.String(); strings.Contains(got, "203.0.113") || strings.Contains(got, "2001:db8") || strings.Contains(got, "::1") ||
		strings.Count(got, "(address)") != 3 || strings.Count(got, "\n") != 1 {
		t.Errorf("got %q, want one line without an address", got)
	}
}

type fixedClock struct {
	at  time.Time
	err error
}

func (c fixedClock) Clock(context.Context) (time.Time, error) { return c.at, c.err }

func TestClocksThatAreApartAreRemarkedOn(t *testing.T) {
	noon := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	now := func() time.Time { return noon }
	for _, c := range []struct {
		name  string
		clock fixedClock
		want  string
	}{
		{"alike", fixedClock{at: noon.Add(3 * time.Second)}, ""},
		{"behind", fixedClock{at: noon.Add(-90 * time.Second)}, "1m30s apart"},
		{"ahead", fixedClock{at: noon.Add(time.Hour)}, "1h0m0s apart"},
		{"unknown", fixedClock{err: errors.New("no answer")}, ""},
	} {
		if got := wrongClock(t.Context(), c.clock, now); !strings.Contains(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestListeningForAllIsRemarkedOnWithoutAProxy(t *testing.T) {
	for _, c := range []struct {
		listen, scheme string
		trusted        []string
		want           bool
	}{
		{"0.0.0.0:8080", "https", nil, true}, {":8080", "https", nil, true}, {"[::]:8080", "https", nil, true}, {"192.0.2.1:8080", "https", nil, true},
		{"127.0.0.1:8080", "https", nil, false}, {"[::1]:8080", "https", nil, false}, {"localhost:8080", "https", nil, false},
		{"0.0.0.0:8080", "http", nil, false}, {"0.0.0.0:8080", "https", []string{"172.16.0.0/12"}, false},
	} {
		s := &Settings{Listen: c.listen, TrustedProxies: c.trusted}
		if got := wideListener(s, c.scheme); (got != "") != c.want {
			t.Errorf("%s, %s, %v: got %q, want a remark: %v", c.listen, c.scheme, c.trusted, got, c.want)
		}
	}
	if wideMetrics("") != "" || wideMetrics("127.0.0.1:9090") != "" || wideMetrics("0.0.0.0:9090") == "" {
		t.Error("metrics for everybody are remarked on, and no others")
	}
}

func TestDataThatOthersMayReadIsRemarkedOn(t *testing.T) {
	data := t.TempDir()
	secrets := filepath.Join(data, secretsFile)
	check := func(step string, folder, file os.FileMode, want int) {
		t.Helper()
		if err := errors.Join(os.WriteFile(secrets, []byte("{}"), 0o600), os.Chmod(secrets, file), os.Chmod(data, folder)); err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, got := range []string{openFolder(data), openSecrets(data)} {
			if got != "" {
				n++
			}
		}
		if n != want {
			t.Errorf("%s: got %d remarks, want %d", step, n, want)
		}
	}
	check("its owner's alone", 0o700, 0o600, 0)
	check("a folder for all", 0o755, 0o600, 1)
	check("both for the group", 0o750, 0o640, 2)
}

func TestTakenPortIsOneSentenceBeforeAnythingIsWritten(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for flag, args := range map[string][]string{
		"--listen":  {"--listen", taken.Addr().String()},
		"--metrics": {"--listen", "127.0.0.1:0", "--metrics", taken.Addr().String()},
	} {
		data := filepath.Join(t.TempDir(), "d")
		var complaints strings.Builder
		status := run(t.Context(), append([]string{"serve", "--data", data}, args...), console{strings.NewReader(""), &strings.Builder{}, &complaints})
		if got := complaints.String(); status != exitWrong || !strings.HasPrefix(got, "hearth: "+flag+": cannot listen on ") || strings.Count(got, "\n") != 1 {
			t.Errorf("%s: got %d, %q; want 2 and a sentence", flag, status, got)
		}
		if _, err := os.Stat(data); !os.IsNotExist(err) {
			t.Errorf("%s: the data folder was made: %v", flag, err)
		}
	}
}
