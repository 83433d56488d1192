package web

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"runtime"
	"strings"
	"sync"
	"text/template/parse"
	"time"

	"golang.org/x/text/language"
)

//go:embed templates
var templateFiles embed.FS

// Renderer holds every template, parsed. Safe for concurrent use.
//
// A page is one file, templates/<name>.html or templates/<dir>/<name>.html. It
// defines "main", and may define "side" (a second column on wide screens),
// "head" (inside <head>) and "skip" (more skip links). Whatever else a file
// defines is shared by all, so its name must be its own. The parts of
// templates/parts are described in render_parts.go.
//
// Inside a page the dot, and $ always, is the Frame. What depends on the reader
// (language, zone, token) is a plain function: {{t "key"}}, {{when .Time}},
// {{token}} work anywhere, inside range and inside parts. They can, because a
// template set is used by one rendering at a time: there are as many sets as
// processors, rendering waits for a free one, and a slow reader never holds one
// (the page is written after the set is given back).
type Renderer struct {
	// Catalogue holds the sentences, for Go callers too.
	Catalogue *Catalogue

	parsed  *template.Template // never executed, so that it can be cloned
	cloning sync.Mutex
	sets    chan *templateSet
	buffers sync.Pool
	static  *staticFiles
}

// NewRenderer is the embedded templates and sentences, parsed once for all
// servers of the process: what is embedded never changes. With dev set, a
// sentence or a static file that does not exist makes a page an error instead
// of a page with a gap.
func NewRenderer(dev bool) (*Renderer, error) {
	if dev {
		return strictRenderer()
	}
	return lenientRenderer()
}

var (
	strictRenderer  = sync.OnceValues(func() (*Renderer, error) { return newRenderer(templateFiles, true) })
	lenientRenderer = sync.OnceValues(func() (*Renderer, error) { return newRenderer(templateFiles, false) })
)

func newRenderer(files fs.FS, dev bool) (*Renderer, error) {
	catalogue, err := NewCatalogue(dev)
	if err != nil {
		return nil, err
	}
	r := &Renderer{
		Catalogue: catalogue,
		sets:      make(chan *templateSet, runtime.GOMAXPROCS(0)),
		buffers:   sync.Pool{New: func() any { return new(bytes.Buffer) }},
		static:    embeddedStatic(),
	}
	r.parsed = template.New("").Funcs((&templateSet{}).funcs())
	if err := r.parse(files); err != nil {
		return nil, fmt.Errorf("web: templates: %w", err)
	}
	for range cap(r.sets) {
		r.sets <- nil // cloned when first needed
	}
	return r, nil
}

func (r *Renderer) parse(files fs.FS) error {
	return fs.WalkDir(files, "templates", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".html" {
			return err
		}
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		page := strings.TrimSuffix(strings.TrimPrefix(name, "templates/"), ".html")
		return r.add(page, string(data))
	})
}

var errStrayText = errors.New("text outside of any definition would never be shown")

// blocks are the templates that every page may have under the same name.
var blocks = []string{"main", "side", "head", "skip"}

func (r *Renderer) add(page, text string) error {
	file, err := template.New("file").Funcs((&templateSet{}).funcs()).Parse(text)
	if err != nil {
		return fmt.Errorf("%s: %w", page, err)
	}
	for _, t := range file.Templates() {
		name := t.Name()
		if name == "file" {
			if page != "layout" {
				if !parse.IsEmptyTree(t.Tree.Root) {
					return fmt.Errorf("%s: %w", page, errStrayText)
				}
				continue
			}
			name = "layout"
		}
		for _, block := range blocks {
			if name == block {
				name = blockName(page, block)
			}
		}
		if r.parsed.Lookup(name) != nil {
			return fmt.Errorf("%s: %q is already defined elsewhere", page, name)
		}
		if _, err := r.parsed.AddParseTree(name, t.Tree); err != nil {
			return fmt.Errorf("%s: %w", page, err)
		}
	}
	return nil
}

func blockName(page, block string) string { return page + ":" + block }

// Frame is what every page needs around its own data.
type Frame struct {
	Lang      string         // a language of the catalogue; "" is English
	Zone      *time.Location // the reader's; nil is UTC
	Now       time.Time
	Instance  string // the server's name
	Title     string // whole, as the tab and the history show it; discreet where needed
	Path      string // of the request, for aria-current
	Here      string // where this page is found again: for one that answers a form, the form's page
	FormToken string // the value of the hidden field "_token" in every form: {{token}}

	ForAll      bool // one copy for everybody, signed in or not: it must not say which
	SignedIn    bool
	IsModerator bool // of this place, or of a group
	IsAdmin     bool
	ActingName  string // the name others see
	Unread      bool   // something is new in notices: shown as a word, never as a number

	Exit     bool   // the exit button is shown; the footer always has the link
	ExitLine bool   // say once what the exit button does and does not do (R05)
	Strip    Strip  // the help line in the strip
	Flash    string // one sentence on what was just done
	Paused   string // says to somebody who may not write that it is so

	Main any // the page's own data
}

// Dir is the direction that the page's language is written in.
func (f Frame) Dir() string {
	tag, err := language.Parse(f.Lang)
	if err != nil {
		return "ltr"
	}
	switch script, _ := tag.Script(); script.String() {
	case "Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg":
		return "rtl"
	}
	return "ltr"
}

// Current is the aria-current of a link to the first of paths: "page" on that
// page, "true" on the others and under those that end in a slash, else "".
func (f Frame) Current(paths ...string) string {
	for i, p := range paths {
		switch {
		case f.Path != p && !(strings.HasSuffix(p, "/") && strings.HasPrefix(f.Path, p)):
		case i == 0:
			return "page"
		default:
			return "true"
		}
	}
	return ""
}

// ErrNoPage says that no template has the page's name.
var ErrNoPage = errors.New("web: no such page")

// Page writes the page called name ("welcome", "group/show"). It renders into
// memory first: on an error nothing was written.
func (r *Renderer) Page(w io.Writer, name string, f Frame) error {
	if r.parsed.Lookup(blockName(name, "main")) == nil {
		return fmt.Errorf("%w: %s", ErrNoPage, name)
	}
	buf := r.buffers.Get().(*bytes.Buffer)
	defer r.buffers.Put(buf)
	buf.Reset()
	if err := r.render(buf, name, f); err != nil {
		return fmt.Errorf("web: page %s: %w", name, err)
	}
	_, err := buf.WriteTo(w)
	return err
}

func (r *Renderer) render(buf *bytes.Buffer, name string, f Frame) error {
	set, err := r.take()
	if err != nil {
		return err
	}
	defer func() { r.sets <- set }()
	if f.Lang == "" {
		f.Lang = fallback
	}
	if f.Zone == nil {
		f.Zone = time.UTC
	}
	set.page, set.frame = name, &f
	defer func() { set.frame = nil }()
	return set.templates.ExecuteTemplate(buf, "layout", f)
}

// take waits for a free set, and makes it if it was never used.
func (r *Renderer) take() (*templateSet, error) {
	set := <-r.sets
	if set != nil {
		return set, nil
	}
	set, err := r.newSet()
	if err != nil {
		r.sets <- nil
		return nil, err
	}
	return set, nil
}

func (r *Renderer) newSet() (*templateSet, error) {
	r.cloning.Lock()
	defer r.cloning.Unlock()
	templates, err := r.parsed.Clone()
	if err != nil {
		return nil, err
	}
	set := &templateSet{renderer: r, templates: templates}
	templates.Funcs(set.funcs())
	return set, nil
}
