#!/bin/sh
# A real Kinto on 127.0.0.1, for tests:   kinto.sh PORT DIR
#
# Installs Kinto from PyPI into .dev/servers/kinto the first time (it is reused), keeps its settings and its log in DIR
# and its records in memory. It stops when standard input ends, so it cannot outlive the test that started it.
set -eu
[ $# -eq 2 ] || { echo "usage: $0 PORT DIR" >&2; exit 2; }
port=$1 dir=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
home=$root/.dev/servers
venv=$home/kinto
want="kinto==26.5.0 waitress==3.0.2"

mkdir -p "$home" "$dir"
# Two tests that start at once install once.
exec 9>"$home/kinto.lock"
flock 9
if [ ! -f "$venv/.installed" ] || [ "$(cat "$venv/.installed")" != "$want" ]; then
  echo "Installing Kinto from PyPI into .dev/servers/kinto: the stories of tests/acceptance run against it too." >&2
  rm -rf "$venv"
  python3 -m venv "$venv" >&2 || { echo "python3 with venv is missing (Debian packages: python3 python3-venv)" >&2; exit 1; }
  # shellcheck disable=SC2086 # two packages
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check $want >&2
  echo "$want" > "$venv/.installed"
fi
exec 9>&-

sed "s/PORT/$port/" "$root/tests/servers/kinto.ini" > "$dir/kinto.ini"
"$venv/bin/kinto" start --ini "$dir/kinto.ini" --port "$port" > "$dir/kinto.log" 2>&1 < /dev/null &
kinto=$!
trap 'kill "$kinto" 2>/dev/null || true; wait "$kinto" 2>/dev/null || true' EXIT
trap 'exit 0' INT TERM
cat > /dev/null
