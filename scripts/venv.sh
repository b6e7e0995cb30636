# Sourced by the other scripts. `use_venv` makes the virtual environment when it is missing or out of date and puts it first
# on PATH; `use_venv dev` adds the tools that developers need. The set-up is done again only when pyproject.toml or
# constraints.txt has changed, another Python is asked for, or the folder has moved.
#
#   PYTHON           the Python to use (3.11 or newer); by default the first that works of python3.13, 3.12, 3.11, python3, python
#   INVENTORY_VENV   where the environment is kept; by default .venv beside pyproject.toml

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=${INVENTORY_VENV:-$root/.venv}

_say() { printf '%s\n' "$*" >&2; }

# Prints the path of a usable Python, or tells what is missing.
_find_python() {
    local name path version crippled=''
    for name in ${PYTHON:+"$PYTHON"} python3.13 python3.12 python3.11 python3 python; do
        path=$(command -v "$name" 2>/dev/null) || {
            [ "$name" != "${PYTHON:-}" ] || { _say "PYTHON=$PYTHON: there is no such program"; return 1; }
            continue
        }
        # A name on PATH may be a shim that has no Python behind it: only what runs counts.
        if "$path" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            if "$path" -c 'import ensurepip, venv' >/dev/null 2>&1; then
                printf '%s\n' "$path"
                return 0
            fi
            crippled=${crippled:-$path}
        fi
        [ "$name" != "${PYTHON:-}" ] || break
    done
    if [ -n "$crippled" ]; then
        version=$("$crippled" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        _say "Python $version ($crippled) cannot make virtual environments: its modules venv and ensurepip are missing."
        _say "Debian and Ubuntu keep them in a package of their own: install python$version-venv, then run this again."
        _say "Or name another Python: PYTHON=/path/to/python3 bash scripts/run.sh"
    elif [ -n "${PYTHON:-}" ]; then
        _say "PYTHON=$PYTHON does not run, or is older than 3.11. Name another, or leave PYTHON unset to have one looked for."
    else
        _say "No Python 3.11 or newer was found. Install one (package python3.12 or the like), or name it:"
        _say "PYTHON=/path/to/python3 bash scripts/run.sh"
    fi
    return 1
}

# What the environment was made from: when this changes, it is filled again.
_fingerprint() {
    printf '%s\n' "$venv" "$root"
    cat "$root/pyproject.toml" "$root/constraints.txt"
}

# Whether the environment can be filled again as it stands: it runs, lies where it was made, and is of the Python asked for.
_reusable() {
    local asked='import sys; print(sys.base_prefix, sys.version)' made_in
    "$1/python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || return 1
    [ -z "${PYTHON:-}" ] || [ "$("$1/python" -c "$asked")" = "$("$PYTHON" -c "$asked" 2>/dev/null)" ] || return 1
    made_in=$(head -n 1 "$venv"/.made-from 2>/dev/null || printf '%s' "$venv")
    [ "$made_in" = "$venv" ]
}

_bin() { if [ -d "$venv/Scripts" ]; then printf '%s\n' "$venv/Scripts"; else printf '%s\n' "$venv/bin"; fi; }

use_venv() {
    local extra=${1:-} bin stamp python
    bin=$(_bin)
    stamp=$venv/.made-from${extra:+-$extra}
    if ! { _reusable "$bin" && [ -f "$stamp" ] && _fingerprint | cmp -s - "$stamp" && "$bin/python" -c 'import inventory' >/dev/null 2>&1; }; then
        if ! _reusable "$bin"; then
            python=$(_find_python) || exit 1
            _say "Making ${venv#"$root"/} with $("$python" --version 2>&1)"
            "$python" -m venv --clear "$venv" || { _say "$python could not make $venv: its message stands above"; exit 1; }
            bin=$(_bin)
        fi
        # Stamps are gone while the set-up runs, so that one that is broken off is done again.
        rm -f "$venv"/.made-from*
        _say "Installing the package and what it needs (once; about a minute)"
        PIP_USER=0 "$bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
            -c "$root/constraints.txt" -e "$root${extra:+[$extra]}" || {
            _say "The installation failed: pip's message stands above. It needs the network, or a package index that pip is set up for."
            exit 1
        }
        _fingerprint >"$venv/.made-from"
        [ -z "$extra" ] || cp "$venv/.made-from" "$stamp"
    fi
    PATH=$bin:$PATH
    export PATH VIRTUAL_ENV="$venv"
    unset PYTHONHOME
    # Compiled modules of other sources than these would be used in their place.
    [ ! -f "$root/.compiled" ] || python "$root/scripts/compile.py" --stale
}
