"""Every record type, the column table and the enumerations; imports nothing else of this package.

A :class:`Fact` is one thing said once. Its columns are declared once, in :data:`FACT_COLUMNS`, in the
order in which every output writes them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, NamedTuple

KINDS = ("equipment", "personnel", "unit", "materiel")
DOMAINS = ("land", "air", "sea", "missile", "space", "cyber-ew", "mixed")
COUNT_BASES = ("exact", "approximate", "at_least", "at_most", "range", "vague", "undisclosed", "unstated")
ECHELONS = (
    # APP-6(D) echelon amplifiers, smallest first, with the air and sea formations news uses beside them.
    "team", "squad", "section", "platoon", "detachment", "company", "battery", "troop", "battalion",
    "battlegroup", "squadron", "regiment", "group", "wing", "brigade", "division", "corps", "army",
    "army-group", "district", "theatre-command", "command", "branch", "fleet", "flotilla",
    "strike-group", "task-force", "force",
)  # fmt: skip
COUNTED_AS = ("item", "person", "round", "sortie", *ECHELONS)
MEASURES = ("stock", "flow", "cumulative")
COUNTERPARTY_ROLES = ("supplier", "recipient", "host", "target", "captor")
PLACE_RELATIONS = ("in", "at", "near", "along", "off", "from", "to", "via", "over")
GEO_PRECISIONS = ("exact", "site", "city", "region", "country", "water")
DATE_BASES = ("stated", "relative", "inherited", "publication")
STATUS_GROUPS: dict[str, tuple[str, ...]] = {
    "presence": ("deployed", "based", "massed", "arrived", "present"),
    "movement": ("in_transit", "withdrawn", "rotated"),
    "readiness": ("mobilised", "exercising", "on_alert", "in_service", "in_store"),
    "transfer": ("requested", "ordered", "pledged", "delivered", "produced"),
    "employment": ("used", "struck", "patrolling", "planned_use"),
    "loss": ("destroyed", "damaged", "abandoned", "captured", "shot_down", "sunk"),
    "personnel loss": ("killed", "wounded", "missing", "detained"),
    "unspecified": ("mentioned",),
}
STATUSES = tuple(status for group in STATUS_GROUPS.values() for status in group)
LOSSES = frozenset(STATUS_GROUPS["loss"] + STATUS_GROUPS["personnel loss"])
MODALITIES = (
    "asserted", "predicted", "possible", "planned", "conditional", "requested", "historical", "denied", "negated",
)  # fmt: skip
MENTION_TYPES = (
    "equipment", "personnel", "unit", "place", "actor", "quantity", "date", "operation", "person",
    "coordinate", "status", "cue",
)  # fmt: skip


class Column(NamedTuple):
    """One output column: its name, its type (`str`, `int`, `float`, `date`, `enum`, `json`) and what it holds."""

    name: str
    type: str
    description: str
    values: tuple[str, ...] = ()


FACT_COLUMNS: tuple[Column, ...] = (
    Column("fact_id", "str", "Stable id: a hash of source, evidence sentence, kind, item and ordinal among equals."),
    Column("kind", "enum", "What is told of: equipment, personnel, a unit, or unspecified materiel.", KINDS),
    Column("item", "str", "Canonical name of the item, or the class noun where the text gives no more."),
    Column("item_id", "str", "Id in the rule pack; '?' and the folded text for a designator no gazetteer knows."),
    Column("item_text", "str", "The item as printed."),
    Column("category", "str", "Path in rules/taxonomy.yaml."),
    Column("domain", "enum", "Domain of the category.", DOMAINS),
    Column("count_min", "int", "Lower bound of the number; equals count_max for exact and approximate numbers."),
    Column("count_max", "int", "Upper bound of the number; empty when the text sets none."),
    Column("count_text", "str", "The number as printed."),
    Column("count_basis", "enum", "How the number is meant.", COUNT_BASES),
    Column("counted_as", "enum", "What the number counts: items, persons, rounds, sorties or an echelon.", COUNTED_AS),
    Column("measure", "enum", "Stock, flow, or cumulative total (never to be added to its parts).", MEASURES),
    Column("actor", "str", "Operator; the giver or receiver whose act a transfer tells; the former owner of a loss."),
    Column("actor_id", "str", "ISO 3166-1 alpha-3 code, or a lower-case slug for an organisation or armed group."),
    Column("actor_text", "str", "The actor as printed."),
    Column("counterparty", "str", "The other side."),
    Column("counterparty_id", "str", "Id of the other side."),
    Column("counterparty_role", "enum", "What the other side is.", COUNTERPARTY_ROLES),
    Column("unit", "str", "Formation that holds the item."),
    Column("echelon", "enum", "Echelon of the unit (APP-6).", ECHELONS),
    Column("place", "str", "Canonical name of the place where the thing is, goes or was hit."),
    Column("place_id", "str", "GeoNames id or rule-pack id of the place."),
    Column("place_text", "str", "The place as printed."),
    Column("place_relation", "enum", "How the thing stands to the place.", PLACE_RELATIONS),
    Column("admin", "str", "First-level division of the place."),
    Column("country", "str", "Country of the place, ISO 3166-1 alpha-3."),
    Column("lat", "float", "Latitude, decimal degrees, WGS 84."),
    Column("lon", "float", "Longitude, decimal degrees, WGS 84."),
    Column("geo_precision", "enum", "How exactly the coordinates are known.", GEO_PRECISIONS),
    Column("date_start", "date", "First day of the period that the statement is about."),
    Column("date_end", "date", "Last day of that period."),
    Column("date_text", "str", "The date as printed."),
    Column("date_basis", "enum", "Where the date comes from.", DATE_BASES),
    Column("status", "enum", "What is told of the item.", STATUSES),
    Column("status_text", "str", "The words that say so."),
    Column("operation", "str", "Named exercise or operation."),
    Column("modality", "enum", "How surely it is put.", MODALITIES),
    Column("modality_text", "str", "The words that say so."),
    Column("probability_min", "float", "Lower bound of the estimative phrase (ICD 203, PHIA yardstick)."),
    Column("probability_max", "float", "Upper bound of the estimative phrase."),
    Column("claimant", "str", "Who says so."),
    Column("claimant_text", "str", "The claimant as printed."),
    Column("claimant_actor_id", "str", "Actor id of the side the claimant speaks for."),
    Column("attributes", "str", "What else the text says of the item: key=value; …"),
    Column("confidence", "float", "0–1; a documented product of rule, link and ambiguity scores."),
    Column("flags", "str", "Space-separated flags: generic, ambiguous-place, inherited-actor, …"),
    Column("rules", "str", "Ids of the rules that made the row, in order."),
    Column("evidence", "str", "The sentence, white space folded."),
    Column("start", "int", "First character of the item in the document's text (Unicode code points)."),
    Column("end", "int", "Character after the item's last; text[start:end] == item_text."),
    Column("slots", "json", "For each filled slot its own [start, end]."),
    Column("doc_id", "str", "Id of the document."),
    Column("title", "str", "Title of the document."),
    Column("source", "str", "Publisher of the document."),
    Column("url", "str", "Address of the document."),
    Column("published", "date", "Publication date of the document."),
    Column("text_sha256", "str", "SHA-256 of the document's text in UTF-8."),
    Column("rulebook", "str", "Version and hash of the rule pack."),
)
FACT_FIELDS = tuple(column.name for column in FACT_COLUMNS)

MENTION_COLUMNS: tuple[Column, ...] = (
    Column("doc_id", "str", "Id of the document."),
    Column("start", "int", "First character (Unicode code points)."),
    Column("end", "int", "Character after the last."),
    Column("text", "str", "As printed."),
    Column("type", "enum", "Type of the mention.", MENTION_TYPES),
    Column("id", "str", "Id in the rule pack or GeoNames."),
    Column("canonical", "str", "Canonical name."),
    Column("category", "str", "Category or kind."),
    Column("value", "str", "'lat,lon' of a place, ISO 8601 of a date, 'low..high' of a quantity."),
    Column("country", "str", "ISO 3166-1 alpha-3."),
    Column("flags", "str", "Space-separated flags."),
)

DOCUMENT_COLUMNS: tuple[Column, ...] = (
    Column("doc_id", "str", "Id of the document."),
    Column("source_key", "str", "What identifies the source across versions: its url, else its path or id."),
    Column("title", "str", "Title."),
    Column("source", "str", "Publisher."),
    Column("url", "str", "Address."),
    Column("published", "date", "Publication date."),
    Column("retrieved", "date", "Date of retrieval, where the source gives one."),
    Column("language", "str", "Language, BCP 47."),
    Column("reader", "str", "Reader that produced the text."),
    Column("raw_sha256", "str", "SHA-256 of the bytes read."),
    Column("text_sha256", "str", "SHA-256 of the text in UTF-8."),
    Column("chars", "int", "Length of the text in code points."),
    Column("facts", "int", "Number of facts found."),
    Column("status", "str", "read, cut or failed."),
    Column("error", "str", "Why it failed or was cut."),
)

ISSUE_COLUMNS: tuple[Column, ...] = (
    Column("doc_id", "str", "Document or path."),
    Column("stage", "str", "read, extract or write."),
    Column("class", "str", "Kind of fault."),
    Column("message", "str", "What is wrong and how to mend it."),
    Column("limit", "str", "The limit that was met, if one was."),
)


class Fact(NamedTuple):
    """One row of the result; the fields are those of :data:`FACT_COLUMNS`, in that order."""

    fact_id: str
    kind: str
    item: str
    item_id: str
    item_text: str
    category: str | None
    domain: str | None
    count_min: int | None
    count_max: int | None
    count_text: str | None
    count_basis: str
    counted_as: str | None
    measure: str | None
    actor: str | None
    actor_id: str | None
    actor_text: str | None
    counterparty: str | None
    counterparty_id: str | None
    counterparty_role: str | None
    unit: str | None
    echelon: str | None
    place: str | None
    place_id: str | None
    place_text: str | None
    place_relation: str | None
    admin: str | None
    country: str | None
    lat: float | None
    lon: float | None
    geo_precision: str | None
    date_start: dt.date | None
    date_end: dt.date | None
    date_text: str | None
    date_basis: str | None
    status: str
    status_text: str | None
    operation: str | None
    modality: str
    modality_text: str | None
    probability_min: float | None
    probability_max: float | None
    claimant: str | None
    claimant_text: str | None
    claimant_actor_id: str | None
    attributes: str | None
    confidence: float
    flags: str | None
    rules: str
    evidence: str
    start: int
    end: int
    slots: dict[str, list[int]]
    doc_id: str
    title: str | None
    source: str | None
    url: str | None
    published: dt.date | None
    text_sha256: str
    rulebook: str


class MentionRow(NamedTuple):
    """One row of `inventory mentions`; the fields are those of :data:`MENTION_COLUMNS`."""

    doc_id: str
    start: int
    end: int
    text: str
    type: str
    id: str | None
    canonical: str | None
    category: str | None
    value: str | None
    country: str | None
    flags: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """A text and what is known of it before it is read.

    `text` is the text that every span counts in (Unicode code points). `published` anchors relative dates.
    `source_key` identifies the source across versions of the same document; it enters every fact id. `origin` is where it was
    read: the path, with the part of the file after `#` where a file holds several.
    """

    text: str
    doc_id: str = "text"
    title: str | None = None
    source: str | None = None
    url: str | None = None
    published: dt.date | None = None
    retrieved: dt.date | None = None
    language: str | None = None
    reader: str = "text"
    source_key: str = ""
    raw_sha256: str | None = None
    status: str = "read"
    error: str | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """A document that could not be read, cut or finished. None is silent."""

    doc_id: str
    stage: str
    kind: str
    message: str
    limit: str | None = None

    def row(self) -> tuple[str | None, ...]:
        """The values in the order of :data:`ISSUE_COLUMNS`."""
        return (self.doc_id, self.stage, self.kind, self.message, self.limit)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A designator-shaped name or counted noun that no gazetteer knows."""

    text: str
    kind: str
    count: int
    documents: int
    example: str
    yaml: str


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One step on the way to a fact: the slot it filled (or `""`), the rule, the characters, and a note."""

    slot: str
    rule: str
    start: int
    end: int
    note: str = ""


@dataclass(slots=True)
class RunInfo:
    """What the Run sheet says of a run; `parameters` is shown as printed."""

    version: str
    rulebook: str
    command: str
    parameters: dict[str, str] = field(default_factory=dict)
    documents: int = 0
    facts: int = 0
    issues: int = 0


def encode_value(value: Any) -> Any:
    """A cell as JSON holds it: dates as ISO 8601, everything else unchanged."""
    return value.isoformat() if isinstance(value, dt.date) else value
