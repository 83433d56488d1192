package wire

// Reasons an Error may carry. They are stored as facts and counted as metrics,
// so a reason is never renamed.
const (
	TooLarge         = "too_large"         // more than MaxBytes
	NotUTF8          = "not_utf8"          // bytes that are not UTF-8 (RFC 8259 8.1)
	TooDeep          = "too_deep"          // nested more than MaxDepth
	NotJSON          = "not_json"          // not one JSON value
	NotAnObject      = "not_an_object"     // a root that is an array or a scalar
	ArrayTooLong     = "array_too_long"    // an array of more than MaxItems
	ObjectTooWide    = "object_too_wide"   // an object of more than MaxItems members
	DuplicateKey     = "duplicate_key"     // a key twice in one object
	ForbiddenKeyword = "forbidden_keyword" // @graph, @included or @reverse
	Expanded         = "expanded"          // expanded JSON-LD, which needs a processor
	NoType           = "no_type"           // no type, or none that is a string
	BadID            = "bad_id"            // an id that is missing or no http(s) IRI
	BadActor         = "bad_actor"         // an actor that is missing, several, or no IRI
	BadObject        = "bad_object"        // an object that is neither IRI nor JSON object
	BadAuthor        = "bad_author"        // an attributedTo that names nobody
	NotAnActor       = "not_an_actor"      // a document of another type than an actor's
	NotACollection   = "not_a_collection"  // a document with no type or items of one
	NotAKey          = "not_a_key"         // a key document without owner or PEM
	NoInbox          = "no_inbox"          // an actor that nothing can be sent to
	NoName           = "no_name"           // an actor without preferredUsername
	NoKey            = "no_key"            // an actor without a key of its own
	BadHost          = "bad_host"          // a host that DNS could not hold
	BadPort          = "bad_port"          // a port that is not allowed
	BadScheme        = "bad_scheme"        // not https
	BadIRI           = "bad_iri"           // not an absolute IRI, or with bytes none may have
	HasUserinfo      = "has_userinfo"      // user@ before the host
	HasFragment      = "has_fragment"      // a fragment where a document is to be fetched
	IPHost           = "ip_host"           // an address in place of a name
	BadHandle        = "bad_handle"        // not name@host
	BadSoftware      = "bad_software"      // NodeInfo without a well-formed software name
)

// Error says why something from outside was not taken. It carries the reason
// alone, never a word of the document, and is comparable:
// errors.Is(err, wire.Error{Reason: wire.TooDeep}).
type Error struct {
	Reason string // one of the constants above
}

func (e Error) Error() string { return "wire: " + e.Reason }
