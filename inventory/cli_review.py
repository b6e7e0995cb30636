"""The commands `inventory review …`: hand a workbook in, look at the log, settle, undo, learn; parse, call one function, print.

Exit codes: 0 done, 3 some rows were rejected, 64 wrong usage, 65 a workbook or the store is damaged, 75 another run holds the store.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inventory.cli_shared import EXIT_DAMAGED, EXIT_PARTIAL, UsageFault

if TYPE_CHECKING:
    from inventory.review.imports import ImportReport
    from inventory.review.values import Vocabulary
    from inventory.store.store import Store

_SHOWN = 20  # rejects printed of one workbook; the rejects workbook has all

review_app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, help="Hand reviews in, settle, undo, learn.")

StoreUrl = Annotated[
    str | None,
    typer.Option("--store", metavar="URL", envvar="INVENTORY_STORE", help="The store: sqlite:///FILE or postgresql+psycopg://…"),
]
Imports = Annotated[
    Path | None, typer.Option("--imports", metavar="DIR", help="Folder of imported workbooks; by default beside the store.")
]
Wait = Annotated[float, typer.Option("--wait", metavar="SECONDS", min=0.0, help="How long to wait while another run holds the store.")]
RulesDir = Annotated[Path | None, typer.Option("--rules", metavar="DIR", help="Your own rule folder, laid over the shipped pack.")]
Reviewer = Annotated[str | None, typer.Option("--reviewer", metavar="NAME", help="Who decided, where a row does not say.")]


def _open(url: str | None, imports: Path | None = None) -> Store:
    from inventory.store import open_store

    if not url:
        raise UsageFault("no store is named — give --store sqlite:///FILE, or set INVENTORY_STORE")
    return open_store(url, imports=imports, create=False)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _vocabulary(rules: Path | None) -> Vocabulary:
    from inventory.review.values import make_vocabulary
    from inventory.rulebook.load import load_rulebook

    return make_vocabulary(load_rulebook(rules))


@review_app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Reviewed workbooks (.xlsx), oldest first.")],
    store: StoreUrl = None,
    reviewer: Reviewer = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, write nothing.")] = False,
    conflict: Annotated[
        str, typer.Option("--conflict", metavar="hold|lead|latest", help="When reviewers disagree: hold the fact, or whose word wins.")
    ] = "hold",
    lead: Annotated[str | None, typer.Option("--lead", metavar="NAME", help="The reviewer whose word wins with --conflict lead.")] = None,
    trust_order: Annotated[
        bool, typer.Option("--trust-order", help="Take a column that seems to have been sorted without its rows as meant so.")
    ] = False,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", metavar="DIR", help="Where to write the rejected rows; by default beside each workbook.")
    ] = None,
    rules: RulesDir = None,
    imports: Imports = None,
    wait: Wait = 0.0,
) -> None:
    """Take reviewed workbooks into the log; rows that cannot be taken go to a workbook of their own, with the reason."""
    from inventory.records import CONFLICT_POLICIES
    from inventory.review.errors import WorkbookError
    from inventory.review.imports import import_review

    if conflict not in CONFLICT_POLICIES:
        raise UsageFault(f"--conflict {conflict!r} is no policy — use {'|'.join(CONFLICT_POLICIES)}")
    if conflict == "lead" and not lead:
        raise UsageFault("--conflict lead needs to know who leads — give --lead NAME")
    if missing := [path for path in files if not path.is_file()]:
        raise UsageFault(f"{missing[0]}: there is no such file — check the path")
    words = _vocabulary(rules)
    damaged = rejected = False
    with _open(store, imports) as opened:
        for path in files:
            try:
                report = import_review(
                    opened,
                    path,
                    now=_now(),
                    reviewer=reviewer,
                    vocabulary=words,
                    policy=conflict,
                    lead=lead,
                    trust_order=trust_order,
                    dry_run=dry_run,
                    wait=wait,
                )
            except WorkbookError as fault:
                typer.echo(f"inventory: {fault}", err=True)
                damaged = True
                continue
            _tell_import(report, dry_run)
            if report.rejects:
                rejected = True
                _tell_rejects(report, None if dry_run else rejects if rejects is not None else path.parent)
    if damaged:
        raise typer.Exit(EXIT_DAMAGED)
    if rejected:
        raise typer.Exit(EXIT_PARTIAL)


def _tell_import(report: ImportReport, dry_run: bool) -> None:
    taken = f"{len(report.taken)} {'would be taken' if dry_run else 'taken'}"
    typer.echo(f"{report.path}: {taken}, {report.unchanged} known already, {len(report.rejects)} rejected, {report.silent} say nothing")
    for number, what in (
        (report.added, "added by the reviewer as facts of their own"),
        (report.changed, "on facts that have changed since: kept, to be confirmed"),
        (report.gone, "on facts that are in no current document: kept until they return"),
        (report.outdated, "older, by reviewed_at, than what the same reviewer has said since: kept, without effect"),
    ):
        if number:
            typer.echo(f"  {number} {what}")
    for fact_id in report.held:
        typer.echo(f"  {fact_id}: reviewers disagree, held — inventory review adjudicate {fact_id} DECISION --reviewer NAME")


def _tell_rejects(report: ImportReport, folder: Path | None) -> None:
    from inventory.review.rejects import rejects_path, write_rejects

    for reject in report.rejects[:_SHOWN]:
        typer.echo(f"  {reject.sheet} row {reject.row}: {reject.reason}", err=True)
    if len(report.rejects) > _SHOWN:
        typer.echo(f"  … and {len(report.rejects) - _SHOWN} more", err=True)
    if folder is not None:
        target = folder / rejects_path(report.path, report.sha256).name
        folder.mkdir(parents=True, exist_ok=True)
        write_rejects(report, target)
        typer.echo(f"  the rejected rows, to mend and hand in: {target}", err=True)


@review_app.command()
def log(
    store: StoreUrl = None,
    fact: Annotated[str | None, typer.Option("--fact", metavar="FACT_ID", help="Only what was said of this fact.")] = None,
    files: Annotated[bool, typer.Option("--files", help="List the imported workbooks instead.")] = False,
) -> None:
    """List every decision in the order in which it entered the log, or the workbooks that brought them."""
    from inventory.review.tell import describe_entry, describe_imports

    with _open(store) as opened:
        entries = opened.log(fact_ids=None if fact is None else [fact])
        lines = describe_imports(opened.imports(), entries) if files else map(describe_entry, entries)
        for line in lines:
            typer.echo(line)


@review_app.command()
def adjudicate(
    fact_id: Annotated[str, typer.Argument(metavar="FACT_ID", help="The fact, as on the sheets Conflicts and Review.")],
    decision: Annotated[str, typer.Argument(metavar="DECISION", help="accept, reject, correct, second look, or clear to lift.")],
    reviewer: Annotated[str, typer.Option("--reviewer", metavar="NAME", help="Who decides.")],
    store: StoreUrl = None,
    values: Annotated[
        list[str] | None, typer.Option("--set", metavar="COLUMN=VALUE", help="With correct: what is right; may be repeated.")
    ] = None,
    comment: Annotated[str | None, typer.Option("--comment", metavar="TEXT", help="Why.")] = None,
    rules: RulesDir = None,
    wait: Wait = 0.0,
) -> None:
    """Say the last word on a fact about which reviewers disagree."""
    from inventory.review.log import adjudicate as settle

    with _open(store) as opened:
        word = settle(
            opened, fact_id, decision, reviewer=reviewer, now=_now(), values=values or (), comment=comment,
            vocabulary=_vocabulary(rules), wait=wait,
        )  # fmt: skip
    typer.echo(f"{word.fact_id}: {word.decision} by {word.reviewer}")


@review_app.command()
def undo(
    import_: Annotated[str, typer.Argument(metavar="IMPORT", help="Hash of the import or its beginning, or the file's name.")],
    store: StoreUrl = None,
    wait: Wait = 0.0,
) -> None:
    """Void everything that an import said; what stood before stands again."""
    from inventory.review.log import undo_import

    with _open(store) as opened:
        made = undo_import(opened, import_, now=_now(), wait=wait)
    typer.echo(f"{len(made)} words undone" if made else "nothing to undo: the import said nothing, or was undone already")


@review_app.command()
def status(store: StoreUrl = None) -> None:
    """Tell where reviews stand: facts by state, disagreements, precision by rule; and whether the log is whole."""
    from inventory.review.tell import describe_status

    with _open(store) as opened:
        lines, whole = describe_status(opened)
    for line in lines:
        typer.echo(line)
    if not whole:
        raise typer.Exit(EXIT_DAMAGED)


@review_app.command()
def suggestions(
    store: StoreUrl = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="DIR", help="Write one file each; else all are printed.")] = None,
    rules: RulesDir = None,
) -> None:
    """Propose aliases, entries, rejects and examples that follow from reviews, as rule files to merge by hand."""
    from inventory.review.check import check_suggestions, write_suggestions
    from inventory.review.imports import read_decided
    from inventory.review.precision import list_judgements
    from inventory.review.suggest import read_alone, suggest_rules
    from inventory.rulebook.load import load_rulebook
    from inventory.rulebook.packs import pack_folders
    from inventory.rulebook.sections import read_packs

    with _open(store) as opened:
        decisions = opened.decisions()
        judged = list_judgements(decisions, read_decided(opened, decisions))
    folders = pack_folders(rules)
    checked = check_suggestions(suggest_rules(judged, read_packs(folders), read_alone(load_rulebook(rules))), folders)
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        write_suggestions(checked.good, output)
        for one in checked.good:
            typer.echo(f"{output / one.file}: {'; '.join(one.news)}")
    else:
        typer.echo("\n".join(one.yaml for one in checked.good), nl=False)
    for one, reason in checked.doubtful:
        typer.echo(f"inventory: no suggestion for {one.target}: {reason}", err=True)
    typer.echo(f"inventory: {len(checked.good)} suggestions from {len(judged)} judged facts", err=True)


@review_app.command()
def export(
    store: StoreUrl = None,
    output: Annotated[str, typer.Option("-o", "--output", metavar="FILE|-", help="Where to write; - is standard output.")] = "-",
) -> None:
    """Write the whole log as JSON Lines, with the hashes of its chain."""
    import sys

    from inventory.report.atomic import atomic_path
    from inventory.review.log import write_log

    with _open(store) as opened:
        entries: list[Any] = opened.log()
    if output == "-":
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
        write_log(entries, sys.stdout)
        return
    with atomic_path(Path(output)) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as stream:
        number = write_log(entries, stream)
    typer.echo(f"inventory: wrote {output} ({number} decisions)", err=True)
