"""The store as its users see it: one object, opened by address, whose methods each are one transaction."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import sqlalchemy as sa

from inventory.model import Candidate, Fact, Issue
from inventory.records import Decision, FactVersion, RunRecord
from inventory.store import ask, imports, log, record, runs, tally
from inventory.store.engine import HEAD, Address, create_engine, find_revision, migrate_schema, parse_address
from inventory.store.errors import EXIT_SETTING, StoreError, StoreLocked, explained
from inventory.store.lock import hold_lock
from inventory.store.schema import insert_new, settings
from inventory.store.tally import Tally
from inventory.table import DocumentRow

_CREATION = 30.0  # seconds to wait for another one that is creating the store


class Store:
    """An open store; :func:`open_store` makes it. Use it in a `with` block, or call :meth:`close`.

    Readers see finished runs only. Everything that cannot be done raises :class:`StoreError`.
    """

    def __init__(self, address: Address, engine: sa.Engine) -> None:
        self.address = address
        self.engine = engine
        self._held = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @property
    def label(self) -> str:
        """The address without a password."""
        return self.address.label

    # --- transactions and the lock

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that sees one state of the store throughout."""
        with explained(self.label), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that writes: all of it or nothing."""
        with explained(self.label), self.engine.connect() as connection, connection.execution_options(inventory_write=True).begin():
            yield connection

    @contextmanager
    def lock(self, wait: float = 0.0) -> Iterator[None]:
        """Hold the store against other runs, waiting up to `wait` seconds; inside such a block it may be asked for again.

        Raises:
            StoreLocked: another run holds it.
        """
        if self._held:
            self._held += 1
            try:
                yield
            finally:
                self._held -= 1
            return
        with hold_lock(self.engine, self.address.path, self.label, wait):
            self._held = 1
            try:
                yield
            finally:
                self._held = 0

    # --- runs

    def begin_run(self, job: str, *, now: str, rulebook: str, version: str) -> RunRecord:
        """Begin a run; the lock must be held. A run that was interrupted becomes `failed`, and this run takes over what it had done.

        `now` is ISO 8601 with a time zone; it gives the run its id.
        """
        if not self._held:
            raise RuntimeError("begin_run outside of Store.lock()")
        with self.writing() as connection:
            return runs.begin_run(connection, job, now, rulebook, version)

    def finish_run(
        self,
        run_id: str,
        *,
        now: str,
        status: str = "done",
        withdraw: Iterable[str] = (),
        issues: Iterable[Issue] = (),
        refuse: Callable[[RunRecord, Tally], str | None] | None = None,
    ) -> RunRecord:
        """Finish a run, in one transaction: end the documents with the source keys `withdraw`, note the issues that belong to no
        document, count, and make everything that the run has written visible. `status` is `done` or `partial`.

        `refuse` is asked with the counts as they will be; if it gives a reason, the run is `failed` instead.
        """
        try:
            with self.writing() as connection:
                seq, begun = runs.hold_run(connection, run_id)
                gone = 0
                for key in withdraw:
                    gone += record.withdraw_document(connection, seq, record.claim_document(connection, begun.job, key))
                record.write_issues(connection, seq, record.claim_document(connection, begun.job, record.JOB_ITSELF), issues)
                counts = tally.count_current(connection, begun.job)
                read = runs.count_read(connection, begun.job, seq)
                run = runs.close_run(connection, seq, finished=now, status=status, read=read, withdrawn=gone, **counts)
                reason = refuse(run, tally.tally_run(connection, begun.job, seq)) if refuse is not None else None
                if reason is not None:
                    raise _Refused(reason)
        except _Refused as fault:
            return self.fail_run(run_id, now=now, note=str(fault))
        return run

    def fail_run(self, run_id: str, *, now: str, note: str) -> RunRecord:
        """Give a run up. Nothing that it has written is seen by readers; the next run of the job takes it over."""
        with self.writing() as connection:
            seq, _ = runs.hold_run(connection, run_id)
            return runs.close_run(connection, seq, finished=now, status="failed", note=note)

    def runs(self, job: str | None = None) -> list[RunRecord]:
        """All runs, of a job or of all, oldest first."""
        with self.reading() as connection:
            return [run for _, run in runs.list_runs(connection, job)]

    def run(self, run_id: str) -> RunRecord:
        """One run. Raises :class:`StoreError` (78) if there is none of that id."""
        with self.reading() as connection:
            return runs.find_run(connection, run_id)[1]

    def latest_run(self, job: str | None = None, *, before: str | None = None, by: str | None = None) -> RunRecord | None:
        """The last finished run (`done` or `partial`); before the run `before`, and begun not later than the moment `by` (ISO 8601)."""
        found = None
        for run in self.runs(job):
            if run.run_id == before:
                break
            if run.status in runs.FINISHED and (by is None or runs.make_run_id(run.started) <= runs.make_run_id(by)):
                found = run
        return found

    def moved_runs(self, job: str) -> list[tuple[RunRecord, int]]:
        """The finished runs of a job that changed something or saw new decisions, oldest first, each with the length of the log then."""
        with self.reading() as connection:
            return runs.list_moved(connection, job)

    # --- documents of a run, and questions

    def held_documents(self, job: str) -> dict[str, record.Held]:
        """For a run that holds the lock: what is there of each document, its own unfinished work included."""
        with self.reading() as connection:
            return record.list_held(connection, job)

    def save_document(
        self,
        run_id: str,
        row: DocumentRow,
        *,
        reading: record.Reading,
        found: record.Found | None,
        text: str | None = None,
        told: Iterable[Issue] = (),
        read_in: int | None = None,
    ) -> None:
        """Save one document in one transaction.

        `found` are its facts and candidates (`None`: it was not read, they are as before), `reading` says with what it was read, `text`
        is kept if given, `told` are its issues, `read_in` is the number of the run that read it (by default this one). What differs from
        before the run begins with the cause `rules` if only rules or program differ, else `source`. Saving twice is the same as once.
        """
        with self.writing() as connection:
            seq, run = runs.hold_run(connection, run_id)
            document = record.claim_document(connection, run.job, row.source_key)
            if text is not None:
                record.keep_text(connection, text, run.started)
            when = seq if read_in is None else read_in
            record.write_document(connection, seq, document, row, reading, found=found, told=told, read_in=when)

    def save_failure(self, run_id: str, row: DocumentRow, *, reading: record.Reading, told: Iterable[Issue]) -> None:
        """Note that a document could not be read: its former facts and text stay, its status and error become those of `row`."""
        with self.writing() as connection:
            seq, run = runs.hold_run(connection, run_id)
            document = record.claim_document(connection, run.job, row.source_key)
            record.write_failure(connection, seq, document, row, reading, told)

    def tally(self, run_id: str) -> Tally:
        """What a finished run did with its documents."""
        with self.reading() as connection:
            seq, run = runs.find_run(connection, run_id)
            return tally.tally_run(connection, run.job, seq)

    def facts(self, job: str | None = None, *, run: str | None = None) -> list[Fact]:
        """The facts that are current, or that were as of a run; of one job, or of all (a source that several read counts once)."""
        with self.reading() as connection:
            return ask.ask_facts(connection, ask.find_moments(connection, job, run))

    def versions(self, job: str | None = None, *, fact_ids: Sequence[str] | None = None) -> list[FactVersion]:
        """Every version of the facts that finished runs have seen, oldest first for each fact."""
        with self.reading() as connection:
            return ask.ask_versions(connection, job, fact_ids)

    def documents(self, job: str | None = None, *, run: str | None = None) -> list[DocumentRow]:
        """The documents that are current, or that were as of a run."""
        with self.reading() as connection:
            return ask.ask_documents(connection, ask.find_moments(connection, job, run))

    def issues(self, job: str | None = None, *, run: str | None = None) -> list[Issue]:
        """What could not be read, cut or finished, in the last run or as of a run."""
        with self.reading() as connection:
            return ask.ask_issues(connection, ask.find_moments(connection, job, run))

    def candidates(self, job: str | None = None, *, run: str | None = None) -> list[Candidate]:
        """The candidates over all documents, as of the last run or of a run."""
        with self.reading() as connection:
            return ask.ask_candidates(connection, ask.find_moments(connection, job, run))

    def text(self, text_sha256: str) -> str | None:
        """A document's text by its hash; `None` if it was not kept, or was dropped."""
        with self.reading() as connection:
            return ask.ask_text(connection, text_sha256)

    # --- reviews

    def append_decisions(self, decisions: Sequence[Decision]) -> list[log.LogEntry]:
        """Append decisions to the log, all in one transaction, in the order given."""
        with self.writing() as connection:
            return log.append_entries(connection, decisions)

    def decisions(self, *, fact_ids: Sequence[str] | None = None) -> list[Decision]:
        """The decisions in the order in which they entered the log."""
        return [entry.decision for entry in self.log(fact_ids=fact_ids)]

    def log(self, *, fact_ids: Sequence[str] | None = None) -> list[log.LogEntry]:
        """The decisions with their number and hashes."""
        with self.reading() as connection:
            return list(log.read_entries(connection, fact_ids))

    def verify_chain(self) -> list[str]:
        """What is wrong with the log, one line each; empty if nothing is."""
        with self.reading() as connection:
            return log.find_breaks(connection)

    def add_import(self, data: bytes, *, name: str, now: str) -> imports.ImportRecord:
        """Keep the bytes of a workbook under their hash, before anything in them is believed. The same bytes again change nothing."""
        folder = self.imports_folder()
        with explained(self.label):
            digest = imports.write_import(folder, data)
        with self.writing() as connection:
            imports.note_import(connection, digest, name, len(data), now)
        return next(record for record in self.imports() if record.sha256 == digest)

    def imports(self) -> list[imports.ImportRecord]:
        """All imported workbooks, oldest first."""
        with self.reading() as connection:
            return imports.list_imports(connection)

    def read_import(self, sha256: str) -> bytes:
        """The bytes of an import; raises :class:`StoreError` (65) if they are missing or were changed."""
        with explained(self.label):
            return imports.read_import(self.imports_folder(), sha256)

    def imports_folder(self) -> Path:
        """Where imports lie; raises :class:`StoreError` (78) if a PostgreSQL store was opened without one."""
        if self.address.imports is None:
            raise StoreError(f"{self.label}: no folder for imported workbooks — name one (imports=…, or --imports DIR)", EXIT_SETTING)
        return self.address.imports

    def key(self, name: str = "review") -> bytes:
        """A secret of this store, 32 bytes, made when it is first asked for (for keyed hashes in workbooks)."""
        here = sa.select(settings.c.value).where(settings.c.name == f"key:{name}")
        with self.reading() as connection:
            known = connection.execute(here).scalar()
        if known is None:
            with self.writing() as connection:
                insert_new(connection, settings, {"name": f"key:{name}", "value": secrets.token_hex(32)})
            with self.reading() as connection:  # another one may have been quicker
                known = connection.execute(here).scalar_one()
        return bytes.fromhex(known)


class _Refused(Exception):  # noqa: N818 - no fault, a word on the way out of a transaction
    """The counts of a run do not satisfy whoever asked for it."""


def open_store(url: str, *, imports: Path | None = None, create: bool = True) -> Store:
    """Open a store; an address where nothing is becomes an empty one if `create`.

    Args:
        url: `sqlite:///folder/store.sqlite` or `postgresql+psycopg://user@host/database`.
        imports: folder of imported workbooks; by default `imports/` beside the SQLite file.

    Raises:
        StoreError: the address is wrong (78), the store damaged (65), of another version (78), not to be created (73), unreachable (74).
    """
    address = parse_address(url, imports)
    if address.path is not None and not address.path.exists():
        if not create:
            raise StoreError(f"{address.label}: there is no store — check the path", EXIT_SETTING)
        with explained(address.label):
            address.path.parent.mkdir(parents=True, exist_ok=True)
    store = Store(address, create_engine(address))
    try:
        with store.reading() as connection:
            revision = find_revision(connection)
        if revision is None:
            if not create:
                raise StoreError(f"{address.label}: there is no store — check the address", EXIT_SETTING)
            _create(store)
        elif revision != HEAD:
            raise _other_version(address, revision)
    except BaseException:
        store.close()
        raise
    return store


def _create(store: Store) -> None:
    end = time.monotonic() + _CREATION
    while True:
        try:
            with store.lock(), store.writing() as connection:
                if find_revision(connection) is None:  # two may have wanted to create it
                    migrate_schema(connection)
                    # Made at once, so that every backup has it: workbooks that are out must still be recognised after a restore.
                    insert_new(connection, settings, {"name": "key:review", "value": secrets.token_hex(32)})
            return
        except StoreLocked:
            # Another one was quicker. It may go on to hold the lock for a whole run, which is nothing to wait for here.
            with store.reading() as connection:
                if find_revision(connection) is not None:
                    return
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def migrate_store(url: str, *, wait: float = 0.0) -> tuple[str | None, str]:
    """Bring the store at an address to the schema of this program; the revisions before and after.

    Raises:
        StoreError: there is no store, or a newer one (exit code 78).
        StoreLocked: a run holds it.
    """
    address = parse_address(url)
    if address.path is not None and not address.path.exists():
        raise StoreError(f"{address.label}: there is no store — check the path", EXIT_SETTING)
    with Store(address, create_engine(address)) as store, store.lock(wait), store.writing() as connection:
        before = find_revision(connection)
        if before is not None and before > HEAD:
            raise _other_version(address, before)
        migrate_schema(connection)
    return before, HEAD


def _other_version(address: Address, revision: str) -> StoreError:
    mend = f"run: inventory store migrate {address.label}" if revision < HEAD else "install the version of the program that wrote it"
    return StoreError(f"{address.label}: the store has schema {revision}, this program works with {HEAD} — {mend}", EXIT_SETTING)
