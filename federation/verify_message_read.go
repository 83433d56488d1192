package federation

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/dunglas/httpsfv"
	"golang.org/x/net/http/httpguts"
)

// messageSignature is what one label of Signature-Input and Signature says (RFC
// 9421 4), not yet believed.
type messageSignature struct {
	covered   []string // in the order signed
	params    string   // the value of @signature-params: strictly serialised
	keyID     string
	algorithm string // empty when not said
	created   int64  // 0 when not said
	expires   int64
	value     []byte
}

func (s messageSignature) covers(name string) bool { return slices.Contains(s.covered, name) }

// maxLabels bounds the signatures of a request. A second one is a proxy's; more
// would have us ask for a key each.
const maxLabels = 4

// isMessageSigned says which of the two ways of signing a request uses. The same
// header is named Signature in both.
func isMessageSigned(header http.Header) bool { return len(header.Values("Signature-Input")) > 0 }

// readMessageSignatures reads the signatures of a request, those that can be
// read, in their order; or else why the first cannot be.
func readMessageSignatures(header http.Header) ([]messageSignature, error) {
	if n := len(signaturesInAuthorization(header)); n > 0 {
		return nil, refuse(AmbiguousSignature, "Signature-Input, and %d in Authorization", n)
	}
	inputs, err := readDictionary("Signature-Input", header.Values("Signature-Input"))
	if err != nil {
		return nil, err
	}
	values, err := readDictionary("Signature", header.Values("Signature"))
	if err != nil {
		return nil, err
	}
	var read []messageSignature
	var first error
	for _, input := range inputs {
		sig, err := readLabel(input, values)
		if err == nil {
			read = append(read, sig)
		} else if first == nil {
			first = err
		}
	}
	if len(read) > 0 {
		return read, nil
	}
	if first == nil {
		first = refuse(MalformedSignature, "Signature-Input is empty")
	}
	return nil, first
}

// labelled is a member of a dictionary (RFC 8941 3.2).
type labelled struct {
	label string
	text  string // as it came
	value httpsfv.Member
}

// readDictionary reads a dictionary member by member, where the library would let
// the last of those of one name pass: to whoever takes the first it says
// something else.
func readDictionary(name string, lines []string) ([]labelled, error) {
	var members []labelled
	for _, line := range lines {
		if len(line) > maxSignatureBytes {
			return nil, refuse(MalformedSignature, "%s has %d bytes", name, len(line))
		}
		if strings.Trim(line, " \t") == "" {
			continue
		}
		for text := range splitOutside(line, ',') {
			member, err := readMember(strings.Trim(text, " \t"))
			if err != nil {
				return nil, refuse(MalformedSignature, "%s: %v", name, err)
			}
			if slices.ContainsFunc(members, func(m labelled) bool { return m.label == member.label }) {
				return nil, refuse(AmbiguousSignature, "%s has %s twice", name, member.label)
			}
			if members = append(members, member); len(members) > maxLabels {
				return nil, refuse(MalformedSignature, "%s has more than %d labels", name, maxLabels)
			}
		}
	}
	return members, nil
}

func readMember(text string) (labelled, error) {
	read, err := httpsfv.UnmarshalDictionary([]string{text})
	if err != nil {
		return labelled{}, err
	}
	if len(read.Names()) != 1 {
		return labelled{}, errors.New("an empty member")
	}
	label := read.Names()[0]
	value, _ := read.Get(label)
	return labelled{label, text, value}, nil
}

// splitOutside splits a structured field where a mark stands outside of strings,
// in which alone it could stand for something else.
func splitOutside(text string, mark byte) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		begin, quoted := 0, false
		for i := 0; i < len(text); i++ {
			switch c := text[i]; {
			case quoted && c == '\\':
				i++
			case c == '"':
				quoted = !quoted
			case c == mark && !quoted:
				if !yield(text[begin:i]) {
					return
				}
				begin = i + 1
			}
		}
		yield(text[begin:])
	}
}

// readLabel is RFC 9421 4.1 and 4.2. Components with parameters are refused: they
// stand for parts of fields, of trailers and of other messages.
func readLabel(input labelled, values []labelled) (messageSignature, error) {
	list, ok := input.value.(httpsfv.InnerList)
	if !ok {
		return messageSignature{}, refuse(MalformedSignature, "%s is no list of components", input.label)
	}
	sig := messageSignature{}
	for _, item := range list.Items {
		name, ok := item.Value.(string)
		if !ok || len(item.Params.Names()) > 0 || !isComponent(name) {
			return messageSignature{}, refuse(MalformedSignature, "%s: a component that is not known here", input.label)
		}
		if sig.covers(name) {
			return messageSignature{}, refuse(AmbiguousSignature, "%s is covered twice", name)
		}
		sig.covered = append(sig.covered, name)
	}
	if len(sig.covered) > maxCovered {
		return messageSignature{}, refuse(MalformedSignature, "%d components", len(sig.covered))
	}
	if err := sig.readParams(input, list); err != nil {
		return messageSignature{}, err
	}
	return sig, sig.readValue(input.label, values)
}

func isComponent(name string) bool {
	if strings.HasPrefix(name, "@") {
		return slices.Contains(derivedComponents, name)
	}
	return httpguts.ValidHeaderFieldName(name) && name == strings.ToLower(name)
}

// readParams is RFC 9421 2.3. Parameters that are not known, as tag and nonce, are
// signed like the others and mean nothing here.
func (s *messageSignature) readParams(input labelled, list httpsfv.InnerList) (err error) {
	given := -1
	for range splitOutside(input.text, ';') {
		given++
	}
	if given != len(list.Params.Names()) {
		return refuse(AmbiguousSignature, "%s: a parameter is given twice", input.label)
	}
	var right [4]bool
	s.keyID, right[0] = textParam(list.Params, "keyid")
	s.algorithm, right[1] = textParam(list.Params, "alg")
	s.created, right[2] = timeParam(list.Params, "created")
	s.expires, right[3] = timeParam(list.Params, "expires")
	if slices.Contains(right[:], false) {
		return refuse(MalformedSignature, "%s: a parameter of the wrong kind", input.label)
	}
	if s.keyID == "" || strings.ContainsFunc(s.keyID, unquotable) {
		return refuse(MalformedSignature, "no usable keyid")
	}
	if s.params, err = httpsfv.Marshal(list); err != nil {
		return refuse(MalformedSignature, "%s: %v", input.label, err)
	}
	return nil
}

// textParam is a parameter's string, empty where it is not given; and false where
// it is something else.
func textParam(params *httpsfv.Params, name string) (string, bool) {
	given, ok := params.Get(name)
	if !ok {
		return "", true
	}
	text, ok := given.(string)
	return text, ok && text != ""
}

// timeParam is a parameter's seconds since 1970, 0 where it is not given; and
// false where it is something else.
func timeParam(params *httpsfv.Params, name string) (int64, bool) {
	given, ok := params.Get(name)
	if !ok {
		return 0, true
	}
	seconds, ok := given.(int64)
	return seconds, ok && seconds > 0 && seconds < 1<<40
}

func (s *messageSignature) readValue(label string, values []labelled) error {
	for _, v := range values {
		item, ok := v.value.(httpsfv.Item)
		if v.label != label || !ok {
			continue
		}
		if s.value, ok = item.Value.([]byte); ok && len(s.value) > 0 {
			return nil
		}
	}
	return refuse(MalformedSignature, "%s has no signature", label)
}
