package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/net/idna"

	"hearth/community"
)

// Settings are read once, from flags, HEARTH_* and a file, in that order of
// weight; a variable that is set to nothing is set. What an admin changes while it runs is in the database instead.
type Settings struct {
	Config         kong.ConfigFlag `help:"A JSON file with settings, named as the flags." type:"path"`
	Data           string          `help:"Folder for the database, media and secrets." default:"hearth-data" type:"path"`
	Database       string          `help:"postgres://... ; without it, SQLite in the data folder."`
	Domain         string          `help:"Host that people and servers know this hearth by. Frozen at setup; without it, localhost and the port."`
	Listen         string          `help:"Address and port to listen on." default:"127.0.0.1:8080"`
	TrustedProxies []string        `help:"Addresses of proxies whose X-Forwarded-For is believed."`
	ExitTo         string          `help:"Where the exit button leads: a harmless https:// page."`
	Metrics        string          `help:"Address and port for Prometheus, such as 127.0.0.1:9090; without it, nothing is measured."`
	LogLevel       string          `help:"debug, info, warn or error; info has a line for each request." default:"info"`
	LogFormat      string          `help:"json or text." default:"json"`
	Drain          time.Duration   `help:"How long to go on answering once told to stop, while /readyz says no." default:"0s"`

	now func() time.Time // the business clock; nil is the machine's
}

// check says in one sentence what is wrong, before anything is written.
func (s *Settings) check() error {
	if !isListenAddress(s.Listen) {
		return wrongf("--listen %q is not an address and port such as 127.0.0.1:8080", s.Listen)
	}
	if s.Metrics != "" && !isListenAddress(s.Metrics) {
		return wrongf("--metrics %q is not an address and port such as 127.0.0.1:9090", s.Metrics)
	}
	if err := s.checkRunning(); err != nil {
		return err
	}
	if s.Domain != "" {
		folded, err := foldHost(s.Domain)
		if err != nil {
			return wrongf("--domain %q is not a host name such as hearth.example: %v", s.Domain, err)
		}
		s.Domain = folded
	}
	if s.Database != "" {
		u, err := url.Parse(s.Database)
		if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" || u.Host == "" && u.Query().Get("host") == "" {
			return wrongf("--database is not an address such as postgres://user@host/name; leave it out for SQLite")
		}
	}
	if info, err := os.Stat(s.Data); err == nil && !info.IsDir() {
		return wrongf("--data %q is a file, not a folder", s.Data)
	}
	for _, p := range s.TrustedProxies {
		if _, err := netip.ParsePrefix(p); err == nil {
			continue
		}
		if _, err := netip.ParseAddr(p); err != nil {
			return wrongf("--trusted-proxies %q is neither an address nor a range such as 10.0.0.0/8", p)
		}
	}
	if u, err := url.Parse(s.ExitTo); s.ExitTo != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		return wrongf("--exit-to %q is not an https:// address", s.ExitTo)
	}
	return nil
}

// maxDrain bounds how long a node that is told to stop goes on.
const maxDrain = time.Minute

// checkRunning is check for how it runs and logs.
func (s *Settings) checkRunning() error {
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, s.LogLevel) {
		return wrongf("--log-level %q is none of debug, info, warn and error", s.LogLevel)
	}
	if s.LogFormat != "json" && s.LogFormat != "text" {
		return wrongf("--log-format %q is neither json nor text", s.LogFormat)
	}
	if s.Drain < 0 || s.Drain > maxDrain {
		return wrongf("--drain %s is not between 0s and %s", s.Drain, maxDrain)
	}
	return nil
}

func isListenAddress(typed string) bool {
	host, port, err := net.SplitHostPort(typed)
	return err == nil && port != "" && (host == "" || net.ParseIP(host) != nil || host == "localhost")
}

// clock is what a Service is given to tell the time by.
func (s *Settings) clock() []community.Option {
	if s.now == nil {
		return nil
	}
	return []community.Option{community.WithClock(s.now)}
}

// database is what storage.Open is given.
func (s *Settings) database() string {
	if s.Database != "" {
		return s.Database
	}
	return filepath.Join(s.Data, "hearth.db")
}

// place is where the data is, without a password in it.
func (s *Settings) place() string {
	if s.Database == "" {
		return s.Data
	}
	u, err := url.Parse(s.Database)
	if err != nil {
		return "the database"
	}
	return u.Redacted()
}

// foldHost is a host, with a port where it is not the scheme's own, in the one
// spelling in which it is frozen: lower case, ASCII.
func foldHost(domain string) (string, error) {
	if strings.Contains(domain, "/") {
		return "", fmt.Errorf("give the bare name, without https://")
	}
	host, port, found := strings.Cut(strings.ToLower(domain), ":")
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil {
		return "", err
	}
	if ascii == "" || strings.HasSuffix(ascii, ".") {
		return "", fmt.Errorf("give the bare name")
	}
	if ascii != "localhost" && !strings.Contains(ascii, ".") {
		return "", fmt.Errorf("it has no dot")
	}
	if net.ParseIP(ascii) != nil {
		return "", fmt.Errorf("an address of digits cannot be a hearth's name")
	}
	defaultPort := map[string]string{"http": "80", "https": "443"}[community.SchemeFor(ascii)]
	if !found || port == defaultPort {
		return ascii, nil
	}
	if _, err := net.LookupPort("tcp", port); err != nil {
		return "", fmt.Errorf("%q is not a port", port)
	}
	return ascii + ":" + port, nil
}

// strictJSON reads a settings file; a key that no flag has is an error, so that
// a misspelt setting is not silently without effect.
func strictJSON(r io.Reader) (kong.Resolver, error) {
	values := map[string]any{}
	if err := json.NewDecoder(r).Decode(&values); err != nil {
		return nil, fmt.Errorf("the settings file is not JSON: %w", err)
	}
	return fileSettings{values}, nil
}

type fileSettings struct{ values map[string]any }

// Validate refuses keys that no flag has.
func (f fileSettings) Validate(app *kong.Application) error {
	known := map[string]bool{}
	_ = kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			known[flag.Name] = true
		}
		return next(nil)
	})
	for key := range f.values {
		if !known[key] {
			return fmt.Errorf("the settings file has %q, which is no setting", key)
		}
	}
	return nil
}

// Resolve gives a flag its value from the file. kong asks for every flag that is
// not on the command line, also where a variable has given it a value already.
func (f fileSettings) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Envs {
		if _, set := os.LookupEnv(name); set {
			return nil, nil
		}
	}
	return f.values[flag.Name], nil
}
