#!/bin/bash
# Holds the Jobs of this folder against the Kubernetes API's schema, unknown fields refused. Needs Python 3; installs
# kubernetes-validate into a temporary folder, unless it is there already.
set -euo pipefail

here=$(dirname "$(realpath "$0")")
versions=${VERSIONS:-1.31 1.37}
if ! command -v kubernetes-validate >/dev/null; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet kubernetes-validate==1.37.0
  PATH=$work/venv/bin:$PATH
fi
for version in $versions; do
  kubernetes-validate --strict --kubernetes-version "$version" "$here"/*.yaml
  # A misspelt field must be refused, or the check says nothing.
  if sed 's/completionMode/completionsMode/' "$here/run.yaml" | kubernetes-validate --strict --kubernetes-version "$version" - >/dev/null 2>&1; then
    echo "the check of version $version lets a misspelt field pass" >&2
    exit 1
  fi
done
echo "passed"
