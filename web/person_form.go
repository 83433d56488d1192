package web

import "hearth/community"

// newcomer is what a form with the parts of a new person sent.
func (v *visit) newcomer() community.Newcomer {
	return community.Newcomer{
		Login: v.input("login"), PublicName: v.input("public_name"),
		Password: v.PostForm("password"), Advised: v.input("advised"),
	}
}
