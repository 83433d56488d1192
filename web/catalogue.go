package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	i18ntemplate "github.com/nicksnyder/go-i18n/v2/i18n/template"
	"github.com/rs/zerolog"
	"golang.org/x/text/language"
)

//go:embed locales/*.json
var localeFiles embed.FS

// fallback is the language every sentence exists in.
const fallback = "en"

// Catalogue holds every sentence shown to a person, by language and key. The
// sentences stand in locales/<room>.<language>.json, one file per room of the
// site, as keys with dots or as nested objects:
//
//	{"group": {"joined": "You are in {{.Group}} now."},
//	 "thread.replies": {"one": "1 reply", "other": "{{.Count}} replies"}}
//
// A key without a sentence panics where the catalogue is strict (tests,
// development); elsewhere it is shown in brackets and logged once.
// Safe for concurrent use.
type Catalogue struct {
	// Log receives one line for each missing sentence. Set it before use.
	Log zerolog.Logger

	strict     bool
	bundle     *i18n.Bundle
	matcher    language.Matcher
	languages  []string
	localizers map[string]*i18n.Localizer
	plain      map[string]map[string]string // sentences without arguments, by language: most of a page
	cuts       map[string]map[string]cut    // sentences with places alone: most of the rest
	reported   sync.Map
}

// NewCatalogue reads the embedded sentences. A file that is not valid, or a
// key that stands in two files of one language, is an error.
func NewCatalogue(strict bool) (*Catalogue, error) {
	return newCatalogue(localeFiles, strict)
}

func newCatalogue(files fs.FS, strict bool) (*Catalogue, error) {
	c := &Catalogue{
		Log:        zerolog.New(os.Stderr).With().Timestamp().Logger(),
		strict:     strict,
		bundle:     i18n.NewBundle(language.MustParse(fallback)),
		localizers: map[string]*i18n.Localizer{},
		plain:      map[string]map[string]string{},
		cuts:       map[string]map[string]cut{},
	}
	c.bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	names, err := fs.Glob(files, "locales/*.json")
	if err != nil {
		return nil, fmt.Errorf("web: catalogue: %w", err)
	}
	for _, name := range names {
		if err := c.load(files, name); err != nil {
			return nil, fmt.Errorf("web: catalogue: %s: %w", name, err)
		}
	}
	c.prepare()
	return c, nil
}

func (c *Catalogue) load(files fs.FS, name string) error {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	file, err := c.bundle.ParseMessageFileBytes(data, name)
	if err != nil {
		return err
	}
	lang := file.Tag.String()
	if c.plain[lang] == nil {
		c.plain[lang] = map[string]string{}
	}
	for _, m := range file.Messages {
		if _, twice := c.plain[lang][m.ID]; twice {
			return fmt.Errorf("%q is already defined", m.ID)
		}
		c.plain[lang][m.ID] = m.Other
	}
	return nil
}

// prepare builds what a request needs, so that a request builds nothing.
func (c *Catalogue) prepare() {
	tags := c.bundle.LanguageTags()
	c.matcher = language.NewMatcher(tags)
	for _, tag := range tags {
		lang := tag.String()
		c.languages = append(c.languages, lang)
		c.localizers[lang] = i18n.NewLocalizer(c.bundle, lang, fallback)
		c.cuts[lang] = map[string]cut{}
		maps.DeleteFunc(c.plain[lang], func(key, text string) bool {
			if s, ok := cutSentence(text); ok {
				c.cuts[lang][key] = s
			}
			return strings.Contains(text, "{{")
		})
	}
}

// Languages are the tags that sentences exist in, the fallback first.
func (c *Catalogue) Languages() []string { return slices.Clone(c.languages) }

// Language picks, among the languages that exist, the one that fits best: the
// header is an Accept-Language (RFC 9110 12.5.4), or a single tag.
func (c *Catalogue) Language(header string) string {
	wanted, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return fallback
	}
	_, i, _ := c.matcher.Match(wanted...)
	return c.languages[i]
}

// T is the sentence for key in lang, with args in its places. A language or a
// sentence that is not there falls back to English.
func (c *Catalogue) T(lang, key string, args map[string]any) string {
	if text, ok := c.plain[lang][key]; ok {
		return text
	}
	if s, ok := c.cuts[lang][key]; ok {
		if text, ok := s.fill(args); ok {
			return text
		}
	}
	return c.localize(lang, key, args, nil)
}

// say is T with its arguments in pairs.
func (c *Catalogue) say(lang, key string, pairs ...any) string {
	args := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	return c.T(lang, key, args)
}

// N is the sentence for key in the plural form that lang has for n. The
// sentence may say {{.Count}}, and whatever is in args.
func (c *Catalogue) N(lang, key string, n int, args map[string]any) string {
	counted := map[string]any{"Count": n}
	maps.Copy(counted, args)
	return c.localize(lang, key, counted, n)
}

var sentenceParser = &i18ntemplate.TextParser{Option: "missingkey=error"}

func (c *Catalogue) localize(lang, key string, args map[string]any, count any) string {
	localizer := c.localizers[lang]
	if localizer == nil {
		localizer = c.localizers[fallback]
	}
	if args == nil {
		args = map[string]any{}
	}
	text, err := localizer.Localize(&i18n.LocalizeConfig{
		MessageID: key, TemplateData: args, PluralCount: count, TemplateParser: sentenceParser,
	})
	if text != "" {
		return text // with an error too: then it is the fallback's sentence
	}
	return c.missing(lang, key, err)
}

func (c *Catalogue) missing(lang, key string, err error) string {
	if c.strict {
		panic(fmt.Sprintf("web: catalogue: %s: %v", key, err))
	}
	if _, known := c.reported.LoadOrStore(lang+" "+key, true); !known {
		c.Log.Error().Str("lang", lang).Str("key", key).Err(err).Msg("sentence missing")
	}
	return "[" + key + "]"
}
