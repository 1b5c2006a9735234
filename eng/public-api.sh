#!/usr/bin/env bash
# Records the public API of each package in PublicAPI.Unshipped.txt beside its project, or checks that the code has what is recorded.
#   eng/public-api.sh record [project…]    writes the files anew: what is in PublicAPI.Shipped.txt stays there
#   eng/public-api.sh check [project…]     fails where code and record differ
# A release moves the lines of Unshipped to Shipped; from then on a removed line stands in Unshipped as *REMOVED*.
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:?record or check}
shift
projects=("$@")
[ ${#projects[@]} -gt 0 ] || mapfile -t projects < <(grep -L '<IsPackable>false' src/*/*.csproj | xargs -n1 dirname)

export DOTNET_CLI_UI_LANGUAGE=en
for project in "${projects[@]}"; do
  for kind in Shipped Unshipped; do
    [ -f "$project/PublicAPI.$kind.txt" ] || echo '#nullable enable' > "$project/PublicAPI.$kind.txt"
  done

  if [ "$mode" = record ]; then
    echo '#nullable enable' > "$project/PublicAPI.Unshipped.txt"
  fi

  # Without the projects that it references: those are built by the first build, and have records of their own.
  RunAnalyzers=true dotnet build "$project" -v q --nologo >/dev/null
  log=$(mktemp)
  status=0
  RunAnalyzers=true dotnet build "$project" -v q --nologo --no-incremental -p:BuildProjectReferences=false "-p:PublicApi=$mode" > "$log" 2>&1 || status=$?
  if [ "$mode" = record ]; then
    { echo '#nullable enable'
      sed -n "s/.*RS0016: Symbol '\(.*\)' is not part of the declared public API.*/\1/p" "$log" | LC_ALL=C sort -u; } > "$log.api"
    [ "$(wc -l < "$log.api")" -gt 1 ] || { cat "$log"; exit 1; }
    mv "$log.api" "$project/PublicAPI.Unshipped.txt"
    echo "$project: $(($(wc -l < "$project/PublicAPI.Unshipped.txt") - 1)) members"
  elif [ "$status" -ne 0 ]; then
    grep -E 'error|warning' "$log" | sort -u
    exit 1
  else
    echo "$project: as recorded"
  fi
  rm -f "$log"
done
