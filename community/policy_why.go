package community

import (
	"context"

	"hearth/community/policy"
)

// ExplainPolicy says why a server is treated as it is. Domain is any spelling that
// FoldDomain takes. NotFound for those who are not admins; Invalid for what is no
// domain. Private notes and owners are in it.
func (s *Service) ExplainPolicy(ctx context.Context, v Viewer, domain string) (policy.Explanation, error) {
	if !v.IsAdmin() {
		return policy.Explanation{}, fail(NotFound, "error.not_found")
	}
	return s.explainPolicy(ctx, domain)
}

// ExplainPolicyAsOperator is ExplainPolicy from the command line.
func (s *Service) ExplainPolicyAsOperator(ctx context.Context, domain string) (policy.Explanation, error) {
	return s.explainPolicy(ctx, domain)
}

func (s *Service) explainPolicy(ctx context.Context, domain string) (policy.Explanation, error) {
	folded, err := FoldDomain(domain)
	if err != nil {
		var p problems
		p.add("domain", "policy.domain_form")
		return policy.Explanation{}, p.err()
	}
	policies, err := s.Policies(ctx)
	if err != nil {
		return policy.Explanation{}, err
	}
	return policies.Explain(folded), nil
}
