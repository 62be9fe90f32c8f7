#!/bin/sh
# A plain rolling deployment from any CI: deploy.sh VERSION. Beside it lies upgradewatch.sh, which says what is set before.
set -eu
version=$1
here=$(dirname "$0")
export UPGRADEWATCH_TARGET=checkout UPGRADEWATCH_REVISION="$version"

"$here/upgradewatch.sh" begin
if ! kubectl set image deployment/checkout "checkout=registry.example.com/checkout:$version"; then
  # Nothing was deployed: an undo would take back what came before.
  "$here/upgradewatch.sh" aborted
  exit 1
fi
if kubectl rollout status deployment/checkout --timeout=10m && "$here/upgradewatch.sh" gate; then
  exit 0
fi
kubectl rollout undo deployment/checkout
kubectl rollout status deployment/checkout --timeout=10m
"$here/upgradewatch.sh" rolled-back
exit 1
