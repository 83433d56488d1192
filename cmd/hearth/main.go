// Command hearth is the one binary: configuration, wiring, the job clock and
// the command line. It is the only place that knows every other room.
package main

func main() {}
