#!/usr/bin/env bash
# Gets what the tests of saved notebooks need: Jupyter's nbformat and nbconvert for the system's Python. Without them those tests skip.
set -euo pipefail

/usr/bin/python3 -c "import nbformat, nbconvert" 2> /dev/null && exit
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-nbconvert > /dev/null
else
    echo "python3-nbconvert is missing, and only root on Debian or Ubuntu can have it installed from here: the tests of saved notebooks will skip." >&2
fi
