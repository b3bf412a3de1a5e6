#!/usr/bin/env bash
# Checks the templates of new apps with cfn-lint, which knows more of AWS than its resource specification: one app for each
# database, with a websocket and a FIFO worker, so that every kind of resource is there. Needs a built tree.
#
# cfn-lint.sh CACHE WORK: the linter is kept in CACHE, the apps are made in WORK.
set -euo pipefail

version=1.58.0
cache=$1
work=$2
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
linter=$cache/cfn-lint-$version

if [ ! -f "$linter/complete" ]; then
  rm -rf "$linter"
  python3 -m venv "$linter"
  "$linter/bin/pip" install --quiet --disable-pip-version-check "cfn-lint==$version"
  touch "$linter/complete"
fi

# An app of this database as `tenon create` makes it, and its template.
synthesize() {
  local database=$1 app=$work/cfn-lint-$1
  local tenon=(node "$repository/packages/inbound/cli/bin/tenon.js")
  (cd "$work" && "${tenon[@]}" create "$(basename "$app")" --yes --no-install --database "$database" --deployment serverless) >/dev/null
  ln -s "$repository/node_modules" "$app/node_modules"
  printf 'export const handler = async () => null;\n' | tee "$app/src/handlers/websocket.ts" >"$app/src/workers/orders.fifo.ts"
  (cd "$app" && "${tenon[@]}" synth) >/dev/null
}

for database in postgresql mongodb; do
  synthesize "$database"
  # W1030 takes parameters that may be left out for empty where a condition asks for them.
  "$linter/bin/cfn-lint" --non-zero-exit-code informational --ignore-checks W1030 \
    --format parseable --template "$work/cfn-lint-$database/template.json"
  printf 'cfn-lint %s finds nothing wrong with the template of an app on %s\n' "$version" "$database"
done
