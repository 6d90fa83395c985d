#!/bin/sh
# Installs the outside checkers that .ci/run compares against. Safe to run again: what is there is left alone.
# Debian or Ubuntu; root, or a user who may use sudo. Exit status 0: everything is there; 2: something is not.
set -eu

# The command that shows that a package is there, and the package.
wanted='qpdf:qpdf pdftotext:poppler-utils mutool:mupdf-tools zbarimg:zbar-tools dmtxread:dmtx-utils python3:python3 cc:gcc'

missing=
for pair in $wanted; do
  command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
case "$missing" in *gcc*) missing="$missing libc6-dev" ;; esac

if [ -n "$missing" ]; then
  command -v apt-get >/dev/null 2>&1 || { echo "install-checkers: missing, and there is no apt-get:$missing" >&2; exit 2; }
  root=
  if [ "$(id -u)" != 0 ]; then
    root=sudo
    command -v sudo >/dev/null 2>&1 || { echo "install-checkers: neither root nor sudo; missing:$missing" >&2; exit 2; }
  fi
  log=$(mktemp)
  echo "install-checkers: apt-get install$missing"
  # shellcheck disable=SC2086
  install() { $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >>"$log" 2>&1; }
  install || { $root apt-get update -q >>"$log" 2>&1 && install; } || {
    tail -n 20 "$log" >&2
    echo "install-checkers: apt-get failed, see $log" >&2
    exit 2
  }
  rm -f "$log"
fi

for pair in $wanted; do
  command -v "${pair%%:*}" >/dev/null 2>&1 || { echo "install-checkers: ${pair%%:*} is still missing" >&2; exit 2; }
done
python3 -c 'import tomllib' 2>/dev/null || { echo "install-checkers: python3 is older than 3.11" >&2; exit 2; }

# What there is, so that a difference between machines can be seen.
qpdf --version | head -n 1
pdftotext -v 2>&1 | head -n 1
mutool -v 2>&1 | head -n 1
echo "zbarimg $(zbarimg --version)"
dmtxread --version
python3 --version
