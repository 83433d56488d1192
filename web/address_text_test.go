package web_test

import (
	"net/http"
	"regexp"
	"testing"
)

// notText are what a path or a query can hold that no database takes for text.
var notText = []string{"%00", "a%00b", "%ff"}

func TestAnAddressThatIsNoTextLeadsNowhere(t *testing.T) {
	param := regexp.MustCompile(`[:*][a-z_]+`)
	eachFederated(t, func(t *testing.T, p *federated) {
		admin := p.admin()
		var paths []string
		for _, r := range p.site.Routes() {
			if r.Method != http.MethodGet || r.Path == "/exit" {
				continue
			}
			for _, odd := range notText {
				if param.MatchString(r.Path) {
					paths = append(paths, param.ReplaceAllString(r.Path, odd))
				}
				paths = append(paths, param.ReplaceAllString(r.Path, "x")+"?q="+odd)
			}
		}
		for _, path := range paths {
			admin.get(path).wants(http.StatusNotFound)
			if got := p.ask(p.base+path, "application/activity+json").Status; got != http.StatusNotFound {
				t.Errorf("%s: another server got %d, want 404", path, got)
			}
		}
		admin.get("/groups?q=caf%C3%A9+%F0%9F%AB%96").wants(http.StatusOK)
	})
}
