#!/bin/sh
# Fetches the images of Pillow's own tests, which come in its source package.
# Usage: fetch.sh PYTHON FOLDER
set -eu
python=$1 folder=$2
version=$("$python" -c 'import PIL; print(PIL.__version__)')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "Fetching the source package of Pillow $version for its test images (once; a minute or two)"
"$python" -m pip download --quiet --disable-pip-version-check --no-binary :all: --no-deps \
  --dest "$work" "pillow==$version"
mkdir "$work/unpacked"
tar -xzf "$work"/pillow-*.tar.gz -C "$work/unpacked" --strip-components=1
rm -rf "$folder"
mv "$work/unpacked/Tests/images" "$folder"
