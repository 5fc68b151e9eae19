#!/bin/sh
# Finds a Chromium for the tests: the one on the machine, else Playwright's own, else the package manager's.
bin=${1:-.venv/bin}
for name in "$CHROMIUM" chromium chromium-browser google-chrome google-chrome-stable; do
  [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && exit 0
done
echo "No Chromium on this machine; trying Playwright's."
"$bin/playwright" install --with-deps chromium >/dev/null 2>&1 && exit 0
echo "Playwright could not fetch one; trying the package manager."
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo"
if command -v apt-get >/dev/null 2>&1; then
  $as_root apt-get update -qq && $as_root apt-get install -y -qq chromium >/dev/null && exit 0
elif command -v dnf >/dev/null 2>&1; then
  $as_root dnf install -y -q chromium && exit 0
elif command -v brew >/dev/null 2>&1; then
  brew install --cask chromium && exit 0
fi
echo "The tests need a Chromium: install one, or name it in the environment variable CHROMIUM." >&2
exit 1
