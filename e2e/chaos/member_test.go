//go:build chaos

package chaos

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"hearth/community/secret"
)

// members are who writes at the hearth, beside its admin.
var members = []string{"linnet", "plover"}

// member is somebody who is signed in at the hearth, and fills in its forms.
type member struct {
	*hearth
	name   string
	client *http.Client
	at     *url.URL
	page   *html.Node
}

// loopback dials whatever a name below localhost means, from an address of its own.
func loopback(from net.IP) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		_, port, _ := net.SplitHostPort(address)
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: from}}
		return dialer.DialContext(ctx, network, "127.0.0.1:"+port)
	}
}

func (h *hearth) member(t *testing.T, login string) *member {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	transport := &http.Transport{DialContext: loopback(net.IPv4(127, 0, 0, 1))}
	t.Cleanup(transport.CloseIdleConnections)
	m := &member{hearth: h, name: login, client: &http.Client{Jar: jar, Transport: transport}}
	if err := errors.Join(m.opens("/sign-in"), m.sends("/sign-in", "login="+login, "password="+password)); err != nil {
		t.Fatalf("%s signs in: %v", login, err)
	}
	return m
}

// opens goes to a path, and where it leads.
func (m *member) opens(path string) error {
	resp, err := m.client.Get(m.resolve(path))
	return m.shows(resp, err)
}

func (m *member) resolve(path string) string {
	if strings.HasPrefix(path, "http") {
		return path
	}
	return m.address() + path
}

func (m *member) shows(resp *http.Response, err error) error {
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if m.page, err = html.Parse(bytes.NewReader(body)); err != nil {
		return err
	}
	if m.at = resp.Request.URL; resp.StatusCode >= 400 && resp.StatusCode != http.StatusGone { // a thread whose first post is gone
		return fmt.Errorf("%s answered %d: %s", m.at.Path, resp.StatusCode, tail(words(m.page)))
	}
	return nil
}

// sends fills in the page's form whose address ends so; a box is ticked by its
// name alone.
func (m *member) sends(action string, fields ...string) error {
	to, values, err := m.form(action)
	if err != nil {
		return err
	}
	for _, field := range fields {
		name, value, given := strings.Cut(field, "=")
		if given {
			values.Set(name, value)
		} else {
			values.Set(name, m.box(name))
		}
	}
	resp, err := m.submit(m.client, to, values)
	return m.shows(resp, err)
}

func (m *member) submit(client *http.Client, path string, values url.Values) (*http.Response, error) {
	req, err := http.NewRequest(http.MethodPost, m.resolve(path), strings.NewReader(values.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", m.address())
	return client.Do(req)
}

// form is where a form of the page leads, and what it sends as it stands.
func (m *member) form(action string) (to string, values url.Values, err error) {
	for n := range m.page.Descendants() {
		if n.Type != html.ElementNode || n.Data != "form" || !strings.HasSuffix(attr(n, "action"), action) {
			continue
		}
		values = url.Values{}
		for in := range n.Descendants() {
			if name := attr(in, "name"); name != "" && !values.Has(name) && isSent(in) {
				values.Set(name, valueOf(in))
			}
		}
		return attr(n, "action"), values, nil
	}
	return "", nil, fmt.Errorf("%s has no form to %s: %s", m.at.Path, action, tail(words(m.page)))
}

func isSent(n *html.Node) bool {
	switch kind := attr(n, "type"); {
	case n.Data == "textarea", n.Data == "select", n.Data == "button":
		return true
	case n.Data != "input":
		return false
	default:
		return kind != "checkbox" && kind != "radio" || has(n, "checked")
	}
}

func valueOf(n *html.Node) string {
	switch n.Data {
	case "textarea":
		return words(n)
	case "select":
		first := ""
		for o := range n.Descendants() {
			if o.Type == html.ElementNode && o.Data == "option" && (first == "" || has(o, "selected")) {
				first = attr(o, "value")
			}
		}
		return first
	}
	return attr(n, "value")
}

// box is what a box of that name says where it is ticked.
func (m *member) box(name string) string {
	for n := range m.page.Descendants() {
		if n.Type == html.ElementNode && n.Data == "input" && attr(n, "name") == name {
			return attr(n, "value")
		}
	}
	return ""
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// words are all that stands in a part of a page.
func words(n *html.Node) string {
	var b strings.Builder
	for n := range n.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "style" && n.Parent.Data != "script" {
			b.WriteString(n.Data)
			b.WriteByte(' ')
		}
	}
	return strings.TrimSpace(b.String())
}

// makesGroup is an admin making a group that everybody may follow.
func (m *member) makesGroup(name string) error {
	if err := m.opens("/groups/new?sensitive=no"); err != nil {
		return err
	}
	return m.sends("/groups/new", "title="+name, "handle=own", "name="+name, "purpose=For nights.", "situation=caring",
		"rules=Listen first.", "joining=open", "readers=anyone", "reach=anywhere", "listed=yes", "take_part")
}

// joins has a member be in a group, of here by its name or of elsewhere by its
// handle. It gives the group's page.
func (m *member) joins(group string) (page string, err error) {
	if page = "/g/" + group; strings.HasPrefix(group, "!") {
		if err := m.opens("/search?q=" + url.QueryEscape(group)); err != nil {
			return "", err
		}
		page = m.at.Path
	}
	if err := m.opens(page + "/join"); err != nil {
		return "", err
	}
	return page, m.sends("/join", "take_part", "federate")
}

// begins has a member begin a thread. The id is the new post's.
func (m *member) begins(page, title, text string) (id string, err error) {
	if err := m.opens(page + "/new"); err != nil {
		return "", err
	}
	fields := []string{"title=" + title, "text=" + text, "do=send"}
	if m.box("federate") != "" {
		fields = append(fields, "federate")
	}
	err = m.sends("/new", fields...)
	return strings.TrimPrefix(m.at.Path, "/p/"), err
}

// answers has a member answer a post, and try again until it is taken or clearly
// is not: the form carries the answer's id.
func (m *member) answers(parent, text string) (id string, err error) {
	id = secret.NewID(time.Now())
	values := url.Values{"draft": {id}, "text": {text}, "language": {"en"}, "do": {"send"}}
	return id, m.insists("/p/"+parent+"/reply", values)
}

func (m *member) edits(id, text string) error {
	if err := m.opens("/p/" + id + "/edit"); err != nil {
		return err
	}
	return m.sends("/edit", "text="+text, "do=send")
}

func (m *member) deletes(id string) error {
	if err := m.opens("/p/" + id + "/delete"); err != nil {
		return err
	}
	return m.sends("/delete")
}

// insists sends a form again and again until it is answered for good.
func (m *member) insists(path string, values url.Values) error {
	quiet := *m.client
	quiet.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for deadline := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		resp, err := m.submit(&quiet, path, values)
		if err == nil {
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if resp.StatusCode == http.StatusSeeOther {
				return nil
			}
			if err = (answeredNo{path, resp.StatusCode}); resp.StatusCode < 500 {
				return err
			}
		}
		if time.Now().After(deadline) {
			return err
		}
	}
}

// hurries has an admin try at once what waits for a server. That it is too early
// for that is what the page says with 409.
func (m *member) hurries(host string) error {
	err := m.insists("/admin/federation/instances/retry", url.Values{"host": {host}})
	var no answeredNo
	if errors.As(err, &no) && no.status == http.StatusConflict {
		return nil
	}
	return err
}

// answeredNo is a form that is not taken.
type answeredNo struct {
	path   string
	status int
}

func (a answeredNo) Error() string { return fmt.Sprintf("%s answered %d", a.path, a.status) }
