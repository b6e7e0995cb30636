"""Compile the modules that extraction spends its time in to C, with mypyc; called by scripts/compile.sh.

    python scripts/compile.py [--clean | --stale]

The extension modules are put beside their sources, where Python prefers them. They are built in a scratch copy, so a build that
fails leaves everything as it was. `.compiled` in the checkout notes which sources they were built from: `--stale` removes them
when those have changed since, `--clean` always. Nothing here is needed to run the program: without them the sources are used.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STAMP = ROOT / ".compiled"
# Where the time goes; the rest of the program is read once a run and stays as it is.
FOLDERS = ("extraction", "places", "text")
MODULES = ("rulebook/book.py",)
GROUP = "inventory"
SETUP = """
import sys
from mypyc.build import mypycify
from setuptools import setup
paths = sys.argv[1:]
setup(name="compiled", packages=[], ext_modules=mypycify(paths, opt_level="2", debug_level="0", group_name={group!r}),
      script_args=["-q", "build_ext", "--inplace"])
"""
MYPY = """[mypy]
python_version = {version}
[mypy-ahocorasick_rs.*,mgrs.*]
ignore_missing_imports = True
"""


def sources() -> list[Path]:
    """The sources that are compiled, relative to the checkout."""
    package = ROOT / "inventory"
    found = [path for folder in FOLDERS for path in sorted((package / folder).glob("*.py")) if path.name != "__init__.py"]
    return [path.relative_to(ROOT) for path in (*found, *(package / module for module in MODULES))]


def digest() -> str:
    """What the compiled modules depend on: the sources, this file, Python."""
    total = hashlib.sha256(f"{sys.implementation.cache_tag} {sys.platform}".encode())
    for path in (*sources(), Path("inventory/model.py"), Path("inventory/rulebook/kinds.py"), Path("scripts/compile.py")):
        total.update(f"{path.as_posix()}\0".encode() + (ROOT / path).read_bytes())
    return total.hexdigest()


def built() -> list[Path]:
    """The extension modules that lie in the checkout."""
    places = [ROOT / "inventory" / folder for folder in (*FOLDERS, "rulebook")]
    found = [path for place in places for suffix in ("*.so", "*.pyd") for path in place.glob(suffix)]
    return [*found, *ROOT.glob(f"{GROUP}__mypyc.*")]


def clean() -> None:
    for path in built():
        path.unlink()
    STAMP.unlink(missing_ok=True)


def stale() -> bool:
    """Whether there are compiled modules of other sources than these."""
    return bool(built()) and (not STAMP.exists() or STAMP.read_text().strip() != digest())


def build() -> int:
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch)
        shutil.copytree(ROOT / "inventory", copy / "inventory", ignore=shutil.ignore_patterns("__pycache__", "*.so", "*.pyd"))
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        (copy / "mypy.ini").write_text(MYPY.format(version=version))
        (copy / "build_modules.py").write_text(SETUP.format(group=GROUP))
        done = subprocess.run(
            [sys.executable, "build_modules.py", *(path.as_posix() for path in sources())],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy), "PYTHONWARNINGS": "ignore"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            print((done.stdout + done.stderr).strip()[-4000:], file=sys.stderr)
            print("scripts/compile.py: the build failed (see above); the program runs without it", file=sys.stderr)
            return 1
        clean()
        made = [path for suffix in ("*.so", "*.pyd") for path in (*copy.glob(suffix), *(copy / "inventory").rglob(suffix))]
        for path in made:
            shutil.copy2(path, ROOT / path.relative_to(copy))
    STAMP.write_text(digest() + "\n")
    print(f"{len(made) - 1} modules compiled")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clean", action="store_true", help="remove the compiled modules")
    parser.add_argument("--stale", action="store_true", help="remove them if their sources have changed")
    args = parser.parse_args()
    if args.clean:
        clean()
        return 0
    if args.stale:
        if stale():
            clean()
            print("compiled modules are older than their sources: removed (bash scripts/compile.sh builds them again)", file=sys.stderr)
        return 0
    return build()


if __name__ == "__main__":
    sys.exit(main())
