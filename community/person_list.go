package community

import "context"

// peopleShown bounds a page of the list of people.
const peopleShown = 30

// People lists people for admins, the newest first, before the id before; words
// are looked for in sign-in names and main public names. next is where the list
// goes on, or empty.
func (s *Service) People(ctx context.Context, v Viewer, words, before string) (list []Person, next string, err error) {
	if err := needAdmin(v); err != nil {
		return nil, "", err
	}
	list, err = s.store.People(ctx, Fold(words), before, peopleShown+1)
	if len(list) > peopleShown {
		list = list[:peopleShown]
		next = list[peopleShown-1].ID
	}
	return list, next, err
}

// Person is one person for admins: with their sign-in name and their main public
// name, and nothing of any persona. NotFound for nobody and for everybody else.
func (s *Service) Person(ctx context.Context, v Viewer, userID string) (Person, error) {
	if err := needAdmin(v); err != nil {
		return Person{}, err
	}
	return s.store.Person(ctx, userID)
}
