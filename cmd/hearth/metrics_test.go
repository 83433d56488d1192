package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"hearth/storage/storagetest"
	"hearth/web"
)

// scrape is what a node's /metrics says, over HTTP.
func (p *pair) scrape(d *demoHearth) string {
	p.Helper()
	server := httptest.NewServer(d.node.sideHandler())
	defer server.Close()
	res, err := http.Get(server.URL + "/metrics")
	p.must(err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	p.must(err)
	if res.StatusCode != http.StatusOK {
		p.Fatalf("%s: got %s\n%s", d.name, res.Status, text)
	}
	return string(text)
}

// measure is the value of a line of metrics, by its name and labels; -1 where
// there is no such line.
func measure(t *testing.T, text, line string) float64 {
	t.Helper()
	found := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(line) + ` (\S+)$`).FindStringSubmatch(text)
	if found == nil {
		return -1
	}
	value, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestMetricsAfterTrafficBetweenTwoHearths(t *testing.T) {
	eachPair(t, func(p *pair) {
		for _, d := range []*demoHearth{p.oak, p.elm} {
			d.node.metrics.patience = time.Minute
		}
		p.mayaWrites("words")
		served := httptest.NewServer(p.oak.node.handler)
		defer served.Close()
		for _, path := range []string{"/g/carers-at-night", "/no/such/page", "/help?zwielicht"} {
			res, err := http.Get(served.URL + path)
			p.must(err)
			res.Body.Close()
		}
		p.walksAround(p.oak, served.URL)
		for range 2 { // the lines of what was scraped before
			p.scrape(p.oak)
		}
		p.measuresTraffic()
		p.namesNobody(p.oak)
		p.namesNobody(p.elm)
		families, err := p.oak.node.metrics.registry.Gather()
		p.must(err)
		problems, err := promlint.NewWithMetricFamilies(families).Lint()
		if err != nil || len(problems) > 0 {
			p.Errorf("the linter of names says %v, %v", problems, err)
		}
	})
}

// walksAround asks a node for every route that takes something in its path, with a
// stranger's words and with what the house itself has, by pages, forms, and a method
// that there is not.
func (p *pair) walksAround(d *demoHearth, served string) {
	p.Helper()
	site, err := web.NewServer(d.node.house.service, d.node.house.store, web.Config{
		Scheme: d.node.house.scheme, Host: d.node.house.host, FormKey: d.node.house.secrets.FormKey, Federation: d.node.federation,
	})
	p.must(err)
	ada := p.rowan.Acting
	places := strings.NewReplacer(":name", "carers-at-night", ":id", p.carers.ID, ":account", ada.ID, "@:id", "@"+ada.Name, "@:name", "@"+ada.Name)
	strange := regexp.MustCompile(`[:*][a-z_]+`)
	visitor := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, r := range append(site.Routes(), web.Route{Method: "ZWIELICHT", Path: "/g/:name"}) {
		if r.Method == http.MethodHead || !strange.MatchString(r.Path) {
			continue // nothing in its path is anybody's
		}
		for _, path := range []string{strange.ReplaceAllString(r.Path, "zwielicht"), strange.ReplaceAllString(places.Replace(r.Path), "zwielicht")} {
			req, err := http.NewRequestWithContext(p.ctx, r.Method, served+path+"?q=zwielicht", strings.NewReader(`{"id":"https://zwielicht.example/x","type":"Zwielicht","actor":"https://zwielicht.example/u/zwielicht"}`))
			p.must(err)
			req.Header.Set("User-Agent", "zwielicht (+https://zwielicht.example)")
			req.Header.Set("Content-Type", "application/activity+json")
			res, err := visitor.Do(req)
			p.must(err)
			res.Body.Close()
		}
	}
}

// measuresTraffic wants what went between the two to be counted.
func (p *pair) measuresTraffic() {
	p.Helper()
	oak, elm := p.oak, p.elm
	for _, c := range []struct {
		d     *demoHearth
		line  string
		least float64
	}{
		{oak, `hearth_inbox_requests_total{outcome="accepted",reason=""}`, 2},
		{oak, `hearth_inbox_handled_total{outcome="accepted",reason=""}`, 2},
		{elm, `hearth_inbox_handled_total{outcome="accepted",reason=""}`, 2},
		{elm, `hearth_delivery_attempts_total{outcome="arrived"}`, 2},
		{elm, `hearth_delivery_attempt_duration_seconds_count`, 2},
		{oak, `hearth_http_requests_total{method="POST",route="/inbox",status="2xx"}`, 2},
		{oak, `hearth_http_requests_total{method="GET",route="/g/:name",status="2xx"}`, 1},
		{oak, `hearth_http_requests_total{method="GET",route="unmatched",status="4xx"}`, 1},
		{oak, `hearth_http_requests_total{method="GET",route="/mod/people/:account",status="3xx"}`, 2},
		{oak, `hearth_http_request_duration_seconds_count{method="GET",route="/help"}`, 1},
		{oak, `hearth_database_up`, 1},
		{oak, `hearth_keys_ready`, 0},
		{oak, `hearth_inbox_backlog_activities`, 0},
		{oak, `hearth_inbox_backlog_age_seconds`, 0},
		{oak, `hearth_deliveries_waiting`, 0},
		{oak, `hearth_events_waiting`, 0},
		{oak, `hearth_events_age_seconds`, 0},
		{oak, `hearth_lanes{state="waiting"}`, 0},
		{oak, `hearth_lanes{state="failing"}`, 0},
		{oak, `hearth_lanes{state="dead"}`, 0},
		{oak, `hearth_lanes{state="paused"}`, 0},
		{oak, `go_goroutines`, 1},
		{oak, `process_resident_memory_bytes`, 1},
		{oak, `promhttp_metric_handler_errors_total{cause="gathering"}`, 0},
	} {
		// What is counted is counted after it is done.
		p.must(until(p.ctx, c.line+" of at least "+strconv.FormatFloat(c.least, 'f', -1, 64), func() (bool, error) {
			return measure(p.T, p.scrape(c.d), c.line) >= c.least, nil
		}))
	}
	for _, part := range []string{"hearth_build_info{", "go_sql_open_connections{"} {
		if !strings.Contains(p.scrape(oak), part) {
			p.Errorf("%s is not told", part)
		}
	}
}

// namesNobody wants no name, handle, host, title, id or address of anybody or
// anything in what is measured: the labels' values are words of the program.
func (p *pair) namesNobody(d *demoHearth) {
	p.Helper()
	text := p.scrape(d)
	if at := regexp.MustCompile(`(?i).*(zwielicht|\.example|\.localhost).*`).FindString(text); at != "" {
		p.Errorf("%s: somebody's word or server is told: %s", d.name, at)
	}
	var values []string
	for _, label := range regexp.MustCompile(`[{,]([a-z_]+)="((?:[^"\\]|\\.)*)"`).FindAllStringSubmatch(text, -1) {
		if name := label[1]; name != "le" && name != "quantile" && name != "version" && name != "go_version" {
			values = append(values, label[2])
		}
	}
	slices.Sort(values)
	for _, value := range slices.Compact(values) {
		for _, canary := range append(p.canaries(d), "zwielicht", "localhost", "127.0.0.1") {
			if strings.Contains(strings.ToLower(value), strings.ToLower(canary)) {
				p.Errorf("%s: a label says %q, which has %q of somebody in it", d.name, value, canary)
			}
		}
	}
}

// canaries are all names that a hearth knows.
func (p *pair) canaries(d *demoHearth) (all []string) {
	p.Helper()
	db := storagetest.SQL(p.T, d.database)
	for _, query := range []string{
		"SELECT name FROM actors", "SELECT title FROM actors", "SELECT domain FROM actors", "SELECT id FROM actors", "SELECT uri FROM actors",
		"SELECT login FROM users", "SELECT id FROM posts", "SELECT title FROM posts", "SELECT host FROM lanes", "SELECT domain FROM instances",
		"SELECT name FROM site",
	} {
		rows, err := db.QueryContext(context.Background(), query)
		p.must(err)
		for rows.Next() {
			var word string
			p.must(rows.Scan(&word))
			if word != "" {
				all = append(all, word)
			}
		}
		p.must(rows.Close())
	}
	return all
}
