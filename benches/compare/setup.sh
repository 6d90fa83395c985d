#!/bin/sh
# Installs ReportLab and Typst into ./.peers (or $PEERS), versions pinned, and says what is missing from the system.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
peers=${PEERS:-$here/.peers}
python3 -m venv "$peers"
"$peers/bin/python" -m pip install -q zxing-cpp==3.1.1 reportlab==5.1.0 rl_accel==0.9.1 typst==0.15.2
missing=
for c in pdfinfo pdftotext pdftoppm fc-match; do command -v $c >/dev/null || missing="$missing $c"; done
[ -z "$missing" ] || echo "missing:$missing (Debian: apt-get install poppler-utils fontconfig)"
fc-match -f '%{family}\n' IPAexGothic 2>/dev/null | grep -q IPAexGothic || [ -n "${FONT:-}" ] \
  || echo "missing: font IPAexGothic (Debian: apt-get install fonts-ipaexfont-gothic), or set FONT"
