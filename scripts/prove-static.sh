#!/usr/bin/env bash
# prove-static.sh [BINARY]
#
# Proves that the binary needs nothing of the system it runs on: copies it and
# the authorities' certificates into an empty folder, makes that folder the
# root, and asks for the version there as a user without a name. Then a hearth
# is served there, and asked how it is as an image's health check would.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
binary=${1:-hearth}

"$here/require" certificates
root=$(mktemp -d "${TMPDIR:-/tmp}/hearth-root.XXXXXX")
served=
trap '[ -z "$served" ] || kill "$served" 2>/dev/null || true; wait; rm -rf "$root"' EXIT
chmod 755 "$root"
install -D -m 755 "$binary" "$root/hearth"
install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"

# inside becomes the command, so it belongs into a subshell.
inside() {
	if [ "$(id -u)" = 0 ]; then
		exec chroot --userspec=65532:65532 "$root" "$@"
	else
		exec unshare --user --map-root-user chroot "$root" "$@"
	fi
}

version=$(inside /hearth --version </dev/null)
[ -n "$version" ] || { echo "prove-static: no version was printed" >&2; exit 1; }
echo "$version, in an empty root"

install -d -m 777 "$root/data"
inside /hearth serve --data /data/hearth --listen 127.0.0.1:0 </dev/null >"$root/out" 2>"$root/err" &
served=$!
for _ in $(seq 600); do
	port=$(sed -n 's|.*http://localhost:\([0-9]*\)/setup/.*|\1|p' "$root/out")
	if [ -n "$port" ] && said=$(inside /hearth health --listen "127.0.0.1:$port" 2>&1); then
		echo "served there, and it says: $said"
		exit 0
	fi
	kill -0 "$served" 2>/dev/null || break
	sleep 0.1
done
echo "prove-static: no hearth answered there: ${said:-}" >&2
cat "$root/out" "$root/err" >&2
exit 1
