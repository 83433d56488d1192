package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
)

// The demo is two hearths end to end: people come in, follow a group across,
// write and answer, all of it over HTTP with signatures.
func TestDemoFederatesAndLeavesNothingBehind(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	out, in := io.Pipe()
	var complaints bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"demo", "--json"}, console{strings.NewReader(""), in, &complaints})
		in.Close()
	}()
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatalf("no line came: %v\n%s", err, &complaints)
	}
	var told struct {
		Hearths map[string]string
		People  []demoPerson
	}
	if err := json.Unmarshal(line, &told); err != nil || len(told.Hearths) != 2 || len(told.People) != 4 {
		t.Fatalf("got %s, %v; want two hearths and four people", line, err)
	}
	for hearth, group := range map[string]string{"oak": "carers-at-night", "elm": "long-illness"} {
		page := demoPage(t, told.Hearths[hearth]+"/g/"+group)
		if want := map[string]string{"oak": "He asked who I was again", "elm": "Small win: the stairs"}[hearth]; !strings.Contains(page, want) {
			t.Errorf("%s's group lacks %q:\n%s", hearth, want, page)
		}
	}
	stop()
	if got := <-ended; got != 0 {
		t.Errorf("after Ctrl-C: got exit status %d, want 0\n%s", got, &complaints)
	}
	left, err := os.ReadDir(tmp)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// demoPage reads a page as a browser on this machine would: names below
// localhost are this machine.
func demoPage(t *testing.T, address string) string {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		_, port, _ := net.SplitHostPort(addr)
		return (&net.Dialer{}).DialContext(ctx, network, "127.0.0.1:"+port)
	}}}
	res, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", address, res.Status, err)
	}
	return string(body)
}
