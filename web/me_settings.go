package web

import (
	"net/http"
	"slices"

	"hearth/community"
)

type settingsPage struct {
	In        community.Settings
	Languages []Choice // none where there is only one
	Zones     []Choice
	Countries []Choice
	HomeOrder Choices
	Quiet     Choices
	Problems  Problems
}

func (s *Server) showSettings(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	return s.renderSettings(v, http.StatusOK, community.SettingsOf(*v.viewer.User), nil)
}

func (s *Server) renderSettings(v *visit, status int, in community.Settings, problems Problems) error {
	p := settingsPage{
		In: in, Problems: problems, Languages: v.languages(in.Language),
		Zones:     zoneChoices(in.Zone, Choice{Label: v.t("me.zone_site", "Zone", zoneLabel(v.site.Zone)), Checked: in.Zone == ""}),
		Countries: append([]Choice{{Label: v.t("me.country_site", "Country", v.t("country."+v.site.Country)), Checked: in.Country == ""}}, v.countries(in.Country)...),
		HomeOrder: v.options("home_order", "me.home_order", in.HomeOrder, problems, community.HomeByActivity, community.HomeByNewest),
		Quiet: Choices{Name: "quiet", Legend: v.t("me.quiet"), Several: true, Options: []Choice{
			{Value: "exit", Label: v.t("me.exit"), Hint: v.t("me.exit_hint"), Checked: in.ExitEverywhere},
			{Value: "discreet", Label: v.t("me.discreet"), Hint: v.t("me.discreet_hint"), Checked: in.Discreet},
		}},
	}
	return v.render(status, "me_settings", v.t("me.settings.title"), p)
}

func (s *Server) doSettings(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	quiet := v.PostFormArray("quiet")
	in := community.Settings{
		Email: v.input("email"), Language: v.language(v.input("language")), Zone: v.input("zone"), Country: v.input("country"),
		HomeOrder: v.input("home_order"), ExitEverywhere: slices.Contains(quiet, "exit"), Discreet: slices.Contains(quiet, "discreet"),
	}
	err := s.service.SaveSettings(v.ctx(), v.viewer, in)
	if problems, ok := v.problems(err); ok {
		return s.renderSettings(v, http.StatusUnprocessableEntity, in, problems)
	}
	if err != nil {
		return err
	}
	v.flash("me.saved")
	return v.redirect("/me")
}

// languages are the languages that sentences exist in, as a select's options;
// none where there is nothing to choose.
func (v *visit) languages(chosen string) []Choice {
	all := v.server.pages.Catalogue.Languages()
	if len(all) < 2 {
		return nil
	}
	choices := []Choice{{Label: v.t("me.language_browser"), Checked: chosen == ""}}
	for _, lang := range all {
		choices = append(choices, Choice{Value: lang, Label: languageName(lang), Checked: lang == chosen})
	}
	return choices
}

// language is a chosen language if there are sentences in it.
func (v *visit) language(chosen string) string {
	if slices.Contains(v.server.pages.Catalogue.Languages(), chosen) {
		return chosen
	}
	return ""
}
