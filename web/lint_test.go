package web

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"html/template"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template/parse"
)

// definedKeys are the keys of the English catalogue with their sentences.
func definedKeys(t *testing.T) map[string]string {
	t.Helper()
	names, err := fs.Glob(localeFiles, "locales/*."+fallback+".json")
	if err != nil {
		t.Fatal(err)
	}
	defined := map[string]string{}
	for _, name := range names {
		data, err := fs.ReadFile(localeFiles, name)
		if err != nil {
			t.Fatal(err)
		}
		var tree map[string]any
		if err := json.Unmarshal(data, &tree); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		flatten("", tree, defined)
	}
	return defined
}

// flatten joins nested keys with dots; a plural form belongs to its key.
func flatten(prefix string, tree map[string]any, into map[string]string) {
	for name, value := range tree {
		switch value := value.(type) {
		case string:
			if name == "one" || name == "other" || name == "few" || name == "many" || name == "zero" || name == "two" {
				into[strings.TrimSuffix(prefix, ".")] += " " + value
				continue
			}
			into[prefix+name] = value
		case map[string]any:
			flatten(prefix+name+".", value, into)
		}
	}
}

// walkTemplates calls visit for every command and every use of a part.
func walkTemplates(t *testing.T, command func(page string, args []parse.Node), part func(page, name string, pipe *parse.PipeNode)) {
	t.Helper()
	r, err := NewRenderer(true)
	if err != nil {
		t.Fatal(err)
	}
	for _, tmpl := range r.parsed.Templates() {
		if tmpl.Tree != nil {
			walkNode(tmpl, tmpl.Tree.Root, command, part)
		}
	}
}

func walkNode(tmpl *template.Template, node parse.Node, command func(string, []parse.Node), part func(string, string, *parse.PipeNode)) {
	walk := func(n parse.Node) { walkNode(tmpl, n, command, part) }
	branch := func(b parse.BranchNode) {
		walk(b.Pipe)
		walk(b.List)
		if b.ElseList != nil {
			walk(b.ElseList)
		}
	}
	switch n := node.(type) {
	case *parse.ListNode:
		for _, child := range n.Nodes {
			walk(child)
		}
	case *parse.ActionNode:
		walk(n.Pipe)
	case *parse.IfNode:
		branch(n.BranchNode)
	case *parse.RangeNode:
		branch(n.BranchNode)
	case *parse.WithNode:
		branch(n.BranchNode)
	case *parse.TemplateNode:
		if n.Pipe != nil {
			walk(n.Pipe)
		}
		part(tmpl.Name(), n.Name, n.Pipe)
	case *parse.PipeNode:
		for _, c := range n.Cmds {
			walk(c)
		}
	case *parse.CommandNode:
		command(tmpl.Name(), n.Args)
		for _, arg := range n.Args {
			if pipe, ok := arg.(*parse.PipeNode); ok {
				walk(pipe)
			}
		}
	}
}

// keysInTemplates are the keys that templates ask for with t, tn and th.
func keysInTemplates(t *testing.T) map[string]string {
	t.Helper()
	used := map[string]string{}
	walkTemplates(t, func(page string, args []parse.Node) {
		name, ok := args[0].(*parse.IdentifierNode)
		if !ok || len(args) < 2 || !slices.Contains([]string{"t", "tn", "th"}, name.Ident) {
			return
		}
		if key, ok := args[1].(*parse.StringNode); ok {
			used[key.Text] = "template " + page
		}
	}, func(string, string, *parse.PipeNode) {})
	return used
}

// goFiles are the files of the program, tests left out.
func goFiles(t *testing.T) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	for _, room := range []string{".", "../community", "../federation", "../storage", "../cmd"} {
		err := filepath.WalkDir(room, func(name string, entry fs.DirEntry, err error) error {
			if os.IsNotExist(err) {
				return nil
			}
			if err != nil || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			files[name] = file
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// keyArgument is where a function of ours takes a key.
var keyArgument = map[string]int{"T": 1, "N": 1, "t": 0, "flash": 0, "fail": 1, "add": 1}

// keysInGo are the keys that Go code asks for: arguments of the functions that
// take one, and the field Key of an error.
func keysInGo(files map[string]*ast.File) map[string]string {
	used := map[string]string{}
	for name, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			var key ast.Expr
			switch n := n.(type) {
			case *ast.CallExpr:
				if at, ok := keyArgument[calledName(n.Fun)]; ok && len(n.Args) > at {
					key = n.Args[at]
				}
			case *ast.KeyValueExpr:
				if field, ok := n.Key.(*ast.Ident); ok && field.Name == "Key" {
					key = n.Value
				}
			}
			if text, ok := stringLiteral(key); ok && strings.Contains(text, ".") {
				used[text] = name
			}
			return true
		})
	}
	return used
}

func calledName(fun ast.Expr) string {
	switch f := fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func stringLiteral(e ast.Expr) (string, bool) {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(literal.Value)
	return text, err == nil
}

// mentions are all strings of the Go code: a key may stand in a table.
func mentions(files map[string]*ast.File) map[string]bool {
	found := map[string]bool{}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok {
				if text, ok := stringLiteral(e); ok {
					found[text] = true
				}
			}
			return true
		})
	}
	return found
}

func TestEverySentenceThatIsAskedForIsDefined(t *testing.T) {
	defined := definedKeys(t)
	for _, used := range []map[string]string{keysInTemplates(t), keysInGo(goFiles(t))} {
		for key, where := range used {
			if _, ok := defined[key]; !ok {
				t.Errorf("%s asks for %q, which no locale file defines", where, key)
			}
		}
	}
}

func TestEverySentenceThatIsDefinedIsAskedFor(t *testing.T) {
	inTemplates, inGo := keysInTemplates(t), mentions(goFiles(t))
	built := builtInTemplates(t)
	for key := range definedKeys(t) {
		if inTemplates[key] == "" && !inGo[key] && !isBuilt(key, inGo, built) {
			t.Errorf("nothing asks for %q", key)
		}
	}
}

// isBuilt says whether a key is put together from a noun and one of its values,
// as in "help.for." + audience: the noun stands in the code, with or without
// its dot.
func isBuilt(key string, inGo, built map[string]bool) bool {
	noun := key[:strings.LastIndex(key, ".")]
	return inGo[noun] || inGo[noun+"."] || built[noun+"."]
}

// builtInTemplates are the nouns to which templates add a value.
func builtInTemplates(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	prefix := regexp.MustCompile(`print "([a-z_.]+\.)"`)
	err := fs.WalkDir(templateFiles, "templates", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(templateFiles, name)
		for _, m := range prefix.FindAllStringSubmatch(string(text), -1) {
			found[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestSentencesGetTheArgumentsTheyName(t *testing.T) {
	defined := definedKeys(t)
	place := regexp.MustCompile(`{{\s*\.(\w+)\s*}}`)
	walkTemplates(t, func(page string, args []parse.Node) {
		name, ok := args[0].(*parse.IdentifierNode)
		if !ok || len(args) < 2 || !slices.Contains([]string{"t", "tn", "th"}, name.Ident) {
			return
		}
		key, ok := args[1].(*parse.StringNode)
		if !ok {
			return
		}
		given := map[string]bool{"Count": name.Ident == "tn"}
		for _, arg := range args[2:] {
			if s, ok := arg.(*parse.StringNode); ok {
				given[s.Text] = true
			}
		}
		for _, found := range place.FindAllStringSubmatch(defined[key.Text], -1) {
			if !given[found[1]] {
				t.Errorf("%s: %s is not given %s", page, key.Text, found[1])
			}
		}
	}, func(string, string, *parse.PipeNode) {})
}

// partArguments are the structs of the parts; a dict must use their names.
var partArguments = map[string]any{
	"field": Field{}, "choices": Choices{}, "action": Action{}, "panel": Panel{}, "label": Label{}, "note": Note{},
	"pager": Pager{}, "door": Door{}, "group-card": GroupCard{}, "thread-card": ThreadCard{}, "post": Article{},
	"empty": Empty{}, "table": Table{}, "steps": Steps{}, "progress": Progress{}, "chart": Chart{},
}

func TestPartsAreGivenWhatTheyKnow(t *testing.T) {
	walkTemplates(t, func(string, []parse.Node) {}, func(page, name string, pipe *parse.PipeNode) {
		argument, known := partArguments[name]
		if !known || pipe == nil || len(pipe.Cmds) != 1 {
			return
		}
		args := pipe.Cmds[0].Args
		if nested, ok := args[0].(*parse.PipeNode); ok && len(args) == 1 {
			args = nested.Cmds[0].Args
		}
		if f, ok := args[0].(*parse.IdentifierNode); !ok || f.Ident != "dict" {
			return
		}
		for i := 1; i < len(args); i += 2 {
			field, ok := args[i].(*parse.StringNode)
			if !ok {
				t.Errorf("%s: %s: %s is not a name", page, name, args[i])
				continue
			}
			if _, ok := reflect.TypeOf(argument).FieldByName(field.Text); !ok {
				t.Errorf("%s: %s has no %q", page, name, field.Text)
			}
		}
	})
}

// TestFormsThatWriteCarryTheToken reads the sources: what is generated by a
// part carries it by the part.
func TestFormsThatWriteCarryTheToken(t *testing.T) {
	form := regexp.MustCompile(`(?is)<form[^>]*method="post".*?</form>`)
	err := fs.WalkDir(templateFiles, "templates", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(templateFiles, name)
		for _, found := range form.FindAllString(string(data), -1) {
			if !strings.Contains(found, "{{token}}") && !strings.Contains(found, `{{template "token"`) {
				t.Errorf("%s has a form without {{token}}: %.80s", name, found)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestLintsSeeWhatTheyShould(t *testing.T) {
	used := keysInTemplates(t)
	for _, key := range []string{"nav.home", "thread.replies", "thread.last"} {
		if used[key] == "" {
			t.Errorf("%s is not seen in the templates", key)
		}
	}
	if used := keysInGo(goFiles(t)); used["time.yesterday"] == "" {
		t.Error("time.yesterday is not seen in the Go code")
	}
	if got := definedKeys(t)["thread.replies"]; !strings.Contains(got, "{{.Count}} replies") {
		t.Errorf("thread.replies: got %q", got)
	}
}
