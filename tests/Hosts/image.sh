#!/usr/bin/env bash
# Builds the image, on Debian 12 with this machine's SDK in place of the SDK image, and starts it as for a class: with an empty volume as
# the home directory, and without a network. Leaves in a folder what the lesson and the server gave: image.sh FOLDER
set -euo pipefail
cd "$(dirname "$0")/../.."

# Mounts and processes end with the script.
[ $$ = 1 ] || exec unshare --mount --pid --fork --kill-child --mount-proc "$0" "$@"

folder=$1
sdk=$(dirname "$(readlink -f "$(command -v dotnet)")")
buildah() { command buildah --root "$folder/storage" --runroot "$folder/run" --storage-driver overlay "$@"; }

# The base: what the SDK image has, Ubuntu's user among it, and how this machine reaches NuGet.
base=$(buildah from scratch)
root=$(buildah mount "$base")
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' | head -n 1)
debootstrap --variant=minbase --include=ca-certificates,git,libicu72,libssl3,libstdc++6,tzdata bookworm "$root" "$mirror"
echo force-unsafe-io > "$root/etc/dpkg/dpkg.cfg.d/image"
chroot "$root" useradd --create-home --uid 1000 ubuntu
ln -s /usr/share/dotnet/dotnet "$root/usr/bin/dotnet"
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs"
home=$root$(getent passwd root | cut -d: -f6)
if [ -d ~/.nuget/NuGet ]; then mkdir "$home/.nuget" && cp -r ~/.nuget/NuGet "$home/.nuget"; fi
for name in $(compgen -A export NUGET_); do buildah config --env "$name=${!name}" "$base"; done
buildah commit --quiet --rm "$base" "$(sed -n 's/^FROM .* //p' Dockerfile)"

buildah bud --isolation chroot --pull-never --volume "$sdk:/usr/share/dotnet:ro" --tag backprop .

config() { buildah inspect --type image --format "{{range .OCIv1.Config.$1}}{{.}} {{end}}" backprop; }
container=$(buildah from --pull-never backprop) entrypoint=$(config Entrypoint) command=$(config Cmd)
install --directory --owner=1000 --group=1000 "$folder/home"
image() {
    # shellcheck disable=SC2086
    buildah run ${MKL_CBWR+--env MKL_CBWR=$MKL_CBWR} --isolation chroot --volume "$sdk:/usr/share/dotnet:ro" --volume "$folder/home:/home/jovyan" --env JUPYTER_TOKEN=token "$container" -- $entrypoint "$@"
}

class() {
    set -euo pipefail
    ip link set lo up
    image python3 -m nbconvert --to notebook --execute backprop/Backprop.ipynb --output executed
    # shellcheck disable=SC2086
    image $command &
    get() { curl --silent --show-error --fail --location --retry 60 --retry-delay 1 --retry-connrefused --cookie-jar "$folder/cookies" --output "$folder/$1" "http://127.0.0.1:8888/$2?token=token"; }
    get kernels.json api/kernelspecs
    get page.html ''
}
export folder sdk container entrypoint command
export -f buildah image class
unshare --net bash -c class
