"""An incremental run: read what is new or changed, leave the rest, withdraw what is gone.

Killed at any moment, the next run ends as if nothing had happened: every document is one transaction, what is written is compared with
what was so before the run, and readers see it when the run is finished.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple

from inventory.api import NOTE, VERSION, extract
from inventory.model import Document, Issue
from inventory.records import RunRecord
from inventory.rulebook.book import Rulebook
from inventory.store.errors import StoreError
from inventory.store.record import Found, Held, Reading, hash_text, is_noted
from inventory.store.store import Store
from inventory.store.tally import Tally
from inventory.table import DocumentRow, Facts

# What stands between the name of a file and that of a part of it in an id or origin: records, members of archives, folders.
_PART = ("#", "!", "/", ":")

Reader = Callable[[Iterator[Document]], Iterator[Facts]]


class Update(NamedTuple):
    """What came of a run."""

    run: RunRecord
    tally: Tally


def update_store(
    store: Store,
    documents: Iterable[Document | Issue],
    book: Rulebook,
    job: str,
    now: str,
    *,
    wait: float = 0.0,
    keep_text: bool = True,
    version: str = VERSION,
    clock: Callable[[], str] | None = None,
    read: Reader | None = None,
    absent: Callable[[DocumentRow, str | None], bool] | None = None,
    refuse: Callable[[RunRecord, Tally], str | None] | None = None,
) -> Update:
    """Run a job over its documents.

    A document is known by its source key. One with the same text, date, rule pack and version of the program as last time is not read
    again; what else is told of it (title, reader …) is noted. One that cannot be read, or whose file cannot, keeps its former facts. One
    that is no longer among `documents` is withdrawn. Of two with the same source key the first counts, the second is an issue.

    Args:
        store: an open store; its lock is taken for the run.
        documents: what `read_documents` yields for the job's sources, all of them, in an order that does not change by chance.
        book: the rule pack.
        job: name of the job; its documents are kept apart from those of other jobs.
        now: moment of the run, ISO 8601 with a time zone.
        wait: seconds to wait for the lock.
        keep_text: keep the texts; else only their hashes.
        version: version of the program.
        clock: gives the moment at which the run is finished; by default `now`.
        read: reads documents, in order, one result each (for many processes); by default one after the other.
        absent: asked for each document (its row and origin) that is no longer there: `True` withdraws it, `False` keeps it. All are
            withdrawn by default; a feed that shows its last ten items withdraws nothing by dropping the eleventh.
        refuse: asked before the run is finished, with counts as they will be; a text fails the run, whose work stays unseen then.

    Raises:
        StoreLocked: another run holds the store.
        StoreError: the store cannot be used.
    """
    end = clock or (lambda: now)
    with store.lock(wait):
        run = store.begin_run(job, now=now, rulebook=book.stamp, version=version)
        try:
            work = _Work(store, run, book, version, keep_text, read or (lambda given: (extract(one, book) for one in given)))
            work.take(documents)
            return work.finish(end, absent or (lambda row, origin: True), refuse)
        except BaseException as fault:
            # Whatever it is, also Ctrl-C: the list of runs should say so. If even that fails, the next run does it.
            with suppress(StoreError):
                if store.run(run.run_id).status == "running":
                    store.fail_run(run.run_id, now=end(), note=f"{type(fault).__name__}: {fault}"[:500])
            raise


class _Task(NamedTuple):
    """A document that was taken; `text` is kept only while it waits to be read."""

    row: DocumentRow
    origin: str | None
    told: tuple[Issue, ...]
    must_read: bool
    text: str | None


class _Work:
    """One run at work. Documents are taken in order; what waits to be read stands in a queue with what does not, so that a reader may
    run ahead while everything is saved here, in order."""

    def __init__(self, store: Store, run: RunRecord, book: Rulebook, version: str, keep_text: bool, read: Reader) -> None:
        self.store, self.run, self.read, self.keep_text = store, run, read, keep_text
        self.stamp, self.version = book.stamp, version
        self.held = store.held_documents(run.job)
        self.by_place = {place: key for key, held in self.held.items() for place in (held.reading.origin, held.row.doc_id) if place}
        self.queue: deque[_Task] = deque()
        self.seen: dict[str, str | None] = {}
        self.lost: list[str] = []
        self.cut: dict[str, int | None] = {}
        self.notes: dict[str, list[Issue]] = {}
        self.own: list[Issue] = []
        self.fatal = 0

    def take(self, documents: Iterable[Document | Issue]) -> None:
        """Take every document, read what has to be read, save what has to be saved."""
        for facts in self.read(self._choose(documents)):
            while not self.queue[0].must_read:
                self._save(self.queue.popleft(), None)
            self._save(self.queue.popleft(), facts)
        while self.queue:
            if self.queue[0].must_read:
                raise RuntimeError("a reader gave fewer results than it took documents")
            self._save(self.queue.popleft(), None)

    def _choose(self, documents: Iterable[Document | Issue]) -> Iterator[Document]:
        """Queue every document, and yield those that have to be read."""
        for item in documents:
            if isinstance(item, Issue):
                if item.kind.startswith(NOTE):
                    self.notes.setdefault(item.doc_id, []).append(item)
                else:
                    self._lose(item)
                continue
            self._note_place(item.origin or "", failed=False)
            key = item.source_key or item.url or item.doc_id
            digest = hash_text(item.text)
            if key in self.seen:
                self._repeat(item, key, digest)
                continue
            self.seen[key] = digest
            held = self.held.get(key)
            must = self._must_read(item, digest, held)
            facts = held.row.facts if held is not None else None
            told = tuple(self.notes.pop(item.doc_id, ()))
            self.queue.append(_Task(_row_of(item, key, digest, facts), item.origin, told, must, item.text if must else None))
            if must:
                yield item

    def _must_read(self, document: Document, digest: str, held: Held | None) -> bool:
        """Does reading the document promise anything that is not there? A failed one is tried again each time."""
        if held is None or held.row.status == "failed":
            return True
        before = (held.row.text_sha256, held.row.published, held.reading.rulebook, held.reading.version)
        return before != (digest, document.published, self.stamp, self.version)

    def _lose(self, issue: Issue) -> None:
        """A document, or a file of several, that could not be read."""
        self._note_place(issue.doc_id, failed=True)
        key = self.by_place.get(issue.doc_id, issue.doc_id)
        if key in self.seen:
            self.own.append(issue)
            self.fatal += 1
            return
        self.lost.append(issue.doc_id)
        self.seen[key] = None
        told = (*self.notes.pop(issue.doc_id, ()), issue)
        row = DocumentRow(issue.doc_id, key, *(None,) * 10, 0, "failed", issue.message)
        self.queue.append(_Task(row, issue.doc_id, told, False, None))

    def _repeat(self, document: Document, key: str, digest: str) -> None:
        self.own += self.notes.pop(document.doc_id, ())
        same = digest == self.seen[key]
        what = "is there twice" if same else "is there twice with different texts; only the first was read"
        message = f"{document.doc_id}: the source {key} {what} — remove one, or give each a url or id of its own"
        self.own.append(Issue(document.doc_id, "read", f"{NOTE if same else ''}repeated source", message))
        self.fatal += not same

    def _save(self, task: _Task, facts: Facts | None) -> None:
        reading = Reading(self.stamp, self.version, task.origin)
        row, told, held = task.row, task.told, self.held.get(task.row.source_key)
        if facts is not None:
            told = (*told, *facts.issues)
            row = row._replace(facts=len(facts), status=facts.documents[0].status, error=facts.documents[0].error)
        if row.status == "failed":
            self.fatal += 1
            self.store.save_failure(self.run.run_id, row, reading=reading, told=told)
        elif facts is not None:
            found = Found(facts.facts, facts.candidates)
            text = task.text if self.keep_text else None
            self.store.save_document(
                self.run.run_id, row, reading=reading, found=found, text=text, told=told
            )  # fmt: skip
        elif held is not None and not is_noted(held, row, told):
            self.store.save_document(self.run.run_id, row, reading=reading, found=None, told=told, read_in=held.read_in)

    def finish(
        self,
        end: Callable[[], str],
        absent: Callable[[DocumentRow, str | None], bool],
        refuse: Callable[[RunRecord, Tally], str | None] | None,
    ) -> Update:
        """Withdraw what is gone, and make the run visible."""
        gone = [
            key
            for key, held in self.held.items()
            if key not in self.seen and not self._is_lost(held) and absent(held.row, held.reading.origin)
        ]
        rest = [issue for told in self.notes.values() for issue in told]
        status = "partial" if self.fatal else "done"
        tallies: list[Tally] = []

        def ask(run: RunRecord, tally: Tally) -> str | None:
            tallies.append(tally)
            return refuse(run, tally) if refuse is not None else None

        run = self.store.finish_run(
            self.run.run_id, now=end(), status=status, withdraw=gone, issues=[*self.own, *rest], refuse=ask
        )  # fmt: skip
        return Update(run, tallies[0])

    def _note_place(self, place: str, *, failed: bool) -> None:
        """Remember for each file of several whether the last of its parts that was met could be read."""
        file, _, part = place.rpartition("#")
        if file and part.isdigit():
            self.cut[file] = int(part) if failed else None

    def _is_lost(self, held: Held) -> bool:
        """Is the document a part of something that could not be read this time? A file that ends in a part that cannot be read may have
        been cut there: what stood behind it counts as lost, not as gone."""
        starts = tuple(f"{name}{sign}" for name in self.lost for sign in _PART)
        if starts and any(place.startswith(starts) for place in (held.reading.origin, held.row.doc_id) if place):
            return True
        file, _, part = (held.reading.origin or "").rpartition("#")
        end = self.cut.get(file)
        return end is not None and part.isdigit() and int(part) > end


def _row_of(document: Document, key: str, digest: str, facts: int | None) -> DocumentRow:
    return DocumentRow(
        document.doc_id, key, document.title, document.source, document.url, document.published, document.retrieved, document.language,
        document.reader, document.raw_sha256, digest, len(document.text), facts, document.status, document.error,
    )  # fmt: skip
