# Shared by the scripts of the Makefile. Sourced, never run. Leaves the caller in the repository root.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
DEV="$ROOT/.dev"                      # tools, logs and pictures of this checkout; never committed
mkdir -p "$DEV"
export PATH="$DEV/tools/bin:$PATH"
[ -t 1 ] || export NO_COLOR=1         # colour only for eyes
FEATURES=custom-protocol              # one feature set everywhere, so that Tauri compiles once

say() { printf '==> %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }
linux() { [ "$(uname -s)" = Linux ]; }

MISSING=()

# want WHY PACKAGE...   notes the Debian packages that are not there yet
want() {
  local why=$1 package missing=()
  shift
  linux && has dpkg-query || return 0
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  say "Missing, $why: ${missing[*]}"
  MISSING+=("${missing[@]}")
}

# Installs what `want` noted, in one go.
install_wanted() {
  [ ${#MISSING[@]} -eq 0 ] && return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    has sudo || die "these Debian packages are needed and sudo is not here; as root run: apt-get update && apt-get install ${MISSING[*]}"
    as_root=(sudo)
    say "Installing them with apt-get; sudo may ask for your password."
  else
    say "Installing them with apt-get."
  fi
  local log="$DEV/apt.log"
  # A list of packages can be stale on a fresh machine, hence the update; the log is shown only when it went wrong.
  if ! { "${as_root[@]}" apt-get update &&
         "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${MISSING[@]}"; } >"$log" 2>&1
  then
    tail -n 20 "$log" >&2
    die "apt-get could not install ${MISSING[*]} (whole log: $log)"
  fi
  MISSING=()
}

want_build() {
  want "to compile (C compiler and pkg-config)" build-essential pkg-config
  want "to build the window (WebKitGTK and what Tauri links)" \
    libwebkit2gtk-4.1-dev librsvg2-dev libayatana-appindicator3-dev libxdo-dev libdbus-1-dev
}

want_display() {
  want "for a window without a screen (virtual display, session bus, keychain, drawing)" \
    xvfb dbus gnome-keyring libgl1-mesa-dri
}

want_pictures() { want "for a picture of the window" imagemagick; }

want_test() {
  want_display
  want "to drive the window (WebDriver of WebKitGTK), and to press keys in the system's dialogs" webkit2gtk-driver xdotool
  want "for the real servers of the tests (Kinto from PyPI)" python3 python3-venv curl
}

ensure_rust() {
  has cargo || die "Rust is not here. Install rustup as its site describes, open a new terminal and try again."
  cargo --version >/dev/null 2>&1 && return 0
  local channel
  channel=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
  has rustup || die "cargo does not start, and rustup is not here to install Rust $channel."
  say "Installing Rust $channel (the version of rust-toolchain.toml)."
  rustup toolchain install "$channel" --profile minimal --component clippy --component rustfmt
}

ensure_node() {
  has node && has npm || die "Node.js is not here. Install version 20.19 or newer (see .node-version) and try again."
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    die "Node.js $(node --version) is too old: 20.19 or newer is needed (see .node-version)."
  if [ ! -e node_modules/.package-lock.json ]; then
    say "Installing the npm packages of the lock file (UI and window tests)."
    npm ci --no-progress
  elif [ package-lock.json -nt node_modules/.package-lock.json ]; then
    say "The npm lock file changed: installing what is new."
    npm ci --no-progress
  fi
}

# cargo_tool NAME VERSION WHY   a tool from crates.io, into this checkout only
cargo_tool() {
  has "$1" && return 0
  say "Missing, $3: $1. Compiling it from crates.io into .dev/tools (a minute or more)."
  # Its own target folder: the tool's dependencies have nothing to do with ours.
  CARGO_TARGET_DIR="$DEV/tools/target" cargo install --locked --quiet --root "$DEV/tools" "$1" --version "$2"
  rm -rf "$DEV/tools/target"
}

# The pages, only when a source is newer than they are: a needless build would also relink the app.
build_ui() {
  local built=ui/dist/index.html newer
  if [ -f "$built" ]; then
    newer=$(find ui/* package-lock.json \( -path ui/dist -o -name node_modules \) -prune -o -newer "$built" -print -quit)
    [ -n "$newer" ] || return 0
  fi
  say "Building the UI."
  npm run --silent build -w ui
}

# The app and the command line tool, with the features of the whole workspace.
build_app() {
  say "Building the app (the first time takes some minutes)."
  # The example makes cargo count the features of dev-dependencies too: then tests and app share every dependency.
  cargo build --workspace --features "$FEATURES" --bin matchbook --bin matchbookctl --example hello
}

target_dir() { printf '%s' "${CARGO_TARGET_DIR:-$ROOT/target}"; }
