#!/usr/bin/env bash
# Records the public API of all packages in PublicAPI.Unshipped.txt beside each project, or checks that the code has what is recorded. One build of the packages, either way.
#   eng/public-api.sh record    writes the files anew: what is in PublicAPI.Shipped.txt stays there
#   eng/public-api.sh check     fails where code and record differ, as every build with CI=true does
# A release moves the lines of Unshipped to Shipped; from then on a removed line stands in Unshipped as *REMOVED*.
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:?record or check}
export DOTNET_CLI_UI_LANGUAGE=en RunAnalyzers=true
log=$(mktemp)
trap 'rm -f "$log" "$log".*' EXIT

if [ "$mode" = record ]; then
  for project in src/*/*.csproj; do
    folder=$(dirname "$project")
    grep -q '<IsPackable>false' "$project" && continue
    [ -f "$folder/PublicAPI.Shipped.txt" ] || echo '#nullable enable' > "$folder/PublicAPI.Shipped.txt"
    echo '#nullable enable' > "$folder/PublicAPI.Unshipped.txt"
  done
fi

status=0
dotnet msbuild eng/packages.proj -restore -t:Rebuild -m -v:q -nologo "-p:PublicApi=$mode" > "$log" 2>&1 || status=$?

# What is missing from the records comes as warnings while they are made; any other error is one.
if grep -E ': error ' "$log" | sort -u | tee "$log.errors" | grep -q .; then
  cat "$log.errors"
  exit 1
fi

[ "$status" -eq 0 ] || { cat "$log"; exit "$status"; }
if [ "$mode" = record ]; then
  for file in src/*/PublicAPI.Unshipped.txt; do
    project=$(echo "$(dirname "$file")"/*.csproj)
    { echo '#nullable enable'
      grep -F "$(basename "$project")]" "$log" | sed -n "s/.*RS0016: Symbol '\(.*\)' is not part of the declared public API.*/\1/p" | LC_ALL=C sort -u; } > "$log.api"
    mv "$log.api" "$file"
    echo "$(dirname "$file"): $(($(wc -l < "$file") - 1)) members"
  done
else
  echo "The code has what is recorded."
fi
