#!/bin/sh
# Makes the interop table: installs real iroh 0.35.0 from npm and runs the program in a namespace that holds only loopback.
# usage: run.sh <built iroh035 program> [blobs|gossip]
set -e
program=$(realpath "$1"); shift
folder=${IROHRPC_IROH035:-$(mktemp -d)}
cp "$(dirname "$0")"/peer/* "$folder"
[ -d "$folder/node_modules/@number0/iroh" ] || npm install --prefix "$folder" --no-audit --no-fund --ignore-scripts --prefer-offline >/dev/null
namespace="unshare -rn"
[ "$(id -u)" = 0 ] && namespace="unshare -n"
exec $namespace sh -c 'ip link set lo up; exec "$@"' sh "$program" "$folder" "$@"
