#!/usr/bin/env bash
# Builds the tests for Windows into out/windows, with the Windows runtime that they find through DOTNET_ROOT, laid out as by an installer,
# and the lesson's packages. The runner for this system must have been built.
set -euo pipefail
cd "$(dirname "$0")/.."

out=$PWD/out/windows

publish() { dotnet publish "$1" --configuration Release --runtime win-x64 --self-contained false --artifacts-path "$out/build" --output "$out/$1" "${@:2}"; }
publish tests -p:PublishReadyToRun=false
# The runner is precompiled: the tests start it hundreds of times.
publish runner
cp "$out"/runner/*.dll "$out/tests"

dotnet restore runner --runtime win-x64 --artifacts-path "$out/runtime" -p:SelfContained=true
version=$(dotnet msbuild runner -getProperty:BundledNETCoreAppPackageVersion)
pack=$(dotnet nuget locals global-packages --list | sed "s/.*: //")/microsoft.netcore.app.runtime.win-x64/$version/runtimes/win-x64
framework=$out/dotnet/shared/Microsoft.NETCore.App/$version
mkdir -p "$framework" "$out/dotnet/host/fxr/$version"
cp "$pack"/native/* "$pack"/lib/net*/* "$framework"
cp "$pack/native/hostfxr.dll" "$out/dotnet/host/fxr/$version"

# A restore fills the folder for all platforms.
grep '^#r "nuget:' Backprop.dib > "$out/packages.dib"
BACKPROP_PACKAGES=$out/packages runner/bin/Release/net10.0/Backprop.Runner "$out/packages.dib" > /dev/null
