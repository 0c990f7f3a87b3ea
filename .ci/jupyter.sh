#!/usr/bin/env bash
# Installs Jupyter for the system's Python. Without it the tests with Jupyter are skipped.
set -euo pipefail

cd "$(dirname "$0")/.."

/usr/bin/python3 -c "import jupyter_client, jupyter_kernel_test, nbclient, nbconvert, notebook" 2> /dev/null && command -v jupyter-kernelspec > /dev/null \
    || .ci/apt.sh jupyter-client jupyter-notebook python3-jupyter-kernel-test python3-nbclient python3-nbconvert
