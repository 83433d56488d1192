package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkProcess measures the server as it is shipped, on the embedded
// database. HEARTH_BINARY names one that is built already.
func BenchmarkProcess(b *testing.B) {
	binary := builtBinary(b)
	b.Run("FirstAnswer", func(b *testing.B) { benchFirstAnswer(b, binary) })
	b.Run("IdleMemory", func(b *testing.B) { benchIdleMemory(b, binary) })
}

func builtBinary(b *testing.B) string {
	b.Helper()
	if built := os.Getenv("HEARTH_BINARY"); built != "" {
		path, err := filepath.Abs(built)
		if err != nil {
			b.Fatal(err)
		}
		return path
	}
	path := filepath.Join(b.TempDir(), "hearth")
	build := exec.Command("go", "build", "-trimpath", "-o", path, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return path
}

// served is a process that serves, and the address that it printed.
type served struct {
	cmd     *exec.Cmd
	address string
}

// serveBinary starts the binary and returns when it has printed its address.
func serveBinary(b *testing.B, binary, data string) served {
	b.Helper()
	cmd := exec.Command(binary, "serve", "--data", data, "--listen", "127.0.0.1:0", "--log-level", "error")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { cmd.Process.Kill() }) // where something went wrong
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return served{cmd, strings.TrimSpace(line[strings.Index(line, "http://"):])}
}

// base is the address without its path.
func (s served) base() string {
	u, err := url.Parse(s.address)
	if err != nil {
		panic(err)
	}
	return u.Scheme + "://" + u.Host
}

func (s served) stop(b *testing.B) {
	b.Helper()
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		b.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		b.Fatal(err)
	}
}

// benchFirstAnswer is how long an empty folder takes from the start of the
// process to the first page with 200, which is the one that sets it up: the
// median of five starts.
func benchFirstAnswer(b *testing.B, binary string) {
	var took []time.Duration
	for b.Loop() {
		for range 5 {
			data := filepath.Join(b.TempDir(), "d")
			begun := time.Now()
			s := serveBinary(b, binary, data)
			benchGet(b, http.DefaultClient, s.address)
			took = append(took, time.Since(begun))
			s.stop(b)
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Milliseconds()), "ms-to-first-200(<=300)")
	b.ReportMetric(0, "ns/op")
}

// benchIdleMemory is what a hearth on SQLite has resident once it is left
// alone, after it was set up in a browser and its pages were looked at.
func benchIdleMemory(b *testing.B, binary string) {
	var kib float64
	for b.Loop() {
		s := serveBinary(b, binary, filepath.Join(b.TempDir(), "d"))
		s.setUpAndLook(b)
		kib = s.atRest(b)
		s.stop(b)
	}
	b.ReportMetric(kib/1024, "MiB-resident(<=60)")
	b.ReportMetric(0, "ns/op")
}

func (s served) setUpAndLook(b *testing.B) {
	b.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	form := url.Values{
		"login": {"warden"}, "public_name": {"quiet-heron"}, "password": {"lantern river kettle"}, "name": {"Willow Lane"},
		"purpose": {"A place to talk for carers."}, "contact": {"hello@willow.example"}, "minimum_age": {"18"}, "registration": {"approval"},
		"front_door": {"open"}, "country": {"GB"}, "zone": {"UTC"},
	}
	benchPost(b, client, s.address, form)
	benchPost(b, client, s.base()+"/sign-in", url.Values{"login": {"warden"}, "password": {"lantern river kettle"}})
	for range 10 {
		for _, path := range []string{"/", "/help", "/groups", "/about", "/home", "/me", "/admin", "/admin/people", "/admin/federation"} {
			benchGet(b, client, s.base()+path)
		}
	}
}

func benchGet(b *testing.B, client *http.Client, address string) {
	b.Helper()
	res, err := client.Get(address)
	if err != nil {
		b.Fatal(err)
	}
	wantsPage(b, res)
}

func benchPost(b *testing.B, client *http.Client, address string, form url.Values) {
	b.Helper()
	req, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := client.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	wantsPage(b, res)
}

func wantsPage(b *testing.B, res *http.Response) {
	b.Helper()
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != http.StatusOK {
		b.Fatalf("%s: %s, %v", res.Request.URL.Path, res.Status, err)
	}
}

var residentLine = regexp.MustCompile(`(?m)^VmRSS:\s+(\d+) kB$`)

// atRest is what is resident, in KiB, when that has not fallen for two rests of
// its memory.
func (s served) atRest(b *testing.B) float64 {
	b.Helper()
	least, since := s.resident(b), time.Now()
	for time.Since(since) < 2*restEvery+time.Second {
		time.Sleep(100 * time.Millisecond)
		if now := s.resident(b); now < least*0.99 {
			least, since = now, time.Now()
		}
	}
	return s.resident(b)
}

func (s served) resident(b *testing.B) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		b.Skipf("only Linux says what a process has resident: %v", err)
	}
	kib, err := strconv.ParseFloat(residentLine.FindStringSubmatch(string(status))[1], 64)
	if err != nil {
		b.Fatal(err)
	}
	return kib
}
