package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"syscall"
)

// letGoOfCode has the system unmap the program's own code and constants. Most of
// what a start and a setup touch is never touched again, and what is comes back
// from the system's cache of files, page by page, as it did at first. Where the
// system does not tell what is mapped, as in an empty root, all stays.
func letGoOfCode() error {
	smaps, err := os.Open("/proc/self/smaps")
	if err != nil {
		return nil
	}
	defer smaps.Close()
	for _, m := range ownConstants(smaps, reflect.ValueOf(letGoOfCode).Pointer()) {
		if _, _, errno := syscall.Syscall(syscall.SYS_MADVISE, m.begin, m.end-m.begin, syscall.MADV_DONTNEED); errno != 0 {
			return fmt.Errorf("memory of code: %w", errno)
		}
	}
	return nil
}

// mapping is a stretch of the address space (proc(5), smaps).
type mapping struct {
	begin, end  uintptr
	permissions string
	device      string
	inode       uint64
	isAsInFile  bool // no page of it was ever changed
}

// ownConstants are the mappings of the file that an address is mapped from that
// cannot be written to and are as in the file, so that nothing is lost with them.
// What a loader relocated, or a debugger changed, is not.
func ownConstants(smaps io.Reader, within uintptr) (own []mapping) {
	all := mappings(smaps)
	for _, code := range all {
		if within < code.begin || within >= code.end || code.inode == 0 {
			continue
		}
		for _, m := range all {
			if m.device == code.device && m.inode == code.inode && m.isAsInFile && strings.HasPrefix(m.permissions, "r-") {
				own = append(own, m)
			}
		}
	}
	return own
}

func mappings(smaps io.Reader) (all []mapping) {
	lines := bufio.NewScanner(smaps)
	for lines.Scan() {
		var m mapping
		var offset string
		if n, _ := fmt.Sscanf(lines.Text(), "%x-%x %s %s %s %d", &m.begin, &m.end, &m.permissions, &offset, &m.device, &m.inode); n == 6 {
			all = append(all, m)
		} else if fields := strings.Fields(lines.Text()); len(all) > 0 && len(fields) > 1 && fields[0] == "Anonymous:" {
			all[len(all)-1].isAsInFile = fields[1] == "0"
		}
	}
	return all
}
