package markup

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// fileEndings are those of addresses that lead to a picture, a recording or a file.
var fileEndings = []string{
	".7z", ".aac", ".apk", ".avi", ".avif", ".bmp", ".dmg", ".doc", ".docx", ".epub", ".exe", ".flac", ".gif", ".gz", ".heic", ".jpeg", ".jpg", ".jxl",
	".m4a", ".m4v", ".mkv", ".mov", ".mp3", ".mp4", ".odp", ".ods", ".odt", ".oga", ".ogg", ".ogv", ".opus", ".pdf", ".png", ".ppt", ".pptx", ".rar",
	".svg", ".tif", ".tiff", ".wav", ".webm", ".webp", ".xls", ".xlsx", ".zip",
}

// IsFile says whether an address leads to a picture, a recording or a file, as far as
// its ending tells.
func IsFile(address string) bool {
	u, err := url.Parse(address)
	return err == nil && slices.Contains(fileEndings, strings.ToLower(path.Ext(u.Path)))
}

// WithoutFiles takes out of safe HTML the links that lead to pictures, recordings and
// files. What they are called stays as text. It changes nothing else.
func WithoutFiles(safe string) string {
	if !strings.Contains(safe, "<a ") {
		return safe
	}
	var out strings.Builder
	out.Grow(len(safe))
	z := html.NewTokenizer(strings.NewReader(safe))
	inFile := false
	for z.Next() != html.ErrorToken {
		raw := string(z.Raw()) // before Token, which may change it
		token := z.Token()
		isLink := token.Data == "a" && (token.Type == html.StartTagToken || token.Type == html.EndTagToken)
		switch {
		case isLink && token.Type == html.StartTagToken && slices.ContainsFunc(token.Attr, func(a html.Attribute) bool { return a.Key == "href" && IsFile(a.Val) }):
			inFile = true
		case isLink && token.Type == html.EndTagToken && inFile:
			inFile = false
		default:
			out.WriteString(raw)
		}
	}
	return out.String()
}
