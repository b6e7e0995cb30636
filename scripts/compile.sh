#!/usr/bin/env bash
# Compiles the modules that reading spends its time in (with mypyc and a C compiler; a minute or two), so that texts are read
# some 1.5 times as fast with the same result. Optional: without it, and after `bash scripts/compile.sh --clean`, the sources are used.
# A change of the sources makes the scripts of this folder remove what was compiled before it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/venv.sh"
use_venv dev
cd "$root"
exec python scripts/compile.py "$@"
