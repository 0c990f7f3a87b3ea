#!/usr/bin/env bash
# Gets what the tests with .NET Interactive need: the tools that the manifest pins. Without them those tests skip.
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet tool restore
