#!/usr/bin/env bash
# Installs packages of Debian or Ubuntu, as root: apt.sh PACKAGE...
set -euo pipefail

if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
    echo "$* is missing, and only root on Debian or Ubuntu can have it installed from here." >&2
    exit 1
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" > /dev/null
