//go:build !linux

package main

// letGoOfCode does nothing: only Linux tells what of a program is mapped unchanged.
func letGoOfCode() error { return nil }
