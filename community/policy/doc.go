// Package policy is what an instance and its groups decide about other servers:
// which policy holds for a host, and what it means for each kind of traffic. It is
// pure: what was decided is handed in, and a verdict comes out. Who may decide, and
// what follows for people, is community's; where each kind of traffic is met is
// federation's.
package policy
