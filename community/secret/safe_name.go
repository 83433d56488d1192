package secret

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// calm and things are the two halves of a suggested name. Any calm word must go
// with any thing. None says or hints at who somebody is: no gender, given name,
// age, body, health, faith, colour of skin, place or nation. None is a joke at
// somebody's cost, or a thing that people here may be struggling with: no food,
// drink, drug, height, edge or deep water, nor the sign of a condition.
var (
	calm = strings.Fields(`
		airy ample amused aqua attentive autumn azure balanced balmy beaming
		blithe blooming breezy bright brisk bronze bubbly burnished candid careful
		caring cerulean cheerful cheery clear cloudy comfy composed constant content
		copper cordial cosy courteous curious dappled dawning dewy diligent dotted
		downy eager earnest easygoing emerald even festive floral flowing fond
		forest fragrant fresh friendly frosty generous genial gentle giving gleaming
		glossy glowing golden graceful grateful green harmonic heartfelt helpful honest
		hopeful humble humming indigo jaunty jolly jovial joyful keen kind
		kindly knitted lavender leafy level lilting listening lively lucid lucky
		lyrical magenta marbled mellow melodic merry mild mindful misty moonlit
		mossy musical neat neighbourly open orange painted patient peaceful pearly
		peppy placid plaid playful pleasant plucky plum poised polished polite
		pottering prudent quiet quilted radiant rainy ready relaxed restful rippling
		russet rustling saffron sandy sapphire scenic serene settled shining silver
		sincere singing smiling smooth snowy snug sociable soft solar soothing
		sparkling speckled spring starlit starry steadfast steady striped sturdy summery
		sunlit sunny tactful tangerine tartan teal thankful thoughtful tidy tranquil
		trusty turquoise twinkling umber unhurried upbeat verdant vivid warm watchful
		waving welcoming whistling windy winter wintry witty wooden woolly woven`)
	things = strings.Fields(`
		acorn alder alpaca anchor antelope arbour armchair atlas awning badger
		bagpipe balloon bamboo banjo basket beacon bead beech beehive bell
		bellflower bench birch birdhouse bison blanket bluebell boat bobbin book
		bookend bookmark bough bouquet bracken branch breeze brook bulrush bumblebee
		button calendar canoe canopy canvas caravan carousel carpet cart cedar
		cello chaffinch chair chalk chestnut chime clarinet clock cloud clover
		cobble comet compass concertina cornflower cottage crane crayon creek cricket
		crocus cushion cygnet dandelion deckchair dolphin dormouse dove dragonfly driftwood
		drum dune easel echo eider elm envelope feather fern ferry
		fiddle field finch firefly flagstone flamingo flute footpath fountain garden
		garland gate gazebo gecko glade globe goldfinch gondola grove guitar
		hammock hamster harbour hare harp haven hawthorn haystack hearth hedge
		hedgehog heron hillside honeybee horizon hummingbird ibis inkwell journal kayak
		kestrel kettle keyhole kingfisher kite koala lamp lantern larch lark
		leaf library lichen lighthouse linden linnet llama log loom lute
		lynx magnolia mallard map maple marmot meadow mill mitten moon
		moonbeam mosaic moss narwhal nest notebook oak oar ocarina orchard
		orchid origami otter paddle paintbrush panda paper parasol park partridge
		pasture patchwork pavilion pebble pelican pencil peony piano picnic pillow
		pine pinecone plover pocket pony porch postcard prairie primrose puffin
		quail quill quilt rabbit raccoon raft raindrop reed reindeer ripple
		rowboat sail sailboat sandpiper satchel saxophone scarf seahorse seashell seedling
		shell shore sketch skylark sled slipper snowdrop sparrow squirrel star
		starfish starling stream sundial swift sycamore tambourine tapestry teacup teapot
		tent terrace thicket thimble thistle tortoise trail treetop trellis tulip
		turnstone turtle ukulele umbrella valley vase violin walnut waterlily waterwheel
		wave waxwing wheel whistle windmill wisteria woodland wool`)
)

// DiscreetName is a name for a group whose name should say nothing of what it is
// for. It is as good as never taken.
func DiscreetName() string {
	return SafeNames(1)[0] + "-" + NewActorID()[:5]
}

// SafeNames suggests n different public names, such as quiet-heron, that say
// nothing of whoever takes one. There are some fifty thousand.
func SafeNames(n int) []string { return SafeNamesFrom(unguessable, n) }

// SafeNamesFrom is SafeNames with the given randomness, for tests.
func SafeNamesFrom(r *rand.Rand, n int) []string {
	names, seen := make([]string, 0, max(0, n)), map[string]bool{}
	for len(names) < min(n, len(calm)*len(things)) {
		name := calm[r.IntN(len(calm))] + "-" + things[r.IntN(len(things))]
		if !seen[name] {
			names, seen[name] = append(names, name), true
		}
	}
	return names
}

// NumberedNames are SafeNames with two digits, for a place where many are taken.
func NumberedNames(n int) []string {
	names := SafeNames(n)
	for i := range names {
		names[i] += "-" + strconv.Itoa(10+unguessable.IntN(90))
	}
	return names
}

// unguessable draws from crypto/rand. It keeps no state, so it may be shared.
var unguessable = rand.New(system{})

type system struct{}

func (system) Uint64() uint64 { return random64() }
