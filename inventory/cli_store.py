"""The commands `inventory store …`: check, backup, restore, migrate, prune; parse, call one function, print.

Exit codes: 0 done, 64 wrong usage, 65 store or backup damaged, 73 cannot be written, 74 disk full or faulty, 75 a run holds the store,
78 wrong address or version.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from inventory.cli_shared import EXIT_DAMAGED, UsageFault

store_app = typer.Typer(
    no_args_is_help=True, add_completion=False, rich_markup_mode=None, help="Check, back up, restore, migrate and prune a store."
)

Address = Annotated[str, typer.Argument(metavar="STORE", help="sqlite:///FILE, the path of a SQLite file, or postgresql+psycopg://….")]
Imports = Annotated[Path | None, typer.Option("--imports", metavar="DIR", help="Folder of imported workbooks, if not beside the store.")]
Wait = Annotated[float, typer.Option("--wait", metavar="SECONDS", min=0, help="How long to wait for a run that holds the store.")]


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


@store_app.command()
def check(store: Address, imports: Imports = None) -> None:
    """Verify pages, references, versions, the chain of decisions, texts and imported workbooks; exit 65 if something is wrong."""
    from inventory.store.check import check_store
    from inventory.store.store import open_store

    with open_store(store, imports=imports, create=False) as opened:
        found = check_store(opened)
        entries = opened.log()
        runs = opened.runs()
    for line in found:
        typer.echo(line)
    last = f", last decision {len(entries)} {entries[-1].hash}" if entries else ""
    typer.echo(f"{len(found)} faults in {len(runs)} runs and {len(entries)} decisions{last}")
    if found:
        raise typer.Exit(EXIT_DAMAGED)


@store_app.command()
def backup(
    store: Address,
    target: Annotated[Path, typer.Argument(metavar="FILE|DIR", help="File to write; in a folder, a file named after the moment.")],
    imports: Imports = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Write documents, facts, runs, decisions and imported workbooks of one moment into one file; runs may go on meanwhile."""
    from inventory.store.backup import write_backup
    from inventory.store.store import open_store

    now = _now()
    if target.is_dir():
        target = target / f"store-{now[:19].replace(':', '').replace('-', '')}Z.zip"
    with open_store(store, imports=imports, create=False) as opened:
        written = write_backup(opened, target, now=now, force=force)
    typer.echo(f"wrote {written.path} ({sum(written.rows.values())} rows, {written.imports} imported workbooks)")
    if written.missing:
        for digest in written.missing:
            typer.echo(f"inventory: imported workbook {digest} is missing or was changed and is not in the backup", err=True)
        raise typer.Exit(EXIT_DAMAGED)


@store_app.command()
def restore(
    source: Annotated[Path, typer.Argument(metavar="BACKUP", help="File that `inventory store backup` wrote.")],
    store: Address,
    imports: Imports = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the store that is there.")] = False,
    wait: Wait = 0.0,
) -> None:
    """Make a store what a backup holds; refuses to overwrite one unless told to."""
    from inventory.store.backup import restore_backup
    from inventory.store.engine import parse_address

    if not source.is_file():
        raise UsageFault(f"{source} is no file — name a backup")
    done = restore_backup(source, parse_address(store, imports), force=force, wait=wait)
    typer.echo(f"restored {store} ({sum(done.rows.values())} rows, {done.imports} imported workbooks)")


@store_app.command()
def migrate(store: Address, wait: Wait = 0.0) -> None:
    """Bring a store that an older version of the program wrote to the schema of this one; make a backup first."""
    from inventory.store.store import migrate_store

    before, after = migrate_store(store, wait=wait)
    typer.echo(f"schema {after}" if before == after else f"schema {before or 'none'} is now {after}")


@store_app.command()
def prune(
    store: Address,
    days: Annotated[int, typer.Option("--days", metavar="N", min=0, help="Drop texts that no document has had for more than N days.")],
    current: Annotated[bool, typer.Option("--current", help="Drop also texts of current documents stored more than N days ago.")] = False,
    imports: Imports = None,
    wait: Wait = 0.0,
) -> None:
    """Drop texts that are no longer to be kept; facts, hashes and history stay."""
    from inventory.store.prune import prune_texts
    from inventory.store.store import open_store

    with open_store(store, imports=imports, create=False) as opened:
        number = prune_texts(opened, now=_now(), days=days, current=current, wait=wait)
    typer.echo(f"dropped {number} texts")
