//go:build unix

package storage

import (
	"fmt"
	"os"
	"syscall"
)

// lockFile holds an exclusive lock beside a SQLite file until it is released:
// of two processes that start at once on one file, one migrates. It goes with
// the process, however that ends.
func lockFile(path string) (release func() error, err error) {
	f, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("storage: lock: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, fmt.Errorf("storage: lock: %w", err)
	}
	return f.Close, nil
}
