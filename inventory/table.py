"""Facts as a sequence, as records, as an Arrow table and as a pandas DataFrame.

Every type is derived from :data:`inventory.model.FACT_COLUMNS`; nothing here names a column but the few that
need a value of another shape. pandas (1.2 s cold) and pyarrow are imported by the methods that use them.

======== ===================================== ==========================================
declared Arrow                                 pandas
======== ===================================== ==========================================
str      string                                string (missing: `pd.NA`)
int      int64                                 Int64
float    float64                               float64 (missing: NaN)
date     date32                                datetime64[ms], midnight, no time zone
enum     dictionary<int32, string>             category, the categories in declared order
json     string, JSON text                     string, JSON text
======== ===================================== ==========================================
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from inventory.model import FACT_COLUMNS, FACT_FIELDS, Candidate, Column, Fact, Issue, RunInfo, encode_value

if TYPE_CHECKING:
    import pandas as pd

# Columns whose values may not be missing. The annotations of Fact are the only place that says so.
REQUIRED = frozenset(name for name, hint in Fact.__annotations__.items() if "None" not in str(getattr(hint, "__forward_arg__", hint)))
_INT64 = 2**63
_SURROGATE = re.compile("[\ud800-\udfff]")


class TableError(ValueError):
    """A table that cannot be read as facts: names the row, the column and the mend."""


class DocumentRow(NamedTuple):
    """One document; the fields are those of :data:`inventory.model.DOCUMENT_COLUMNS`, in that order."""

    doc_id: str
    source_key: str
    title: str | None
    source: str | None
    url: str | None
    published: dt.date | None
    retrieved: dt.date | None
    language: str | None
    reader: str | None
    raw_sha256: str | None
    text_sha256: str | None
    chars: int | None
    facts: int | None
    status: str
    error: str | None


class Facts(Sequence[Fact]):
    """The result of a run: the facts in order, and what a report says beside them.

    A sequence of :class:`Fact`; a slice keeps documents, issues, candidates and run. Holds what it is given,
    unchanged; tuples throughout.
    """

    __slots__ = ("candidates", "documents", "facts", "issues", "run")

    def __init__(
        self,
        facts: Iterable[Fact],
        documents: Iterable[DocumentRow] = (),
        issues: Iterable[Issue] = (),
        candidates: Iterable[Candidate] = (),
        run: RunInfo | None = None,
    ) -> None:
        self.facts = tuple(facts)
        self.documents = tuple(documents)
        self.issues = tuple(issues)
        self.candidates = tuple(candidates)
        self.run = run

    def __len__(self) -> int:
        return len(self.facts)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    @overload
    def __getitem__(self, index: int) -> Fact: ...
    @overload
    def __getitem__(self, index: slice) -> Facts: ...
    def __getitem__(self, index: int | slice) -> Fact | Facts:
        if isinstance(index, slice):
            return Facts(self.facts[index], self.documents, self.issues, self.candidates, self.run)
        return self.facts[index]

    def __repr__(self) -> str:
        return f"Facts({len(self.facts)} facts, {len(self.documents)} documents, {len(self.issues)} issues)"

    def to_records(self) -> list[dict[str, Any]]:
        """One JSON-ready dict a fact, keys in column order, `None` for empty, dates ISO 8601, slots as an object."""
        return [record_of(fact) for fact in self.facts]

    def to_arrow(self) -> Any:
        """A `pyarrow.Table` of every fact column in order, typed as the module's heading says."""
        return build_arrow(self.facts)

    def to_frame(self) -> pd.DataFrame:
        """A DataFrame of every fact column in order, typed as the module's heading says.

        The dtypes do not depend on the values, so frames of different runs (and empty ones) concatenate. Two
        things are changed because Arrow cannot hold them: lone surrogates become visible escapes, and a count
        outside 64 bits becomes missing (`count_text` keeps it).
        """
        import pandas as pd

        pa: Any = import_module("pyarrow")  # by name: pyarrow has no stubs, and an ignore would depend on the mypy config
        mapper = {pa.string(): pd.StringDtype("pyarrow"), pa.int64(): pd.Int64Dtype()}.get
        frame: pd.DataFrame = self.to_arrow().to_pandas(types_mapper=mapper, date_as_object=False)
        return frame


def record_of(row: Any, required: frozenset[str] = REQUIRED) -> dict[str, Any]:
    """A named tuple as a JSON-ready dict: dates ISO 8601, empty text and non-finite numbers `None`."""
    record = {}
    for name, value in row._asdict().items():
        if (value == "" and name not in required) or (isinstance(value, float) and not math.isfinite(value)):
            value = None
        record[name] = encode_value(value)
    return record


def escape_surrogates(text: str) -> str:
    r"""Lone surrogates, which UTF-8 cannot hold, as visible escapes such as `\ud800`; other text unchanged."""
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def dump_slots(slots: Mapping[str, Sequence[int]]) -> str:
    """The `slots` of a fact as compact JSON text."""
    return json.dumps(slots, ensure_ascii=False, separators=(",", ":"))


def build_arrow(facts: Iterable[Fact]) -> Any:
    """Facts as a `pyarrow.Table`, column by column."""
    pa: Any = import_module("pyarrow")
    values = list(zip(*facts, strict=True)) or [()] * len(FACT_COLUMNS)
    arrays = [_arrow_column(column, cells, pa) for column, cells in zip(FACT_COLUMNS, values, strict=True)]
    return pa.table(arrays, names=list(FACT_FIELDS))


def _arrow_column(column: Column, cells: Sequence[Any], pa: Any) -> Any:
    if column.type == "json":
        return pa.array([escape_surrogates(dump_slots(cell)) for cell in cells], pa.string())
    if column.type == "enum":
        return _arrow_enum(column, cells, pa)
    if column.type == "int":
        # An absurd count ("10^30 tanks") must not cost the whole export; its printed form stays in count_text.
        return pa.array([cell if cell is None or -_INT64 <= cell < _INT64 else None for cell in cells], pa.int64())
    if column.type == "float":
        return pa.array([None if cell is None or not math.isfinite(cell) else float(cell) for cell in cells], pa.float64())
    if column.type == "date":
        return pa.array(cells, pa.date32())
    keep = column.name in REQUIRED
    return pa.array([escape_surrogates(cell) if cell or (keep and cell is not None) else None for cell in cells], pa.string())


def _arrow_enum(column: Column, cells: Sequence[Any], pa: Any) -> Any:
    # A value that the model does not list is kept, after the declared ones: a table must not lose what a rule wrote.
    extra = sorted({cell for cell in cells if cell} - set(column.values))
    words = [*column.values, *map(escape_surrogates, extra)]
    codes = {word: code for code, word in enumerate([*column.values, *extra])}
    indices = pa.array([codes[cell] if cell else None for cell in cells], pa.int32())
    return pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string()))


def read_frame(frame: pd.DataFrame) -> list[Fact]:
    """The facts of a DataFrame: the reverse of :meth:`Facts.to_frame`, also for frames read back from Parquet or CSV.

    Columns are found by name and may stand in any order; unknown ones are ignored, optional ones may be absent.

    Raises:
        TableError: a required column or value is missing, or a value does not fit its column's type.
    """
    missing = [name for name in FACT_FIELDS if name in REQUIRED and name not in frame.columns]
    if missing:
        raise TableError(f"the table has no column {', '.join(missing)}; write it with to_frame, write_csv or write_parquet")
    columns = [
        [_read_cell(column, cell, row) for row, cell in enumerate(frame[column.name].tolist(), 1)]
        if column.name in frame.columns
        else [None] * len(frame)
        for column in FACT_COLUMNS
    ]
    return [Fact(*cells) for cells in zip(*columns, strict=True)]


def _read_cell(column: Column, cell: Any, row: int) -> Any:
    # NaN, NaT and pd.NA are the three spellings of "missing"; only they differ from themselves or refuse to compare.
    empty = cell is None or type(cell).__name__ in ("NAType", "NaTType") or (isinstance(cell, float) and math.isnan(cell))
    if empty or (cell == "" and column.name not in REQUIRED):
        if column.name in REQUIRED:
            if column.type in ("str", "enum"):
                return ""  # a CSV cannot tell "" from missing, and "" is what a required text held
            raise TableError(f"row {row}: {column.name} is empty; every fact needs one")
        return None
    try:
        return _PARSERS[column.type](cell)
    except (TypeError, ValueError) as fault:
        raise TableError(
            f"row {row}: {column.name} holds {cell!r}, which is not of type {column.type}; correct it or write the table anew"
        ) from fault


def _parse_int(cell: Any) -> int:
    if isinstance(cell, float) and not cell.is_integer():  # a CSV column with gaps is read as floats
        raise ValueError(cell)
    return int(cell)


def _parse_date(cell: Any) -> dt.date:
    if isinstance(cell, dt.datetime):  # pandas.Timestamp is one
        return cell.date()
    return cell if isinstance(cell, dt.date) else dt.date.fromisoformat(str(cell)[:10])


def _parse_slots(cell: Any) -> dict[str, list[int]]:
    slots = json.loads(cell) if isinstance(cell, str) else dict(cell)
    return {str(name): [int(offset) for offset in span] for name, span in slots.items()}


_PARSERS: Mapping[str, Any] = {
    "str": str,
    "enum": str,
    "int": _parse_int,
    "float": float,
    "date": _parse_date,
    "json": _parse_slots,
}
