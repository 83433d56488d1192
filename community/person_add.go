package community

import "context"

// AddUser lets a person in from the command line, past registration and its
// caps, in a role of the instance. It returns Invalid with each field to mend,
// a name that is taken among them.
func (s *Service) AddUser(ctx context.Context, login, publicName, password, role string) (User, error) {
	n := Newcomer{Login: login, PublicName: publicName, Password: password, Advised: publicName}.tidy()
	site, err := s.store.Site(ctx)
	if err != nil {
		return User{}, err
	}
	var p problems
	n.check(&p, s.passwords, site.Name)
	if !oneOf(role, RoleMember, RoleModerator, RoleAdmin) {
		p.add("role", "form.choose")
	}
	if err := p.err(); err != nil {
		return User{}, err
	}
	hash, err := s.passwords.Hash(n.Password)
	if err != nil {
		return User{}, err
	}
	user := newUser(n.Login, hash, role, UserActive, s.now())
	return user, s.store.InTx(ctx, func(tx Store) error {
		if err := insertPerson(ctx, tx, site, user, n.PublicName); err != nil {
			return err
		}
		_, err := s.decide(ctx, tx, Decision{
			Kind: DecidedRole, DecidedBy: OperatorName, SubjectKind: SubjectUser, SubjectID: user.ID, Rule: role,
		}, DecisionWords{})
		return err
	})
}
