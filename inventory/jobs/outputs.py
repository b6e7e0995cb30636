"""The files of a run: immutable ones named after it, and the latest of each kind by atomic replacement."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from inventory.jobs.load import Job
from inventory.jobs.reckoning import Report
from inventory.records import RunRecord
from inventory.report.atomic import OutputError, atomic_path
from inventory.report.files import write_csv, write_parquet
from inventory.report.geojson import write_geojson
from inventory.report.workbook import write_workbook
from inventory.review.log import write_log
from inventory.store.log import LogEntry

SUFFIXES = {"workbook": "xlsx", "csv": "csv", "parquet": "parquet", "geojson": "geojson"}
REVIEW_LOG = "reviews.jsonl"
LATEST = "latest"
RUN_FILE = "run.json"
METRICS_FILE = "metrics.prom"
_RUN_ID = re.compile(r"(\d{8}T\d{6}Z(?:-\d+)?)\.")
_TEMPORARY = re.compile(r"\.[0-9a-f]{16}\.tmp")


class Written(NamedTuple):
    """A file that a run wrote."""

    kind: str
    path: Path
    sha256: str
    size: int


def prepare_folder(folder: Path) -> None:
    """Make the job's folder and clear away what killed runs left half-written; the store's lock is held, so nobody writes there now.

    Raises:
        OutputError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.iterdir():
            if _TEMPORARY.fullmatch(path.name):
                path.unlink(missing_ok=True)
    except OSError as fault:
        raise OutputError(folder, f"cannot be used: {fault.strerror or fault}; name another folder with output:") from fault


def write_outputs(job: Job, run_id: str, report: Report, log: list[LogEntry]) -> list[Written]:
    """Write the immutable files of a run.

    Raises:
        OutputError: one cannot be written, or is there already.
    """
    written = []
    for kind in dict.fromkeys(job.file.outputs):
        path = job.out / f"{run_id}.{SUFFIXES[kind]}"
        _refuse_existing(path)
        if kind == "workbook":
            write_workbook(
                report.shown, path, known=report.known, columns=job.file.columns, sheets=job.file.sheets,
                rejected=job.file.reviews.rejected == "shown",
            )  # fmt: skip
        elif kind == "csv":
            write_csv(report.counted, path)
        elif kind == "parquet":
            write_parquet(report.counted, path)
        else:
            write_geojson(report.counted, path)
        written.append(_note(kind, path))
    path = job.out / f"{run_id}.{REVIEW_LOG}"
    _refuse_existing(path)
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as stream:
        write_log(log, stream)
    return [*written, _note("reviews", path)]


def replace_latest(job: Job, written: list[Written], before: dict[str, Any], imported: Collection[str]) -> list[Path]:
    """Put the files of the run in the place of the latest ones; gives the files that somebody had changed, under their new names.

    `before` is what run.json said of the last report, `imported` are the hashes of workbooks handed in. Another `latest.xlsx` that
    is not as it was written may hold a review that nobody has handed in yet, so it is moved aside and not replaced.
    """
    saved = []
    wrote = {one["sha256"] for one in before.get("outputs", ())} | set(imported)
    for one in written:
        target = job.out / f"{LATEST}.{REVIEW_LOG if one.kind == 'reviews' else SUFFIXES[one.kind]}"
        if one.kind == "workbook" and target.is_file():
            digest = hash_file(target)
            if digest not in wrote and digest != one.sha256 and not _is_ours(job.out, digest, target.stat().st_size):
                aside = target.with_name(f"{LATEST}-edited-{digest[:12]}.xlsx")
                target.replace(aside)
                saved.append(aside)
        with atomic_path(target) as temporary:
            shutil.copyfile(one.path, temporary)
    return saved


def read_run_file(folder: Path) -> dict[str, Any]:
    """What run.json says of the last report; empty if there is none that can be read."""
    try:
        told = json.loads((folder / RUN_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def write_text(path: Path, text: str) -> None:
    """Write a text file at once. Raises :class:`OutputError`."""
    with atomic_path(path) as temporary:
        temporary.write_text(text, "utf-8", newline="\n")


def drop_old_reports(job: Job, keep: int, current: RunRecord) -> list[str]:
    """Remove the files of all but the newest `keep` runs; the ids of those runs."""
    ids: dict[str, list[Path]] = {}
    for path in sorted(job.out.iterdir()):
        if match := _RUN_ID.match(path.name):
            ids.setdefault(match[1], []).append(path)
    order = sorted(ids, key=_order)
    gone = [run_id for run_id in order[: max(0, len(order) - keep)] if run_id != current.run_id]
    for run_id in gone:
        for path in ids[run_id]:
            with suppress(OSError):  # open in another program on Windows: the next run tries again
                path.unlink()
    return gone


def hash_file(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _order(run_id: str) -> tuple[str, int]:
    moment, _, number = run_id.partition("-")
    return moment, int(number or 1)


def _note(kind: str, path: Path) -> Written:
    return Written(kind, path, hash_file(path), path.stat().st_size)


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise OutputError(
            path, "is there already, of a run that the store does not know; move it away, or name another folder with output:"
        )


def _is_ours(folder: Path, digest: str, size: int) -> bool:
    """Is it the report of some run? One that was killed may have replaced the latest file before it wrote run.json."""
    return any(path.stat().st_size == size and hash_file(path) == digest for path in folder.glob("*Z*.xlsx"))
