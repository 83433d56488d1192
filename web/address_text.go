package web

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
)

// onlyText answers as for what is not found where an address asks for what is no
// text: nothing of ours is named by it, and a database that keeps only text
// would take the question for a fault.
func onlyText(notFound gin.HandlerFunc) gin.HandlerFunc {
	return func(c *gin.Context) {
		if !isTextAddress(c.Request.URL) {
			notFound(c)
			c.Abort()
		}
	}
}

// isTextAddress says whether the path and all of the query are UTF-8 without NUL.
func isTextAddress(u *url.URL) bool {
	if !isText(u.Path) {
		return false
	}
	if isText(u.RawQuery) && !strings.Contains(u.RawQuery, "%") {
		return true
	}
	for name, values := range u.Query() {
		if !isText(name) || !isText(strings.Join(values, "")) {
			return false
		}
	}
	return true
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }
