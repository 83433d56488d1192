package markup

import "strings"

// clean repairs UTF-8, makes every line end a \n, and takes out what no text
// needs and some attacks do. Markdown and HTML are cleaned before they are
// read, so that nothing can hide inside a tag's name, and text once more after
// its entities are resolved.
func clean(s string) string {
	if isPlain(s) {
		return s
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(keep, s)
}

// isPlain reports whether s is printable ASCII, tabs and line feeds: most of
// what comes in, and then there is nothing to clean.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < ' ' && c != '\n' && c != '\t') || c > '~' {
			return false
		}
	}
	return true
}

// keep maps a rune to what stays of it; -1 is nothing.
func keep(r rune) rune {
	switch {
	case r == '\n', r == '\t':
		return r
	case r == '\r', r == '\f', r == '\v', r == '\u0085', r == '\u2028', r == '\u2029':
		return '\n'
	case r < ' ', r >= 0x7f && r <= 0x9f:
		return -1
	case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
		return -1 // embeddings, overrides and isolates (UAX 9, 2.1 to 2.5)
	case r == '\ufeff', r >= '\ufff9' && r <= '\ufffb':
		return -1 // byte order mark, interlinear annotation
	case r&0xfffe == 0xfffe, r >= '\ufdd0' && r <= '\ufdef':
		return -1 // noncharacters (Unicode 23.7)
	}
	return r
}
