package wire

import (
	"encoding/xml"
	"fmt"
)

// XRDMediaType is what host-meta is served as (RFC 6415 2).
const XRDMediaType = "application/xrd+xml"

// HostMeta is the XRD that leads to WebFinger (RFC 6415), which some servers
// ask for where WebFinger alone did not answer. origin is this server's, as in
// https://example.org.
func HostMeta(origin string) ([]byte, error) {
	type link struct {
		Rel      string `xml:"rel,attr"`
		Type     string `xml:"type,attr"`
		Template string `xml:"template,attr"`
	}
	written, err := xml.Marshal(struct {
		XMLName xml.Name `xml:"http://docs.oasis-open.org/ns/xri/xrd-1.0 XRD"`
		Link    link
	}{Link: link{"lrdd", JRDMediaType, origin + "/.well-known/webfinger?resource={uri}"}})
	if err != nil {
		return nil, fmt.Errorf("wire: host-meta: %w", err)
	}
	return append([]byte(xml.Header), written...), nil
}
