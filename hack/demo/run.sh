#!/bin/sh
# Builds the demo, and becomes it. An interrupted build would leave its temporary folder behind, so it gets one of ours.
set -eu
GOTMPDIR=$(mktemp -d)
export GOTMPDIR
trap 'rm -rf "$GOTMPDIR"' EXIT
trap 'exit 1' INT TERM HUP

echo 'Building the demo: a minute or two, the first time'
{ go build -v -o bin/demo ./hack/demo 2>&1 || echo FAILED; } | {
	n=0
	while IFS= read -r line; do
		case $line in
		FAILED) exit 1 ;;
		'go: downloading '*) ;;
		*' '*) echo "$line" >&2 ;; # a complaint
		*) n=$((n + 1)) && [ $((n % 100)) -gt 0 ] || echo "   $n packages compiled" ;;
		esac
	done
}

rm -rf "$GOTMPDIR"
unset GOTMPDIR
trap - EXIT INT TERM HUP
exec bin/demo
