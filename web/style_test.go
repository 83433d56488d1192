package web

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// rule is one rule of the stylesheet with the media queries around it.
type rule struct {
	media    string
	selector string
	body     string
}

// styleRules reads the stylesheet, which nests media queries and nothing else.
func styleRules(t *testing.T) []rule {
	t.Helper()
	css := regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(string(embeddedStatic().byName["hearth.css"].plain), "")
	var rules []rule
	media := ""
	for css = strings.TrimSpace(css); css != ""; css = strings.TrimSpace(css) {
		if rest, closed := strings.CutPrefix(css, "}"); closed {
			media, css = "", rest
			continue
		}
		selector, rest, found := strings.Cut(css, "{")
		if !found {
			t.Fatalf("hearth.css: no rule in %q", css)
		}
		selector = strings.TrimSpace(selector)
		if strings.HasPrefix(selector, "@media") {
			media, css = strings.TrimSpace(strings.TrimPrefix(selector, "@media")), rest
			continue
		}
		body, after, found := strings.Cut(rest, "}")
		if !found {
			t.Fatalf("hearth.css: %s is not closed", selector)
		}
		rules = append(rules, rule{media, selector, body})
		css = after
	}
	return rules
}

// declarations are the properties of a rule with their values.
func (r rule) declarations() map[string]string {
	found := map[string]string{}
	for declaration := range strings.SplitSeq(r.body, ";") {
		if name, value, ok := strings.Cut(declaration, ":"); ok {
			found[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return found
}

// themes are the colour tokens for light, dark and high contrast.
func themes(t *testing.T) map[string]map[string]string {
	t.Helper()
	found := map[string]map[string]string{}
	for theme, media := range map[string]string{"light": "", "dark": "(prefers-color-scheme: dark)", "contrast": "(prefers-contrast: more)"} {
		found[theme] = map[string]string{}
		for _, r := range styleRules(t) {
			if r.selector != ":root" || r.media != "" && r.media != media {
				continue
			}
			for name, value := range r.declarations() {
				if strings.HasPrefix(value, "#") {
					found[theme][name] = value
				}
			}
		}
	}
	return found
}

// contrast is the ratio of WCAG 2.2, relative luminance over relative luminance.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	high, low := luminance(t, a), luminance(t, b)
	if high < low {
		high, low = low, high
	}
	return (high + 0.05) / (low + 0.05)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	value, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 32)
	if err != nil || len(hex) != 7 {
		t.Fatalf("%q is not a colour", hex)
	}
	sum := 0.0
	for i, weight := range []float64{0.0722, 0.7152, 0.2126} {
		c := float64(value>>(8*i)&0xFF) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func TestR45TokensHaveTheirContrast(t *testing.T) {
	type pair struct {
		ink, ground string
		least       float64
	}
	pairs := []pair{
		{"--button-ink", "--button", 4.5}, {"--focus-ink", "--focus-fill", 4.5}, {"--note", "--note-bg", 4.5},
		{"--help", "--help-bg", 4.5}, {"--ok", "--ok-bg", 4.5}, {"--danger", "--danger-bg", 4.5}, {"--exit-ink", "--exit", 4.5},
		{"--exit", "--bg", 3}, {"--button", "--bg", 3}, {"--button", "--surface", 3},
		{"--border", "--bg", 3}, {"--border", "--surface", 3}, {"--ember", "--bg", 4.5}, {"--ember", "--surface", 4.5}, {"--ember", "--surface-2", 4.5},
		{"--danger", "--bg", 4.5}, {"--danger", "--surface", 4.5}, {"--help", "--bg", 4.5}, {"--help", "--surface", 4.5},
	}
	for _, ink := range []string{"--ink", "--muted", "--link"} {
		for _, ground := range []string{"--bg", "--surface", "--surface-2"} {
			pairs = append(pairs, pair{ink, ground, 4.5})
		}
	}
	for _, bar := range []string{"--bar-a", "--bar-b", "--bar-c", "--bar-d"} {
		for _, ground := range []string{"--bg", "--surface"} {
			pairs = append(pairs, pair{bar, ground, 3})
		}
	}
	for theme, tokens := range themes(t) {
		for _, p := range pairs {
			t.Run(fmt.Sprintf("%s %s on %s", theme, p.ink, p.ground), func(t *testing.T) {
				if got := contrast(t, tokens[p.ink], tokens[p.ground]); got < p.least {
					t.Errorf("%s on %s: got %.2f, want at least %.1f", tokens[p.ink], tokens[p.ground], got, p.least)
				}
			})
		}
		t.Run(theme+" focus shows on every ground", func(t *testing.T) {
			for _, ground := range []string{"--bg", "--surface", "--surface-2", "--help-bg", "--note-bg"} {
				ring, fill := contrast(t, tokens["--focus"], tokens[ground]), contrast(t, tokens["--focus-fill"], tokens[ground])
				if max(ring, fill) < 3 {
					t.Errorf("on %s: ring %.2f, fill %.2f, want one of at least 3", ground, ring, fill)
				}
			}
		})
	}
}

func TestContrastIsMeasuredAsTheStandardSays(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want float64
	}{{"#000000", "#FFFFFF", 21}, {"#777777", "#FFFFFF", 4.48}, {"#FF0000", "#FFFFFF", 4}} {
		if got := contrast(t, tt.a, tt.b); math.Abs(got-tt.want) > 0.01 {
			t.Errorf("%s on %s: got %.2f, want %.2f", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestColoursComeFromTokens(t *testing.T) {
	colour := regexp.MustCompile(`#[0-9A-Fa-f]{3,8}\b|\b(rgb|hsl|oklch)\(`)
	for _, r := range styleRules(t) {
		if r.selector != ":root" && colour.MatchString(r.body) {
			t.Errorf("%s has a colour of its own: %s", r.selector, r.body)
		}
	}
}

func TestR47NothingMovesUnlessItMay(t *testing.T) {
	moving := regexp.MustCompile(`\b(animation|transition|scroll-behavior|view-transition)`)
	for _, r := range styleRules(t) {
		if moving.MatchString(r.body) && r.media != "(prefers-reduced-motion: no-preference)" {
			t.Errorf("%s moves under %q", r.selector, r.media)
		}
	}
}

func TestR47EveryPreferenceIsAnswered(t *testing.T) {
	asked := map[string]bool{}
	for _, r := range styleRules(t) {
		asked[r.media] = true
	}
	for _, media := range []string{"(prefers-color-scheme: dark)", "(prefers-contrast: more)", "(prefers-reduced-motion: no-preference)", "(forced-colors: active)", "print"} {
		if !asked[media] {
			t.Errorf("nothing for %s", media)
		}
	}
}

func TestStyleWorksFromRightToLeft(t *testing.T) {
	physical := regexp.MustCompile(`^(left|right|top|bottom|width|height|(min|max)-(width|height)|(margin|padding|border)-(left|right|top|bottom).*|float)$`)
	for _, r := range styleRules(t) {
		for name, value := range r.declarations() {
			if physical.MatchString(name) || name == "text-align" && (value == "left" || value == "right") {
				t.Errorf("%s: %s: %s is bound to a side", r.selector, name, value)
			}
		}
	}
}

// styleOf is what a selector of the list gets for a property, outside of any
// media query.
func styleOf(rules []rule, selector, property string) string {
	for _, r := range rules {
		if r.media != "" {
			continue
		}
		for one := range strings.SplitSeq(r.selector, ",") {
			if value, ok := r.declarations()[property]; ok && strings.TrimSpace(one) == selector {
				return value
			}
		}
	}
	return ""
}

func TestR45ControlsAreLargeAndFocusIsNotObscured(t *testing.T) {
	rules := styleRules(t)
	if got := styleOf(rules, ":root", "--control"); got != "44px" {
		t.Errorf("--control: got %q, want 44px", got)
	}
	for _, control := range []string{".button", "button", ".quiet", ".masthead > .exit", ".skip", ".brand", ".masthead nav a", "footer a", ".pager a", ".choice > label", ".note > summary", ".chart summary"} {
		if got := styleOf(rules, control, "min-block-size"); got != "var(--control)" {
			t.Errorf("%s: got min-block-size %q, want var(--control)", control, got)
		}
	}
	if got := styleOf(rules, "html", "scroll-padding-block"); got == "" {
		t.Error("html has no scroll-padding: what sticks would cover the focus")
	}
}

func TestR45NoTextIsSmall(t *testing.T) {
	size := regexp.MustCompile(`font(?:-size)?:[^;]*?([\d.]+)rem`)
	for _, r := range styleRules(t) {
		if found := size.FindStringSubmatch(r.body); found != nil {
			if rem, err := strconv.ParseFloat(found[1], 64); err != nil || rem < 0.9375 {
				t.Errorf("%s: got %srem, want at least 0.9375rem", r.selector, found[1])
			}
		}
	}
}

func TestPagesCarryNoStyleOrScriptOfTheirOwn(t *testing.T) {
	handler := galleryHandler(galleryRenderer(t))
	inline := regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|<script(?:[^>]*)>[^<]|["'(]data:|<script[^>]*src="[^/]|javascript:`)
	for _, address := range []string{"/gallery", "/doors"} {
		if found := inline.FindString(bodyOf(t, handler, address)); found != "" {
			t.Errorf("%s has %q, which the content security policy refuses", address, found)
		}
	}
}
