package community

import "encoding/json"

// Words are the sentences of a Decision; none where they were erased.
func (p DecisionPayload) Words() DecisionWords {
	var w DecisionWords
	if p.Payload == "" || json.Unmarshal([]byte(p.Payload), &w) != nil {
		return DecisionWords{}
	}
	return w
}
