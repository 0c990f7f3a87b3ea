#!/usr/bin/env bash
# Installs Debian or Ubuntu packages, as root: apt.sh PACKAGE...
set -euo pipefail

if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
    echo "$* is missing. Install it, or run this as root on Debian or Ubuntu." >&2
    exit 1
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" > /dev/null
