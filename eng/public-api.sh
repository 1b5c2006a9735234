#!/usr/bin/env bash
# Records the public API of all packages in PublicAPI.Unshipped.txt beside each project, or checks that the code has what is recorded.
#   eng/public-api.sh record [project…]    writes the files anew: what is in PublicAPI.Shipped.txt stays there
#   eng/public-api.sh check                fails where code and record differ, as every build with CI=true does once there are records
# A release moves the lines of Unshipped to Shipped; from then on a removed line stands in Unshipped as *REMOVED*.
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:?record or check}
shift
export DOTNET_CLI_UI_LANGUAGE=en RunAnalyzers=true PublicApi=$mode

if [ "$mode" = check ]; then
  dotnet msbuild eng/packages.proj -restore -t:Rebuild -m -v:q -nologo
  echo "The code has what is recorded."
  exit
fi

projects=("$@")
[ ${#projects[@]} -gt 0 ] || mapfile -t projects < <(grep -L '<IsPackable>false' src/*/*.csproj | xargs -n1 dirname)
dotnet msbuild eng/packages.proj -t:Restore -v:q -nologo
for project in "${projects[@]}"; do
  [ -f "$project/PublicAPI.Shipped.txt" ] || echo '#nullable enable' > "$project/PublicAPI.Shipped.txt"
  echo '#nullable enable' > "$project/PublicAPI.Unshipped.txt"

  # The analyzer's own code fix writes the lines; the compiler's output is not touched.
  dotnet format analyzers "$project"/*.csproj --diagnostics RS0016 --severity warn --no-restore 2>&1 | grep -v 'loading the workspace' || true
  echo "$project: $(($(wc -l < "$project/PublicAPI.Unshipped.txt") - 1)) members"
done
