#!/bin/sh
# Puts Chromium there for `make test-browser`: from the distribution, where none is there yet.
set -eu

for name in headless-shell headless_shell chromium chromium-browser google-chrome google-chrome-stable; do
	if command -v "$name" >/dev/null 2>&1; then
		exit 0
	fi
done
command -v apt-get >/dev/null 2>&1 || { echo "browser: there is no apt-get: install Chromium yourself" >&2; exit 1; }
sudo=
if [ "$(id -u)" -ne 0 ]; then
	sudo=sudo
	command -v sudo >/dev/null 2>&1 || { echo "browser: run as root, there is no sudo: apt-get install chromium" >&2; exit 1; }
fi
$sudo apt-get update -qq
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
