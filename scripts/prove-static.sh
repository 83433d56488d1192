#!/usr/bin/env bash
# prove-static.sh [BINARY]
#
# Proves that the binary needs nothing of the system it runs on: copies it and
# the authorities' certificates into an empty folder, makes that folder the
# root, and asks for the version there as a user without a name.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
binary=${1:-hearth}

"$here/require" certificates
root=$(mktemp -d "${TMPDIR:-/tmp}/hearth-root.XXXXXX")
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"
install -D -m 755 "$binary" "$root/hearth"
install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"

inside() {
	if [ "$(id -u)" = 0 ]; then
		chroot --userspec=65532:65532 "$root" "$@"
	else
		unshare --user --map-root-user chroot "$root" "$@"
	fi
}

version=$(inside /hearth --version </dev/null)
[ -n "$version" ] || { echo "prove-static: no version was printed" >&2; exit 1; }
echo "$version, in an empty root"
