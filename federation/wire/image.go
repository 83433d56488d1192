package wire

import "encoding/json"

// Image is a picture by its address. It is never shown from there.
type Image struct {
	URL       string
	MediaType string
	Name      string // the alternative text
	Width     int64  // 0 where unsaid
	Height    int64
}

// bestImage reads icon and image: an object, an IRI, or several sizes, of which
// the largest is taken, or the last where none says (PeerTube's order).
func bestImage(raw json.RawMessage) *Image {
	var best *Image
	for _, one := range oneOrMany(raw) {
		if image := newImage(one); image.URL != "" && (best == nil || image.area() >= best.area()) {
			best = &image
		}
	}
	return best
}

func newImage(raw json.RawMessage) Image {
	f := members(raw)
	if f == nil {
		return Image{URL: iri(raw)}
	}
	image := Image{URL: pageOf(links(f.get("url", "href"))), MediaType: mediaType(f)}
	image.Name, _ = f.localized("name", "")
	image.Width, _ = f.number("width")
	image.Height, _ = f.number("height")
	return image
}

func (i Image) area() int64 {
	const most = 1 << 20 // pixels a side; a larger claim is no larger picture
	return min(max(i.Width, 0), most) * min(max(i.Height, 0), most)
}
