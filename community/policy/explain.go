package policy

// Explanation is why a host is treated as it is.
type Explanation struct {
	Verdict
	Host    string
	Door    string   // DoorOpen and its like
	IsHere  bool     // it is this server itself
	Matched []Policy // the instance's on the host and its parents, the nearest first
}

// Explain says why the instance treats a folded host as it does.
func (s *Snapshot) Explain(host string) Explanation {
	e := Explanation{Verdict: s.Judge(host), Host: host, Door: s.door, IsHere: host == s.host && host != ""}
	for domain := host; domain != ""; domain = parent(domain) {
		if one, known := s.house[domain]; known {
			e.Matched = append(e.Matched, one)
		}
	}
	return e
}
