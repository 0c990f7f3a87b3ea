#!/usr/bin/env bash
# Installs the requirements of the browser tests: Chromium, the font of the pictures, and the two scripts that pages load. Without them these tests are skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v chromium > /dev/null || .ci/apt.sh chromium
[ -f /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || .ci/apt.sh fonts-dejavu-core
command -v npm > /dev/null || .ci/apt.sh npm

# script PACKAGE VERSION FILE: copies a file of an npm package to the folder in which the tests look for it.
script() {
    [ -f "out/browser/$1-$2.js" ] && return
    local unpacked
    unpacked=$(mktemp -d)
    npm pack --silent --pack-destination "$unpacked" "$1@$2" > /dev/null
    tar -xzf "$unpacked"/*.tgz -C "$unpacked"
    mkdir -p out/browser
    mv "$unpacked/package/$3" "out/browser/$1-$2.js"
    rm -r "$unpacked"
}

script plotly.js-dist-min "$(sed -n 's/.*const string Version = "\(.*\)";/\1/p' helpers/Plots/PlotlyUpgrade.cs)" plotly.min.js
script requirejs 2.3.8 require.js
