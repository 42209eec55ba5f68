#!/usr/bin/env bash
# Rewrites the checkout in the current folder by the plan: run.sh [--write]. Commit or stash everything first.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python3 "$here/compose.py"
python3 "$here/derive.py" . > "$here/syms.out"
cat "$here/plan.out" "$here/syms.out" "$here/messages2.syms" "$here/renames.txt" > "$here/full.plan"
python3 "$here/merge.py" . "$here/full.plan" "$@"
if [ "${1:-}" = --write ]; then
  python3 "$here/post.py" .
  .venv/bin/ruff check --fix -q . || true
  .venv/bin/ruff format -q .
fi
