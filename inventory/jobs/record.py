"""What a run leaves beside its report for machines: run.json, and metrics in the text format of Prometheus."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from inventory.jobs.moments import Span
from inventory.jobs.outputs import Written
from inventory.jobs.reckoning import Report
from inventory.records import Change, QualityRow, RunRecord
from inventory.store.tally import Tally

# Name, what it is, and the key of run.json that it comes from. Names after prometheus.io/docs/practices/naming.
_GAUGES = (
    ("documents", "Documents that are current.", "documents"),
    ("facts", "Facts that are current.", "facts"),
    ("issues", "Documents that could not be read, cut or finished.", "issues"),
    ("conflicts", "Statements that cannot both be true.", "conflicts"),
    ("run_seconds", "How long the last run took.", "seconds"),
)


def describe_run(
    run: RunRecord,
    tally: Tally,
    *,
    span: Span | None,
    report: Report | None,
    written: Sequence[Written],
    expected: Sequence[QualityRow],
    warnings: Sequence[str],
    changed: bool,
    seconds: float,
    digest: str,
    exit_code: int,
) -> dict[str, Any]:
    """What run.json says; paths are names within the job's folder."""
    told: dict[str, Any] = {
        "job": run.job, "run_id": run.run_id, "status": run.status, "exit_code": exit_code, "note": run.note, "started": run.started,
        "finished": run.finished, "seconds": round(seconds, 3), "version": run.version, "rulebook": run.rulebook, "job_sha256": digest,
        "documents": run.documents, "facts": run.facts, "issues": run.issues, "read": run.read, "withdrawn": run.withdrawn,
        "tally": tally._asdict(),
    }  # fmt: skip
    if span is not None and report is not None:
        told |= {
            "changed": changed,
            "shown_run": span.shown.run.run_id,
            "compared_with": span.base.run.run_id if span.base is not None else None,
            "changes": count_changes(report.known.changes),
            "conflicts": len(report.known.conflicts),
            "reviews": dict(sorted(Counter(state.state for state in report.known.reviews.values()).items())),
            "decisions": span.shown.decisions,
        }
    told["expectations"] = [row._asdict() for row in expected]
    told["warnings"] = list(warnings)
    told["outputs"] = [{"kind": one.kind, "file": one.path.name, "bytes": one.size, "sha256": one.sha256} for one in written]
    return told


def count_changes(changes: Iterable[Change]) -> dict[str, int]:
    """Facts by kind of change; a fact with two changed cells is one."""
    return {kind: len({one.fact_id for one in changes if one.change == kind}) for kind in ("new", "updated", "withdrawn", "reappeared")}


def print_json(told: dict[str, Any]) -> str:
    """run.json as text."""
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def print_metrics(told: dict[str, Any], last_good: str | None) -> str:
    """The metrics of a run, for the textfile collector of node_exporter or a push gateway.

    `last_good` is when the last run finished that wrote a report.
    """
    label = f'{{job="{told["job"]}"}}'
    lines: list[str] = []

    def put(name: str, about: str, rows: Iterable[tuple[str, float]]) -> None:
        lines.append(f"# HELP inventory_{name} {about}")
        lines.append(f"# TYPE inventory_{name} gauge")
        lines.extend(
            f"inventory_{name}{labels} {value:g}" if value < 1e6 else f"inventory_{name}{labels} {value:.0f}" for labels, value in rows
        )

    put("run_success", "1 if the last run wrote a report of every document, 0 if not.", [(label, told["exit_code"] == 0)])
    put("run_exit_code", "Exit code of the last run.", [(label, told["exit_code"])])
    put("run_finished_timestamp_seconds", "When the last run finished.", [(label, _seconds(told["finished"]))])
    if last_good is not None:
        put("report_timestamp_seconds", "When the last run finished that wrote a report.", [(label, _seconds(last_good))])
    for name, about, key in _GAUGES:
        if told.get(key) is not None:
            put(name, about, [(label, told[key])])
    job = told["job"]
    put("run_documents", "Documents of the last run by what became of them.",
        [(f'{{job="{job}",outcome="{key}"}}', value) for key, value in told["tally"].items()])  # fmt: skip
    if "changes" in told:
        put("changes", "Facts that differ from the run that the report compares with.",
            [(f'{{job="{job}",change="{key}"}}', value) for key, value in told["changes"].items()])  # fmt: skip
    broken = Counter(row["status"] for row in told["expectations"])
    put("expectations", "Expectations of the job by status.",
        [(f'{{job="{job}",status="{key}"}}', broken[key]) for key in ("ok", "warn", "fail")])  # fmt: skip
    return "\n".join(lines) + "\n"


def _seconds(moment: str | None) -> float:
    return dt.datetime.fromisoformat(moment).timestamp() if moment else 0.0
