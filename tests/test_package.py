"""What is handed out: the wheel, a light import, a clean tree."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAX_BYTES = 2_000_000
HEAVY = ("pandas", "numpy", "pyarrow", "openpyxl", "pydantic", "yaml", "rich")


def tracked() -> list[Path]:
    """The files of the tree that are, or would be, under version control."""
    if shutil.which("git"):
        command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False).stdout.decode()
        if listed:
            return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]
    # An unpacked archive: everything but what tools leave behind.
    return [path for path in ROOT.rglob("*") if path.is_file() and not any(map(_left_behind, path.relative_to(ROOT).parts[:-1]))]


def _left_behind(folder: str) -> bool:
    return folder in ("__pycache__", "out", "dist", "build") or (folder.startswith(".") and folder != ".ci")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree by the build backend itself."""
    if find_spec("hatchling") is None:
        pytest.skip("hatchling is not installed, and may not be fetched from here: install .[dev]")
    folder = tmp_path_factory.mktemp("wheel")
    code = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    built = subprocess.run([sys.executable, "-c", code, str(folder)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return folder / built.stdout.split()[-1]


def test_wheel_holds_the_package_and_the_whole_rule_pack(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    from inventory.rulebook.packs import pack_files

    for path in pack_files(ROOT / "rules"):
        assert f"inventory/rules/{path.relative_to(ROOT / 'rules').as_posix()}" in names
    for path in (ROOT / "inventory").rglob("*.py"):
        assert path.relative_to(ROOT).as_posix() in names
    assert "inventory/py.typed" in names


def test_wheel_holds_the_licence_and_the_command_and_nothing_else(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    names = archive.namelist()
    for name in ("LICENSE", "NOTICE"):
        assert any(entry.endswith(f".dist-info/licenses/{name}") for entry in names)
    points = archive.read(next(entry for entry in names if entry.endswith("entry_points.txt"))).decode()
    assert "inventory = inventory.cli:main" in points
    ours = re.compile(r"inventory/(?!.*__pycache__)|military_inventory-[\w.]+\.dist-info/")
    strays = [entry for entry in names if not ours.match(entry)]
    assert not strays


def test_version_is_the_same_everywhere(wheel: Path) -> None:
    import inventory
    from inventory.api import VERSION

    assert wheel.name.split("-")[1] == inventory.__version__ == VERSION
    assert f"[{VERSION}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_command_starts_without_heavy_modules() -> None:
    code = f"import sys, inventory.cli; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not loaded, f"import inventory.cli loads {', '.join(loaded)}"


def test_importing_the_package_loads_nothing_of_it() -> None:
    code = "import sys, inventory; print(*[name for name in sys.modules if name.startswith('inventory.')])"
    assert not subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def test_no_file_is_too_large() -> None:
    assert not [f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes" for path in tracked() if path.stat().st_size > MAX_BYTES]


# Spelled in pieces, so that this file does not hold what it looks for. Hosts of package registries, and folders of one machine.
_FOREIGN = re.compile(
    "|".join(
        (
            r"pypi\." + r"org", r"pythonhosted\." + r"org", r"registry\.npm" + r"js", r"proxy\.golang\." + r"org", r"crates\." + r"io",
            r"--(?:extra-)?index" + r"-url",
            r"(?<![\w./-])/(?:ho" + r"me|ro" + r"ot|Us" + r"ers|wo" + r"rk|op" + r"t|t" + r"mp)/\w", r"\b[A-Z]:\\Us" + r"ers\\",
        )
    )
)  # fmt: skip


def test_no_file_names_a_registry_or_a_folder_of_one_machine() -> None:
    found = []
    for path in tracked():
        raw = path.read_bytes()
        if b"\0" in raw[:8000]:
            continue
        for number, line in enumerate(raw.decode("utf-8", "replace").splitlines(), 1):
            if match := _FOREIGN.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {match[0]}")
    assert not found, "\n".join(found)


def test_constraints_name_one_version_each_and_every_dependency() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[\w.]+", line) for line in lines), "a line is not name==version"
    pinned = {re.sub(r"[._-]+", "-", line.split("==")[0]).lower() for line in lines}
    assert len(pinned) == len(lines)
    extras = project["optional-dependencies"]
    for wanted in (*project["dependencies"], *extras["ingest"], *extras["postgres"], *extras["dev"]):
        name = re.match(r"[\w.-]+", wanted)
        assert name is not None
        if name[0] == project["name"]:
            continue  # `dev` takes the other extras in
        assert re.sub(r"[._-]+", "-", name[0]).lower() in pinned, f"constraints.txt does not pin {wanted}"
