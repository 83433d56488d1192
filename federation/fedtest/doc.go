// Package fedtest is a remote server in a box, for tests.
package fedtest
