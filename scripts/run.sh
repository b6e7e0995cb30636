#!/usr/bin/env bash
# Sets everything up, then reads the sample documents in seeds/ and writes the workbook reports/out/inventory.xlsx.
# With arguments it is the command itself: bash scripts/run.sh extract my-articles/ -o result.xlsx
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/venv.sh"
use_venv
if [ $# -eq 0 ]; then
    cd "$root"
    set -- extract seeds -o reports/out/inventory.xlsx
fi
exec inventory "$@"
