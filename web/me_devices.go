package web

import (
	"time"
)

type devicesPage struct {
	Devices []deviceRow
	Others  bool // there is another than this one
}

// deviceRow is one place where the person is signed in.
type deviceRow struct {
	ID   string
	Name string
	This bool
	Seen time.Time
}

func (s *Server) showDevices(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	all, err := s.service.SignIns(v.ctx(), v.viewer)
	if err != nil {
		return err
	}
	p := devicesPage{Others: len(all) > 1}
	for _, in := range all {
		row := deviceRow{ID: in.ID, Name: in.Device, This: in.ID == v.viewer.SignInID, Seen: in.SeenAt}
		if row.Name == "" {
			row.Name = v.t("devices.unknown")
		}
		p.Devices = append(p.Devices, row)
	}
	return v.page("me_devices", v.t("devices.title"), p)
}

// endDevice ends one sign-in. Ending this one is signing out.
func (s *Server) endDevice(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	id := v.input("id")
	if id == v.viewer.SignInID {
		return s.doSignOut(v)
	}
	if err := s.service.EndSignIn(v.ctx(), v.viewer, id); err != nil {
		return err
	}
	v.flash("devices.ended")
	return v.redirect("/me/devices")
}

func (s *Server) endOtherDevices(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	if err := s.service.EndOtherSignIns(v.ctx(), v.viewer); err != nil {
		return err
	}
	v.flash("devices.ended_others")
	return v.redirect("/me/devices")
}
