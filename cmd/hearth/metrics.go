package main

import (
	"context"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"hearth/web"
)

// metrics are what is measured of a node, in a registry of its own. Their labels
// are routes' patterns and words that stand in the program: no host, no name, no
// group and no person, so that reading them says nothing of anybody.
type metrics struct {
	registry *prometheus.Registry
	patience time.Duration // what a scrape may cost a database that is slow

	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec

	received  *prometheus.CounterVec
	handled   *prometheus.CounterVec
	delivered *prometheus.CounterVec
	sending   prometheus.Histogram
}

// Bounds of the histograms, in seconds: what is quick, and what is given up on.
var (
	requestBuckets = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}
	sendingBuckets = []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 20, 40}
)

func newMetrics() *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "hearth", Name: name, Help: help}, labels)
	}
	m := &metrics{
		registry: prometheus.NewRegistry(), patience: figuresPatience,
		requests: counter("http_requests_total", "Requests answered, by the route's pattern and the class of the status.", "route", "method", "status"),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "hearth", Name: "http_request_duration_seconds",
			Help: "How long answering took.", Buckets: requestBuckets}, []string{"route", "method"}),
		received:  counter("inbox_requests_total", "Activities that other servers sent, by what was answered; the reason where it was no.", "outcome", "reason"),
		handled:   counter("inbox_handled_total", "Activities taken from the inbox, by what became of them.", "outcome", "reason"),
		delivered: counter("delivery_attempts_total", "Attempts to deliver to other servers, by what came of them.", "outcome"),
		sending: prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "hearth", Name: "delivery_attempt_duration_seconds",
			Help: "How long an attempt to deliver took, signing included.", Buckets: sendingBuckets}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "hearth", Name: "build_info", Help: "Always 1; what runs.",
		ConstLabels: prometheus.Labels{"version": version, "go_version": runtime.Version()}})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.took, m.received, m.handled, m.delivered, m.sending, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// watch adds what is read from a node's store at every scrape.
func (m *metrics) watch(n *node) {
	for name, pool := range n.house.store.Pools() {
		m.registry.MustRegister(collectors.NewDBStatsCollector(pool, name))
	}
	m.registry.MustRegister(queueFigures{n})
}

// handler tells the metrics. What cannot be read is left out and counted.
func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry, ErrorHandling: promhttp.ContinueOnError, Timeout: 2 * m.patience})
}

// methods are the ones that stand in a label by their name.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions, http.MethodPatch}

// request is web.Config's Observe.
func (m *metrics) request(done web.RequestDone) {
	route, method := done.Route, done.Method
	if route == "" {
		route = "unmatched"
	}
	if !slices.Contains(methods, method) {
		method = "other"
	}
	m.requests.WithLabelValues(route, method, strconv.Itoa(done.Status/100)+"xx").Inc()
	m.took.WithLabelValues(route, method).Observe(done.Took.Seconds())
}

// Received is federation.Meter's.
func (m *metrics) Received(outcome, reason string) { m.received.WithLabelValues(outcome, reason).Inc() }

// Handled is federation.Meter's.
func (m *metrics) Handled(outcome, reason string) { m.handled.WithLabelValues(outcome, reason).Inc() }

// Delivered is federation.Meter's.
func (m *metrics) Delivered(outcome string, took time.Duration) {
	m.delivered.WithLabelValues(outcome).Inc()
	m.sending.Observe(took.Seconds())
}

// queueFigures reads how full the queues are when they are scraped. All nodes of
// one database say the same.
type queueFigures struct{ n *node }

// figuresPatience is half of what Prometheus waits for by itself.
const figuresPatience = 5 * time.Second

func queueDesc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("hearth_"+name, help, labels, nil)
}

var (
	databaseUp     = queueDesc("database_up", "1 while the database answers.")
	inboxBacklog   = queueDesc("inbox_backlog_activities", "Activities that wait to be handled.")
	inboxAge       = queueDesc("inbox_backlog_age_seconds", "How long the one that has waited longest was not tried.")
	deliveriesWait = queueDesc("deliveries_waiting", "Deliveries that wait to be sent; counted up to 100,000.")
	lanes          = queueDesc("lanes", "Servers by how delivering to them goes; one may be in several.", "state")
	eventsWait     = queueDesc("events_waiting", "Changes here that the world has not been told of.")
	eventsAge      = queueDesc("events_age_seconds", "How long the first of them that is due has waited.")
	keysReady      = queueDesc("keys_ready", "Key pairs made ahead for new groups and people.")
)

// Describe is prometheus.Collector's.
func (q queueFigures) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{databaseUp, inboxBacklog, inboxAge, deliveriesWait, lanes, eventsWait, eventsAge, keysReady} {
		to <- d
	}
}

// Collect is prometheus.Collector's.
func (q queueFigures) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), q.n.metrics.patience)
	defer cancel()
	tell := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	figures, err := q.n.federation.Figures(ctx)
	if err != nil {
		tell(databaseUp, 0)
		return
	}
	tell(databaseUp, 1)
	tell(inboxBacklog, float64(figures.InboxWaiting))
	tell(inboxAge, figures.InboxAge.Seconds())
	tell(deliveriesWait, float64(figures.DeliveriesWaiting))
	tell(lanes, float64(figures.LanesWaiting), "waiting")
	tell(lanes, float64(figures.LanesFailing), "failing")
	tell(lanes, float64(figures.LanesDead), "dead")
	tell(lanes, float64(figures.LanesPaused), "paused")
	tell(eventsWait, float64(figures.EventsWaiting))
	tell(eventsAge, figures.EventsAge.Seconds())
	tell(keysReady, float64(figures.KeysReady))
}
