#!/usr/bin/env bash
# Gets what the tests of saved notebooks need: Jupyter's nbformat and nbconvert for the system's Python. Without them those tests skip.
set -euo pipefail

cd "$(dirname "$0")/.."

/usr/bin/python3 -c "import nbformat, nbconvert" 2> /dev/null || .ci/apt.sh python3-nbconvert
