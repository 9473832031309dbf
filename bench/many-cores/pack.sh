#!/usr/bin/env bash
# Packs what device.sh needs on a machine without network and Node into .device/ (about 40 MB): this machine's node, and
# the built program with the packages that it runs. Build first: npm run build && npx tsc -p bench.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p .device
[ -s .device/node.xz ] || xz -T0 -1 -c "$(node -p process.execPath)" > .device/node.xz
# The packages of a production installation; onnxruntime's binaries for other systems stay here.
packages=$(npm ls --omit=dev --all --parseable 2>/dev/null | grep -o 'node_modules/.*' | grep -v '^node_modules/reference-pixels' | sort -u)
tar -ch --exclude='*/win32' --exclude='*/darwin' --exclude='*/linux/arm64' --exclude='*.map' \
  --exclude='*.d.ts' --exclude='prebuilds' --exclude='@litertjs' --exclude='umd' \
  package.json recipes data-manifests demo configs bench/start-up dist packages/pixels/package.json packages/pixels/dist packages/pixels/wasm \
  $(for p in $packages; do [ -d "$p" ] && echo "$p"; done) | xz -T0 -1 > .device/app.tar.xz
ls -l .device
