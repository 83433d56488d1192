package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestOnlyWhatIsAsInTheProgramsFileIsLetGoOf(t *testing.T) {
	const smaps = `00400000-01804000 r-xp 00000000 fe:00 10448701                           /usr/bin/hearth
Size:              20496 kB
Rss:               16912 kB
Anonymous:             0 kB
VmFlags: rd ex mr mw me
01804000-02d85000 r--p 01404000 fe:00 10448701                           /usr/bin/hearth
Anonymous:             0 kB
02d85000-02d86000 r--p 02985000 fe:00 10448701                           /usr/bin/hearth
Anonymous:             4 kB
02d86000-0300b000 rw-p 02986000 fe:00 10448701                           /usr/bin/hearth
Anonymous:             0 kB
0300b000-0503c000 rw-p 00000000 00:00 0
Anonymous:           500 kB
78478400000-7847c000000 rw-p 00000000 00:00 0 
Anonymous:         16028 kB
7f61b1d90000-7f61b2200000 r-xp 00000000 fe:00 7                           /lib/libc.so
Anonymous:             0 kB
7f61b2200000-7f61b2210000 r--p 00000000 fe:01 10448701                    /mnt/another
Anonymous:             0 kB
7ffd0000-7ffd2000 r-xp 00000000 00:00 0                                  [vdso]
Anonymous:             0 kB
`
	for _, c := range []struct {
		name   string
		within uintptr
		want   []string
	}{
		{"code of the program", 0x400010, []string{"400000-1804000", "1804000-2d85000"}},
		{"the end of its code is its constants", 0x1804000, []string{"400000-1804000", "1804000-2d85000"}},
		{"code of no file", 0x7ffd0000, nil},
		{"nothing", 0x10, nil},
	} {
		var got []string
		for _, m := range ownConstants(strings.NewReader(smaps), c.within) {
			got = append(got, fmt.Sprintf("%x-%x", m.begin, m.end))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestProgramGoesOnWithoutItsCode(t *testing.T) {
	before := fmt.Sprint(mapping{begin: 1}, strings.Repeat("hearth", 2))
	if err := letGoOfCode(); err != nil {
		t.Fatal(err)
	}
	if after := fmt.Sprint(mapping{begin: 1}, strings.Repeat("hearth", 2)); after != before {
		t.Errorf("got %q, want %q", after, before)
	}
}
