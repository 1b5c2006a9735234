#!/bin/sh
# Fuzzes every target for long, guided by coverage: eng/fuzz.sh run <target|all> <runs> [seed]
# or with AFL++ (package afl++):                    eng/fuzz.sh afl <"target ..."|all> <seconds for each>
# What reaches something new is kept in tests/IrohRpc.Fuzzing/Corpus. The assemblies under test are instrumented by SharpFuzz, in a folder of their own.
set -eu
cd "$(dirname "$0")/.."
work=${FUZZ_FOLDER:-${TMPDIR:-/tmp}/irohrpc-fuzz}
mkdir -p "$work"
if [ ! -x "$work/tool/sharpfuzz" ]; then
    (cd "$work" && dotnet tool install --tool-path tool SharpFuzz.CommandLine --version 2.3.0)
fi

if [ "${FUZZ_KEEP:-}" = "" ] || [ ! -d "$work/program" ]; then
    rm -rf "$work/program"
    dotnet publish tests/IrohRpc.Fuzzing -c Release -o "$work/program" -v q
    for assembly in "$work"/program/IrohRpc*.dll; do
        case $(basename "$assembly") in
            IrohRpc.Fuzzing.dll | IrohRpc.Testing.dll | IrohRpc.Hashing.dll) ;;
            *) "$work/tool/sharpfuzz" "$assembly" > "$work/sharpfuzz.log" 2>&1 || { cat "$work/sharpfuzz.log"; exit 1; } ;;
        esac
    done
fi

case "${1:-}" in
    run)
        targets=$2
        [ "$targets" != all ] || targets=$(dotnet "$work/program/IrohRpc.Fuzzing.dll" list)
        failed=0
        for target in $targets; do
            dotnet "$work/program/IrohRpc.Fuzzing.dll" run "$target" "$3" "${4:-1}" tests/IrohRpc.Fuzzing || failed=1
        done
        exit $failed
        ;;
    afl)
        targets=$2
        [ "$targets" != all ] || targets=$(dotnet "$work/program/IrohRpc.Fuzzing.dll" list)
        failed=0
        for target in $targets; do
            rm -rf "$work/afl-in/$target" "$work/afl-out/$target"
            dotnet "$work/program/IrohRpc.Fuzzing.dll" export "$target" "$work/afl-in/$target"
            mkdir -p "$work/afl-out"
            AFL_SKIP_BIN_CHECK=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 \
                afl-fuzz -i "$work/afl-in/$target" -o "$work/afl-out/$target" -t 10000 -m none -V "$3" -- dotnet "$work/program/IrohRpc.Fuzzing.dll" afl "$target" \
                > "$work/afl-out/$target.log" 2>&1 || { tail -n 20 "$work/afl-out/$target.log"; failed=1; continue; }
            awk -F ' *: *' -v target="$target" '{ value[$1] = $2 }
                END { print target ": " value["execs_done"] " runs, " value["execs_per_sec"] " a second, " value["edges_found"] " edges, " value["corpus_count"] " inputs kept, " \
                      value["saved_crashes"] " crashes, " value["saved_hangs"] " hangs"; exit value["saved_crashes"] + value["saved_hangs"] > 0 }' \
                "$work/afl-out/$target/default/fuzzer_stats" || failed=1
        done
        exit $failed
        ;;
    *)
        echo "eng/fuzz.sh run <target|all> <runs> [seed] | afl <\"target ...\"|all> <seconds>" >&2
        exit 2
        ;;
esac
