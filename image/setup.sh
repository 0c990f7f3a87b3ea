#!/bin/sh
# Sets up the image, as root: Jupyter, the kernel for all users, and the lesson's packages in the folder that BACKPROP_PACKAGES names.
set -eu
umask 022
cd "$(dirname "$0")/.."

apt-get update
DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends jupyter-notebook jupyterhub

dotnet run backprop.cs -- jupyter install --prefix /usr/local
dotnet run backprop.cs

# The folder holds the packages of every system and their archives; the image needs neither. Whoever uses it may add packages.
rm -r "$BACKPROP_PACKAGES"/*-osx-* "$BACKPROP_PACKAGES"/*-win-*
find "$BACKPROP_PACKAGES" -name '*.nupkg' -delete
chmod -R a+rwX "$BACKPROP_PACKAGES"

dotnet build-server shutdown
dotnet nuget locals all --clear
rm -rf runner/bin runner/obj out /var/lib/apt/lists/*
chmod -R a+rX .
