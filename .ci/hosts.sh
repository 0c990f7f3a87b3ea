#!/usr/bin/env bash
# Restores the .NET tools in the manifest for the tests with .NET Interactive. Without them these tests are skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet tool restore
