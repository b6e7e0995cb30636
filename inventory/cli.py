"""The command `inventory`: parse, call one function, print; no logic.

Exit codes (BSD sysexits): 0 done, 3 done but some documents failed, 64 wrong usage, 65 the store or an input of it is damaged, 70 fault
in the program, 73 output cannot be written, 74 disk full or faulty, 75 locked by another run, 78 rules or a setting cannot be used.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inventory import __version__
from inventory.cli_evaluate import evaluate
from inventory.cli_explain import explain
from inventory.cli_jobs import report, schedule, status
from inventory.cli_review import review_app
from inventory.cli_rules import rules_app
from inventory.cli_shared import (
    EXIT_BUG,
    EXIT_DAMAGED,
    EXIT_OUTPUT,
    EXIT_PARTIAL,
    EXIT_RULES,
    EXIT_USAGE,
    UsageFault,
    load_rules,
    open_documents,
    parse_day,
    tell_issues,
)
from inventory.cli_store import store_app

if TYPE_CHECKING:
    from inventory.model import Issue


app = typer.Typer(
    name="inventory", no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
    help="Reads news and reports and tells who has how many of what, where, when, in which status, said by whom.",
)  # fmt: skip
app.add_typer(rules_app, name="rules")
app.add_typer(store_app, name="store")
app.add_typer(review_app, name="review")

Paths = Annotated[
    list[str], typer.Argument(metavar="PATH...", help="Files, folders, patterns, archives, s3:// addresses, or - for standard input.")
]
RulesDir = Annotated[Path | None, typer.Option("--rules", metavar="DIR", help="Your own rule folder, laid over the shipped pack.")]
Published = Annotated[
    str | None, typer.Option("--published", metavar="DATE", help="Publication date (YYYY-MM-DD) of documents that give none.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
Verbose = Annotated[int, typer.Option("--verbose", "-v", count=True, help="Say more.")]


def _version(show: bool) -> None:
    if show:
        typer.echo(f"inventory {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")] = False,
) -> None:
    return


@app.command()
def extract(
    paths: Paths,
    format_: Annotated[
        str | None, typer.Option("--format", metavar="xlsx|csv|jsonl|parquet|geojson", help="Format of the result; by default that of -o.")
    ] = None,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE|-", help="Where to write; - is standard output (jsonl).")
    ] = None,
    columns: Annotated[
        str, typer.Option("--columns", metavar="full|analyst", help="Columns of a workbook: all, or those that an analyst reads.")
    ] = "full",
    published: Published = None,
    rules: RulesDir = None,
    quiet: Quiet = False,
    verbose: Verbose = 0,
) -> None:
    """Extract facts from documents into a workbook, CSV, Parquet or JSON Lines."""
    from inventory.api import extract as run
    from inventory.progress import track

    day = parse_day(published)
    kind, target = _target(format_, output)
    if columns not in ("full", "analyst"):
        raise UsageFault(f"--columns {columns!r} is not known — use full or analyst")
    given = open_documents(paths, day)
    book = load_rules(rules)
    with track(quiet) as step:
        facts = run(given, book, progress=step, command="inventory extract " + " ".join(paths))
    _write(facts, kind, target, columns)
    if verbose:
        typer.echo(f"inventory: {len(facts)} facts from {len(facts.documents)} documents, rules {book.stamp}", err=True)
    if not quiet and target is not None:
        typer.echo(f"inventory: wrote {target} ({len(facts)} facts, {len(facts.documents)} documents)", err=True)
    if tell_issues(facts.issues, quiet):
        raise typer.Exit(EXIT_PARTIAL)


FORMATS = ("xlsx", "csv", "jsonl", "parquet", "geojson")


def _target(format_: str | None, output: str | None) -> tuple[str, Path | None]:
    """The format and the file to write (`None`: standard output)."""
    kind = format_
    if kind is None:
        suffix = Path(output).suffix.lstrip(".").lower() if output and output != "-" else ""
        kind = suffix if suffix in FORMATS else "jsonl" if output in (None, "-") else ""
    if kind not in FORMATS:
        raise UsageFault(f"{format_ or output!r} names no format — use --format {'|'.join(FORMATS)}")
    if output in (None, "-"):
        if kind != "jsonl":
            raise UsageFault(f"{kind} cannot be written to standard output — name a file with -o")
        return kind, None
    return kind, Path(output or "")


def _write(facts: Any, kind: str, target: Path | None, columns: Any) -> None:
    from inventory.report import files

    if target is None:
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
        files.write_jsonl(facts, sys.stdout)
        sys.stdout.flush()
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if kind == "xlsx":
        from inventory.report.workbook import write_workbook

        write_workbook(facts, target, columns=columns)
    elif kind == "csv":
        files.write_csv(facts, target)
    elif kind == "parquet":
        files.write_parquet(facts, target)
    elif kind == "geojson":
        from inventory.report.geojson import write_geojson

        write_geojson(facts, target)
    else:
        from inventory.report.atomic import atomic_path

        with atomic_path(target) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as stream:
            files.write_jsonl(facts, stream)


@app.command()
def mentions(
    paths: Paths,
    format_: Annotated[str, typer.Option("--format", metavar="jsonl", help="Format of the result.")] = "jsonl",
    output: Annotated[str, typer.Option("-o", "--output", metavar="FILE|-", help="Where to write; - is standard output.")] = "-",
    published: Published = None,
    rules: RulesDir = None,
    quiet: Quiet = False,
) -> None:
    """List every mention: equipment, personnel, units, places, actors, quantities, dates, operations, persons, coordinates."""
    from inventory.extraction.rows import list_mentions
    from inventory.model import Issue
    from inventory.report.atomic import atomic_path
    from inventory.report.files import write_mentions

    if format_ != "jsonl":
        raise UsageFault(f"--format {format_!r} is not known here — use jsonl")
    given = open_documents(paths, parse_day(published))
    book = load_rules(rules)
    issues: list[Issue] = []

    def rows() -> Iterator[Any]:
        for document in given:
            if isinstance(document, Issue):
                issues.append(document)
            else:
                yield from list_mentions(document, book)

    if output == "-":
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
        write_mentions(rows(), sys.stdout)
        sys.stdout.flush()
    else:
        with atomic_path(Path(output)) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as stream:
            write_mentions(rows(), stream)
    if tell_issues(issues, quiet):
        raise typer.Exit(EXIT_PARTIAL)


app.command()(explain)
app.command()(evaluate)
for _command in (report, schedule, status):
    app.command()(_command)


def main(argv: list[str] | None = None) -> None:
    """Run the command; every known fault becomes one clear line and its exit code."""
    try:
        code = app(args=argv, standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except typer.Exit as error:
        sys.exit(error.exit_code)
    except _command_faults() as error:
        message = error.format_message() if hasattr(error, "format_message") else str(error)
        helped = type(error).__name__ == "NoArgsIsHelpError"
        typer.echo(message if helped else f"inventory: {message} — see inventory --help", err=True)
        sys.exit(EXIT_USAGE)
    except typer.Abort:
        sys.exit(130)
    except UsageFault as error:
        typer.echo(f"inventory: {error}", err=True)
        sys.exit(EXIT_USAGE)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        _fail(error)


def _command_faults() -> type[Exception]:
    """The base of what is raised for a wrong command line; newer releases of typer bring their own copy of click."""
    return next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")


def _fail(error: Exception) -> None:
    from inventory.jobs.errors import JobError
    from inventory.reading import UsageError
    from inventory.report.atomic import OutputError
    from inventory.review.errors import ReviewError, WorkbookError
    from inventory.rulebook.faults import RuleError
    from inventory.store.errors import StoreError

    if isinstance(error, ReviewError):
        typer.echo(f"inventory: {error}", err=True)
        sys.exit(EXIT_DAMAGED if isinstance(error, WorkbookError) else EXIT_USAGE)
    if isinstance(error, JobError):
        for fault in error.faults:
            typer.echo(str(fault), err=True)
        typer.echo(f"inventory: the job has {len(error.faults)} fault(s)", err=True)
        sys.exit(error.exit_code)
    if isinstance(error, StoreError):
        typer.echo(f"inventory: {error}", err=True)
        sys.exit(error.exit_code)
    if isinstance(error, RuleError):
        for fault in error.faults:
            typer.echo(str(fault), err=True)
        typer.echo(f"inventory: the rules have {len(error.faults)} fault(s)", err=True)
        sys.exit(EXIT_RULES)
    if isinstance(error, UsageError):
        typer.echo(f"inventory: {error}", err=True)
        sys.exit(EXIT_USAGE)
    if isinstance(error, OutputError):
        typer.echo(f"inventory: {error}", err=True)
        sys.exit(EXIT_OUTPUT)
    import os

    if os.environ.get("INVENTORY_DEBUG"):
        raise error
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    at = f"{Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno}" if where is not None else "?"
    typer.echo(
        f"inventory: fault in the program at {at}: {type(error).__name__}: {error} — please report it; INVENTORY_DEBUG=1 shows more",
        err=True,
    )
    sys.exit(EXIT_BUG)
