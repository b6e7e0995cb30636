#!/usr/bin/env bash
# Sets everything up, then runs the tests on all cores. Arguments go to pytest: bash scripts/test.sh -k workbook
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/venv.sh"
use_venv dev
cd "$root"
exec python -m pytest -n auto "$@"
