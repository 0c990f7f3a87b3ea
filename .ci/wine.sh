#!/usr/bin/env bash
# Installs Wine, on which the tests run on Windows. Without it these tests are skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

dpkg --status wine64 > /dev/null 2>&1 || .ci/apt.sh wine64
