"""A progress bar on stderr for long work; off when stderr is no terminal or the user wants quiet."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def track(quiet: bool) -> Iterator[Callable[[], None] | None]:
    """Yield a function to call after each document, or `None` when nothing is shown."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TimeElapsedColumn

    with Progress(
        SpinnerColumn(), "reading documents", MofNCompleteColumn(), TimeElapsedColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        task = bar.add_task("documents", total=None)
        yield lambda: bar.advance(task)
