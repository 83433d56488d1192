package markup

import "testing"

func FuzzSanitize(f *testing.F) {
	for _, in := range attacks {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) { checkSanitize(t, in) })
}

func FuzzRender(f *testing.F) {
	for _, in := range attacks {
		f.Add(in)
	}
	for _, in := range markPieces {
		f.Add("a " + in + " b\n" + in + in)
	}
	f.Fuzz(func(t *testing.T, in string) { checkRendered(t, in) })
}
