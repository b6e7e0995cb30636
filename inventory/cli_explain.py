"""The command `inventory explain`: how a text was read, which rules fired or nearly did, where each cell came from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inventory.cli_shared import EXIT_PARTIAL, load_rules, open_documents, parse_day, tell_issues

if TYPE_CHECKING:
    import datetime as dt

    from inventory.model import Document, Issue
    from inventory.report.explain_model import Explanation


def explain(
    text: Annotated[str, typer.Argument(metavar="TEXT|FILE", help="A text in quotes, a file, or - for standard input.")],
    published: Annotated[
        str | None, typer.Option("--published", metavar="DATE", help="Publication date (YYYY-MM-DD), if none is given.")
    ] = None,
    rules: Annotated[Path | None, typer.Option("--rules", metavar="DIR", help="Your own rule folder, laid over the shipped pack.")] = None,
    html: Annotated[str | None, typer.Option("--html", metavar="FILE|-", help="Write a web page instead; - is standard output.")] = None,
) -> None:
    """Tell how a text is read: names, clauses, rules that fired or nearly did, and where each cell of a fact comes from."""
    from inventory.report.explain import explain_document
    from inventory.report.explain_text import write_text

    documents, issues = _read(text, parse_day(published))
    book = load_rules(rules)
    told = [explain_document(document, book) for document in documents]
    if html is not None:
        _write_page(html, told)
    elif told:
        _use_utf8()
        write_text(told, sys.stdout)
    if tell_issues(issues, False):
        raise typer.Exit(EXIT_PARTIAL)


def _read(text: str, published: dt.date | None) -> tuple[list[Document], list[Issue]]:
    """The documents that the argument names, and what went wrong; an argument that is no path is itself the text."""
    from inventory.model import Document, Issue

    if not _is_path(text):
        return [Document(text, published=published)], []

    given = list(open_documents([text], published))
    return [one for one in given if isinstance(one, Document)], [one for one in given if isinstance(one, Issue)]


def _is_path(text: str) -> bool:
    """Whether the argument is meant as a path: it exists, or is one word that looks like one, so that a slip is not read as a text."""
    if text == "-":
        return True
    try:
        if Path(text).exists():
            return True
    except (OSError, ValueError):  # longer than a path can be, or with characters that none can hold
        return False
    return not any(char.isspace() for char in text) and ("/" in text or "\\" in text or Path(text).suffix.lower() in _SUFFIXES)


_SUFFIXES = frozenset({".txt", ".md", ".jsonl", ".csv", ".tsv", ".json", ".html", ".pdf", ".docx"})


def _write_page(target: str, told: list[Explanation]) -> None:
    from inventory.report.atomic import atomic_path
    from inventory.report.explain_html import render_html

    if not told:
        return
    page = render_html(told)
    if target == "-":
        _use_utf8()
        sys.stdout.write(page)
        return
    with atomic_path(target) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")
    typer.echo(f"inventory: wrote {target}", err=True)


def _use_utf8() -> None:
    """Standard output in UTF-8 unless a terminal says otherwise; no character may stop the command."""
    import io

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding=None if sys.stdout.isatty() else "utf-8", errors="replace")
