#!/usr/bin/env bash
# Gets what the test of the image needs: Buildah, and debootstrap for a base to build it on. Without them it skips.
set -euo pipefail
cd "$(dirname "$0")/.."

for program in buildah debootstrap curl ip; do
    command -v "$program" > /dev/null || exec .ci/apt.sh buildah debootstrap curl iproute2
done
