#!/usr/bin/env bash
# Every check that a change has to pass. Without arguments all of them, in this order; with arguments those that are named.
# Goes on after a failure, tells at the end which failed, and ends with 1 then.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/venv.sh"
use_venv dev
cd "$root"

known=(format lint types layers rule-lint rule-tests quality tests)

run_step() {
    case $1 in
        format) python -m ruff format --check . ;;
        lint) python -m ruff check --output-format concise . ;;
        types) python -m mypy --strict inventory ;;
        layers) lint-imports ;;
        rule-lint) inventory rules check ;;
        rule-tests) inventory rules test ;;
        quality) python scripts/quality.py ;;
        tests) python -m pytest -n auto ;;
        *) echo "no check is called '$1'; there are: ${known[*]}"; return 64 ;;
    esac
}

if [ $# -gt 0 ]; then steps=("$@"); else steps=("${known[@]}"); fi
failed=()
for step in "${steps[@]}"; do
    began=$SECONDS
    printf '== %s\n' "$step"
    run_step "$step" || failed+=("$step")
    printf -- '-- %s: %d s\n' "$step" "$((SECONDS - began))"
done
if [ ${#failed[@]} -gt 0 ]; then
    echo "failed: ${failed[*]}"
    exit 1
fi
echo "all passed: ${steps[*]}"
