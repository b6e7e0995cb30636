"""What tests of the store share: documents made to order, and the content of a store in a form that can be compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from inventory.model import Candidate, Document, Fact, Issue
from inventory.rulebook.book import Rulebook
from inventory.store import StoreError
from inventory.store.schema import TABLES, documents, runs
from inventory.store.store import Store
from inventory.table import Facts

NOW = "2022-02-07T05:00:00+00:00"
ITEMS = ("tank", "frigate", "howitzer", "drone", "bridge layer")


def day(number: int) -> str:
    """The moment of the run of a day."""
    return f"2022-03-{number:02d}T05:00:00+00:00"


def say(*counts: int, place: str = "Kupiansk") -> str:
    """A text with one statement a number."""
    return " ".join(f"Russia has massed {count} tanks near {place}." for count in counts)


def document(key: str, text: str, **more: Any) -> Document:
    """A document that lies in a file of its own."""
    return Document(text, **{"doc_id": key, "source_key": key, "origin": key, **more})


def failure(doc_id: str, message: str = "cannot be read") -> Issue:
    """What a reader says of a file that it cannot read."""
    return Issue(doc_id, "read", "damaged", f"{doc_id}: {message}")


@dataclass(frozen=True)
class Pack:
    """Stands for a rule pack where only its name matters."""

    stamp: str


class Counting:
    """A reader that is quick and obvious: the words of a text are its facts, one each; `rules` is put into every item. Counts its calls."""

    def __init__(self, template: Fact, rules: str = "r1") -> None:
        self.template, self.rules, self.calls = template, rules, 0

    def __call__(self, given: Iterable[Document]) -> Iterator[Facts]:
        for one in given:
            self.calls += 1
            yield self.read(one)

    def read(self, one: Document) -> Facts:
        """The facts of a document: one a different word, its count being how often the word stands there."""
        from inventory.store.record import hash_text
        from inventory.table import DocumentRow

        facts = []
        for word in dict.fromkeys(one.text.split()):
            start = one.text.index(word)
            facts.append(
                self.template._replace(
                    fact_id=f"F-{one.source_key}-{word}", item=f"{word}/{self.rules[0]}", item_text=word, start=start,
                    end=start + len(word),
                    count_min=one.text.split().count(word), evidence=word, doc_id=one.doc_id, title=one.title, source=one.source,
                    url=one.url, published=one.published, text_sha256=hash_text(one.text), rulebook=self.rules,
                )
            )  # fmt: skip
        row = DocumentRow(
            one.doc_id, one.source_key, one.title, one.source, one.url, one.published, one.retrieved, one.language, one.reader,
            one.raw_sha256, hash_text(one.text), len(one.text), len(facts), one.status, one.error,
        )  # fmt: skip
        names = [Candidate(word, "designator", 1, 1, one.text, f"- {{id: {word}}}") for word in sorted(set(one.text.split()))[:1]]
        return Facts(facts, [row], [], names)


def template(book: Rulebook) -> Fact:
    """Any fact, to make others from."""
    from inventory.api import extract

    return extract(say(5), book)[0]


def dump(store: Store) -> dict[str, list[Any]]:
    """Everything in the store but moments, and runs that failed: runs are numbered by the order in which they finished, documents named.

    A row that belongs to a failed run is an error here: a finished run must have taken it over.
    """
    with store.reading() as connection:
        finished = connection.execute(sa.select(runs).where(runs.c.status.in_(("done", "partial"))).order_by(runs.c.seq)).all()
        number = {row.seq: index for index, row in enumerate(finished)} | {None: None}
        names = {row.id: (row.job, row.source_key) for row in connection.execute(sa.select(documents))}
        content: dict[str, list[Any]] = {}
        for table in TABLES:
            if table.name in ("settings", "runs", "documents", "imports"):
                continue
            rows = []
            for row in connection.execute(sa.select(table)):
                cells = dict(row._mapping)
                for column in ("since", "until", "read_in"):
                    if column in cells:
                        cells[column] = number[cells[column]]
                if "document" in cells:
                    cells["document"] = names[cells["document"]]
                cells.pop("stored", None)
                rows.append(tuple(sorted(cells.items(), key=lambda pair: pair[0])))
            content[table.name] = sorted(rows, key=repr)
        content["runs"] = [
            tuple(row._mapping[name] for name in ("job", "status", "documents", "facts", "issues", "read", "withdrawn")) for row in finished
        ]
        used = {row[1] for name in ("document_versions",) for cells in content[name] for row in cells if row[0] == "document"}
        content["documents"] = sorted(used)
    return content


def exit_code(call: Callable[[], Any]) -> int:
    """What the command would end with: 0, or the code of the :class:`StoreError` that was raised."""
    try:
        call()
    except StoreError as fault:
        return fault.exit_code
    return 0
