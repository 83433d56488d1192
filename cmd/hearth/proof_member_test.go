package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// member is somebody with a browser that runs no scripts: it follows links that
// it is told to, fills in the forms of the page it is on, and presses their first
// button.
type member struct {
	client *http.Client
	at     *url.URL // where the page came from
	status int
	page   *html.Node
}

// newMember is somebody with a fresh browser. dial is where a connection to a
// name on this machine goes; nil for where its port says.
func newMember(dial func(addr string) string) *member {
	jar, _ := cookiejar.New(nil)
	return (&member{client: &http.Client{Jar: jar}}).through(dial)
}

// through is the same browser, with its cookies, whose connections go elsewhere.
func (m *member) through(dial func(addr string) string) *member {
	transport := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		_, port, _ := net.SplitHostPort(addr)
		addr = "127.0.0.1:" + port
		if dial != nil {
			addr = dial(addr)
		}
		return new(net.Dialer).DialContext(ctx, network, addr)
	}}
	return &member{client: &http.Client{Jar: m.client.Jar, Transport: transport}, at: m.at}
}

// opens goes to an address, or to a path of the hearth that the page is of.
func (m *member) opens(address string) error {
	req, err := http.NewRequest(http.MethodGet, m.resolve(address), nil)
	if err != nil {
		return err
	}
	return m.goes(req)
}

func (m *member) resolve(address string) string {
	if m.at == nil {
		return address
	}
	to, err := m.at.Parse(address)
	if err != nil {
		return address
	}
	return to.String()
}

// goes does a request, follows where it leads, and has the page then.
func (m *member) goes(req *http.Request) error {
	resp, err := m.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	page, err := html.Parse(resp.Body)
	if err != nil {
		return err
	}
	m.at, m.status, m.page = resp.Request.URL, resp.StatusCode, page
	return nil
}

// sends fills in the form of the page that leads to an address ending as told,
// and presses its first button. A field is name=value; a box is ticked, a choice
// taken, by name=value too, or by the name alone where there is but one.
func (m *member) sends(action string, fields ...string) error {
	if err := m.submits(action, fields); err != nil {
		return err
	}
	if m.status >= 400 {
		return fmt.Errorf("%s answered %d: %s", action, m.status, m.words())
	}
	return nil
}

// submits is sends, whatever is answered.
func (m *member) submits(action string, fields []string) error {
	form, err := m.form(action)
	if err != nil {
		return err
	}
	values, err := form.filled(fields)
	if err != nil {
		return err
	}
	req, err := m.submission(form.action, values)
	if err != nil {
		return err
	}
	return m.goes(req)
}

func (m *member) submission(action string, values url.Values) (*http.Request, error) {
	req, err := http.NewRequest(http.MethodPost, m.resolve(action), strings.NewReader(values.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", req.URL.Scheme+"://"+req.URL.Host)
	return req, nil
}

// form is a form of the page.
type form struct {
	action string
	inputs []input
}

type input struct {
	kind, name, value string
	on                bool // is sent as it stands
}

var errNoForm = errors.New("the page has no such form")

// form is the page's that leads to an address.
func (m *member) form(action string) (form, error) {
	var found []form
	for n := range m.page.Descendants() {
		if n.Type == html.ElementNode && n.Data == "form" && leads(attr(n, "action"), action) {
			found = append(found, readForm(n))
		}
	}
	if len(found) != 1 {
		return form{}, fmt.Errorf("%w: %d lead to %s on %s: %s", errNoForm, len(found), action, m.at.Path, m.words())
	}
	return found[0], nil
}

// leads says whether an address ends as told, or begins so where what was told
// ends with a slash.
func leads(address, to string) bool {
	return strings.HasSuffix(address, to) || strings.HasSuffix(to, "/") && strings.HasPrefix(address, to)
}

func readForm(n *html.Node) form {
	f := form{action: attr(n, "action")}
	pressed := false
	for n := range n.Descendants() {
		if n.Type != html.ElementNode || attr(n, "name") == "" && n.Data != "option" {
			continue
		}
		in := input{kind: attr(n, "type"), name: attr(n, "name"), value: attr(n, "value"), on: true}
		switch n.Data {
		case "input":
			in.on = in.kind != "checkbox" && in.kind != "radio" || has(n, "checked")
		case "textarea":
			in.value = text(n)
		case "select":
			in.kind, in.value = "select", chosen(n)
		case "button":
			in.on = !pressed
			pressed = true
		default:
			continue
		}
		f.inputs = append(f.inputs, in)
	}
	return f
}

// filled is what the form sends with some of its fields filled in. A field that
// it does not have is a mistake.
func (f form) filled(fields []string) (url.Values, error) {
	inputs := slices.Clone(f.inputs)
	for _, field := range fields {
		name, value, given := strings.Cut(field, "=")
		done := false
		for i := range inputs {
			in := &inputs[i]
			if in.name != name {
				continue
			}
			switch in.kind {
			case "radio":
				in.on = in.value == value
				done = done || in.on
			case "checkbox":
				if !given || in.value == value {
					in.on, done = true, true
				}
			default:
				in.value, in.on, done = value, true, true
			}
		}
		if !done {
			return nil, fmt.Errorf("the form to %s has no %s", f.action, field)
		}
	}
	values := url.Values{}
	for _, in := range inputs {
		if in.on {
			values.Add(in.name, in.value)
		}
	}
	return values, nil
}

// reads says whether the page has some words.
func (m *member) reads(words string) bool { return strings.Contains(m.words(), words) }

// words are all that stands on the page, with single spaces.
func (m *member) words() string {
	if m.page == nil {
		return ""
	}
	return strings.Join(strings.Fields(text(m.page)), " ")
}

// link is where the first link with some words leads, as a path.
func (m *member) link(words string) string {
	for n := range m.page.Descendants() {
		if n.Type == html.ElementNode && n.Data == "a" && strings.Contains(text(n), words) {
			return attr(n, "href")
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	for n := range n.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "style" && n.Parent.Data != "script" {
			b.WriteString(n.Data)
			b.WriteByte(' ')
		}
	}
	return strings.TrimSpace(b.String())
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
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

// chosen is the value of a list's chosen option, or of its first.
func chosen(list *html.Node) string {
	var first *html.Node
	for n := range list.Descendants() {
		if n.Type != html.ElementNode || n.Data != "option" {
			continue
		}
		if has(n, "selected") {
			return attr(n, "value")
		}
		if first == nil {
			first = n
		}
	}
	if first == nil {
		return ""
	}
	return attr(first, "value")
}

// signsIn is a member's way in, by the page for it.
func (m *member) signsIn(address, login, password string) error {
	if err := m.opens(address + "/sign-in"); err != nil {
		return err
	}
	return m.sends("/sign-in", "login="+login, "password="+password)
}

// joins follows a group, of here by its path or of elsewhere by its handle, as
// far as asking goes.
func (m *member) joins(address, group string) error {
	if err := m.opens(address + "/search?q=" + url.QueryEscape(group)); err != nil {
		return err
	}
	if m.status != http.StatusOK {
		return fmt.Errorf("%s was not found: %s", group, m.words())
	}
	if err := m.opens(m.at.Path + "/join"); err != nil {
		return err
	}
	return m.sends("/join", "take_part", "federate")
}

// drained reads an answer to its end, so that its connection serves again.
func drained(resp *http.Response) int {
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}
