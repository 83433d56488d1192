package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"hearth/community"
)

type demoCommand struct {
	JSON bool `name:"json" help:"One line of JSON with the addresses and sign-ins."`
}

// Run starts two hearths in a temporary folder, has people meet there through
// the doors that members use, and serves until the context ends.
func (c *demoCommand) Run(ctx context.Context, tty console) error {
	folder, err := os.MkdirTemp("", "hearth-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	log := zerolog.New(tty.err).Level(zerolog.ErrorLevel)
	oak, err := newDemoHearth(ctx, demoAt{folder: folder, name: "oak"}, log)
	if err != nil {
		return err
	}
	elm, err := newDemoHearth(ctx, demoAt{folder: folder, name: "elm"}, log)
	if err != nil {
		return err
	}
	running, stop := context.WithCancel(ctx)
	defer stop()
	var serving sync.WaitGroup
	failed := make([]error, 2)
	for i, d := range []*demoHearth{oak, elm} {
		serving.Go(func() {
			defer stop()
			failed[i] = d.node.run(running, d.listener)
		})
	}
	err = fillDemo(running, oak, elm)
	if err == nil {
		err = c.print(tty, oak, elm)
	}
	if err != nil {
		stop()
	}
	serving.Wait()
	if ctx.Err() != nil {
		err = nil // Ctrl-C while it was being filled is no failure
	}
	return errors.Join(err, errors.Join(failed...))
}

// demoHearth is one of the two, and who lives there.
type demoHearth struct {
	name     string
	database string // its address
	node     *node
	listener net.Listener
	people   []demoPerson
}

// demoPerson is somebody who can be signed in as.
type demoPerson struct {
	Hearth     string `json:"hearth"`
	Login      string `json:"login"`
	Password   string `json:"password"`
	PublicName string `json:"public_name"`
	Role       string `json:"role"`
}

const demoPassword = "kettle lantern river"

// demoAt is where one of the two keeps its data, and whether it is measured.
type demoAt struct {
	folder, name, database string
	measured               bool
}

func newDemoHearth(ctx context.Context, at demoAt, log zerolog.Logger) (*demoHearth, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	s := &Settings{Data: filepath.Join(at.folder, at.name), Database: at.database, Domain: at.name + ".localhost:" + port}
	if at.measured {
		s.Metrics = "127.0.0.1:0"
	}
	h, err := openHouse(ctx, s, "")
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	d := &demoHearth{name: at.name, database: s.database(), listener: listener}
	if err := d.setUp(ctx, h); err != nil {
		return nil, errors.Join(err, h.store.Close(), listener.Close())
	}
	d.node, err = newNode(h, s, log)
	return d, err
}

func (d *demoHearth) setUp(ctx context.Context, h *house) error {
	in := demoPlaces[d.name]
	in.Newcomer = community.Newcomer{Login: d.name + "-admin", PublicName: demoAdmins[d.name], Password: demoPassword}
	in.MinimumAge, in.Registration, in.FrontDoor = 18, community.RegistrationOpen, community.FrontDoorOpen
	in.Country, in.Zone = "GB", "UTC"
	if _, err := h.service.SetUp(ctx, h.scheme, h.host, in); err != nil {
		return inWords(err)
	}
	d.people = append(d.people, demoPerson{d.name, in.Login, demoPassword, in.PublicName, community.RoleAdmin})
	return nil
}

// address is where a browser on this machine finds it.
func (d *demoHearth) address() string { return d.node.house.scheme + "://" + d.node.house.host }

func (c *demoCommand) print(tty console, hearths ...*demoHearth) error {
	if c.JSON {
		return c.printJSON(tty, hearths)
	}
	fmt.Fprintln(tty.out, "Two hearths that know each other. They are gone with Ctrl-C.")
	for _, d := range hearths {
		fmt.Fprintf(tty.out, "\n%s\n", d.address())
		for _, p := range d.people {
			fmt.Fprintf(tty.out, "  sign in as %-12s password %q   (others see %s, %s)\n", p.Login, p.Password, p.PublicName, p.Role)
		}
	}
	return nil
}

func (c *demoCommand) printJSON(tty console, hearths []*demoHearth) error {
	var line struct {
		Hearths map[string]string `json:"hearths"`
		People  []demoPerson      `json:"people"`
	}
	line.Hearths = map[string]string{}
	for _, d := range hearths {
		line.Hearths[d.name] = d.address()
		line.People = append(line.People, d.people...)
	}
	return json.NewEncoder(tty.out).Encode(line)
}

// demoPatience bounds how long one thing may take to travel.
const demoPatience = 60 * time.Second

// until asks again and again whether something has come about.
func until(ctx context.Context, what string, ask func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, demoPatience)
	defer cancel()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		if done, err := ask(); done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s did not come about within %v", what, demoPatience)
		case <-again.C:
		}
	}
}
