package web

func (s *Server) meRoutes() {
	s.get("/me", s.showMe)
	s.get("/me/settings", s.showSettings)
	s.post("/me/settings", s.doSettings)
	s.get("/me/about", s.showAboutMe)
	s.post("/me/about", s.doAboutMe).holding("about")
	s.get("/me/password", s.showPassword)
	s.post("/me/password", s.doPassword)
	s.get("/me/devices", s.showDevices)
	s.post("/me/devices/end", s.endDevice).on("/me/devices")
	s.post("/me/devices/end-others", s.endOtherDevices).on("/me/devices")
	s.get("/@:name", s.showProfile)
}

type mePage struct {
	Name    string // that others see
	Profile string // the address of the page that others see
	Doors   []hubDoor
}

// hubDoor is one way on from a hub.
type hubDoor struct {
	URL, Title, Text string
}

func (s *Server) showMe(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	p := mePage{Doors: v.hubDoors(meDoors)}
	if v.viewer.Acting != nil {
		p.Name, p.Profile = v.viewer.Acting.Title, profilePath(v.viewer.Acting.Actor)
	}
	return v.page("me", v.t("nav.me"), p)
}

// meDoors are the pages under /me, by address and by the key of their words;
// each noun adds its own.
var meDoors = [][2]string{
	{"/me/settings", "me.settings"},
	{"/me/about", "me.about"},
	{"/me/devices", "me.devices"},
	{"/me/password", "me.password_door"},
	{"/me/consents", "me.consents"},
	{"/me/blocks", "block.door"},
	{"/me/export", "me.export"},
	{"/me/leave", "me.leave"},
}

// hubDoors are doors in the reader's words: key.title and key.text.
func (v *visit) hubDoors(doors [][2]string) []hubDoor {
	var list []hubDoor
	for _, d := range doors {
		list = append(list, hubDoor{URL: d[0], Title: v.t(d[1] + ".title"), Text: v.t(d[1] + ".text")})
	}
	return list
}
