#!/usr/bin/env bash
# Runs the tests on Windows, as emulated by Wine, once .ci/windows-build.sh has built them and restored the packages, and prints their counts. Without Wine it says so and runs nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! wine=$(command -v wine64 || dpkg -L wine64 2> /dev/null | grep '/lib/wine/wine64$'); then
    echo "The tests were not run on Windows: Wine is missing."
    echo "  skipped: 1"
    exit
fi

out=$PWD/out/windows
export BACKPROP_PACKAGES=$out/packages

# Wine 8 crashes when the runtime unmaps code that it has mapped twice, hangs on an exception that passes through dynamic methods,
# and has no processor groups for OpenMP to bind threads to.
sed -i '/ForceInterpretedInvoke/d; s/"configProperties": {/&\n      "Switch.System.Reflection.ForceInterpretedInvoke": true,/' "$out"/tests/*.runtimeconfig.json
export WINEPREFIX=$out/wine0 WINEDEBUG=-all DOTNET_EnableWriteXorExecute=0 KMP_AFFINITY=disabled
export DOTNET_ROOT=$out/dotnet

tests() { "$wine" "$out/tests/Backprop.Tests.exe" -noLogo -noColor "$@" < /dev/null 2>&1 | sed -u 's/\r$//'; }

# Excluded: tests that need a browser, Jupyter or .NET tools; tests that take minutes and do not depend on the platform (every write to a pipe is
# slow in Wine 8); and time-outs of a few seconds, most of which Wine needs to start.
classes=$(tests -list classes | grep '^Backprop\.Tests\.' | grep -vE '\.Browser\.|\.Hosts\.|\.Jupyter\.|\.MemoryTests$|\.NotebookFuzzTests$')

# Sometimes Wine 8 does not signal the end of a process, and a test waits forever. Its class is then run again.
run() {
    # After an exception inside an operation, autograd stays off in Wine 8, which seems not to unwind libtorch's guards.
    local excluded=(
        -method- '*.A_mistake_is_an_exception_in_PyTorchs_words_and_the_session_survives'
        -method- '*.An_endless_cell_times_out'
        -method- '*.A_cell_that_times_out_may_clean_up'
        -method- '*.A_time_out_ends_the_run_with_its_own_exit_code'
        -method- '*.A_million_lines_are_shown_and_saved_truncated_in_bounded_memory'
        -method- '*.A_megabyte_of_nonsense_on_one_line_fails_quickly'
        -method- '*.A_value_of_50_MB_is_saved_whole'
        -method- '*.Of_50_MB_of_text_the_beginning_and_the_end_are_saved'
        -method- '*.An_endless_sequence_of_values_is_saved_truncated'
    )
    # Each lane has its own Wine server, so that ending it ends only this class.
    export WINEPREFIX=$out/wine$lane
    local class=$1 log=$out/log/$1 attempt ended
    for attempt in first second third; do
        ended=0
        timeout --kill-after=5 8m bash -c 'set -o pipefail; tests "$@"' tests -class "$class" "${excluded[@]}" > "$log" || ended=$?
        [ "$ended" -ge 124 ] || break
        echo "$class did not finish in its $attempt run."
        "${wine%64}server64" -k || true
    done
    grep -q 'Total: ' "$log" || echo "$class: Total: 1, Errors: 0, Failed: 1, Skipped: 0, it did not finish" >> "$log"
    cat "$log"
    [ "$ended" -eq 0 ]
}

export wine out
export -f tests run
rm -rf "$out/log" && mkdir "$out/log"
status=0
echo "$classes" | xargs --max-procs 2 --process-slot-var lane -I class bash -c 'run class' || status=1

# Total: 224, Errors: 0, Failed: 0, Skipped: 0, ...
sum() { sed -nE "s/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+).*/\\$1/p" "$out"/log/* | awk '{ sum += $1 } END { print sum + 0 }'; }
total=$(sum 1) failed=$(($(sum 2) + $(sum 3))) skipped=$(sum 4)
echo "On Windows:"
echo "  succeeded: $((total - failed - skipped))"
echo "  failed: $failed"
echo "  skipped: $skipped"
exit "$status"
