package web

import "strings"

// deviceOf is a coarse word for a browser and its system, such as "Firefox on
// Android", for the list of sign-ins. Nothing finer is kept.
func deviceOf(userAgent string) string {
	browser := firstIn(userAgent, "", [][2]string{{"Edg/", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}})
	system := firstIn(userAgent, "", [][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS", "Mac"}, {"Linux", "Linux"}})
	switch {
	case browser == "" && system == "":
		return ""
	case system == "":
		return browser
	case browser == "":
		return system
	}
	return browser + " · " + system
}

func firstIn(s, otherwise string, words [][2]string) string {
	for _, w := range words {
		if strings.Contains(s, w[0]) {
			return w[1]
		}
	}
	return otherwise
}
