"""The shape of rule files: one pydantic model a kind of file. Unknown keys are errors everywhere."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from inventory.model import COUNT_BASES, DOMAINS, ECHELONS, MEASURES, MODALITIES, STATUSES


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str | dict) else value


Text = Annotated[str, Field(min_length=1, max_length=2000)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_as_list)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.+_-]*$", max_length=120)]
Iso3 = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class Strict(BaseModel):
    """A model that takes no key it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Example(Strict):
    """A sentence and what must be found in it: the words, or fields of one fact or mention."""

    text: Text
    found: str | dict[str, Any]
    published: str | None = None


Examples = Annotated[tuple[Example, ...], BeforeValidator(_as_list)]


class Reject(Strict):
    """A sentence in which the rule must find nothing, or nothing with these fields."""

    text: Text
    found: dict[str, Any] | None = None


def _as_reject(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


Rejects = Annotated[tuple[Annotated[Reject, BeforeValidator(_as_reject)], ...], BeforeValidator(_as_list)]


class CategoryModel(Strict):
    """One category of the taxonomy with its crosswalk terms."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")]
    domain: Literal[DOMAINS]  # type: ignore[valid-type]
    oryx: Text
    iiss: Text
    app6: Text
    cues: Texts = ()


class TaxonomyFile(Strict):
    taxonomy: Literal["categories"]
    source: Text
    categories: list[CategoryModel]


class EntryModel(Strict):
    """One gazetteer entry; which keys make sense depends on the gazetteer's type."""

    id: Identifier
    name: Text
    aliases: Texts = ()
    weak: Texts = ()
    cues: Texts = ()
    category: str | None = None
    source: Text | None = None
    examples: Examples = ()
    rejects: Rejects = ()
    note: Text | None = None
    # equipment and units
    origin: Text | None = None
    family: Identifier | None = None
    operator: Identifier | None = None
    class_: Annotated[Identifier | None, Field(alias="class")] = None
    hull: Text | None = None
    attributes: dict[str, str] = {}
    echelon: Literal[ECHELONS] | None = None  # type: ignore[valid-type]
    parent: Identifier | None = None
    lean: bool = False
    behind: str | None = None
    becomes: Identifier | None = None
    head: Literal["type", "people", "echelon"] | None = None
    institution: bool = False
    # actors
    iso2: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    kind: Text | None = None
    adjectives: Texts = ()
    demonyms: Texts = ()
    capital: Text | None = None
    metonyms: Texts = ()
    short: Texts = ()
    role: Text | None = None
    members: Texts = ()
    # places
    lat: Latitude | None = None
    lon: Longitude | None = None
    country: Text | None = None
    admin: Text | None = None
    controller: Text | None = None
    prominence: Annotated[int, Field(ge=0)] = 0


class GazetteerFile(Strict):
    """Names: `gazetteer` says of what. `class` are class nouns, `ignore` are names that must not be found."""

    gazetteer: Literal["equipment", "unit", "actor", "place", "operation", "class", "ignore"]
    category: str | None = None
    source: Text | None = None
    entries: list[EntryModel]


class TokenRule(Strict):
    """A regex over characters that yields a typed mention.

    `case: exact` matches the text in its own case; otherwise the folded (lower-case) text. `needs`: the rule
    runs only where one of these literals stands.
    """

    id: Identifier
    pattern: Text
    case: Literal["fold", "exact"] = "fold"
    needs: Texts = ()
    priority: int = 50
    basis: Literal[COUNT_BASES] | None = None  # type: ignore[valid-type]
    resolve: Text | None = None
    set: dict[str, str] = {}
    source: Text | None = None
    examples: Examples = ()
    rejects: Rejects = ()


class TokensFile(Strict):
    tokens: Literal[
        "quantity", "date", "unit", "designator", "hull", "calibre", "coordinate", "person", "place", "actor",
        "measurement", "operation", "speaker",
    ]  # fmt: skip
    source: Text | None = None
    define: dict[str, Text] = {}
    values: dict[str, dict[str, str]] = {}
    rules: list[TokenRule]


class Frame(Strict):
    """Which role subject, object and prepositions of a verb fill; `a | b`: the first that fits the kind of mention."""

    subject: str | None = None
    object: str | None = None
    to: str | None = None
    for_: Annotated[str | None, Field(alias="for")] = None
    from_: Annotated[str | None, Field(alias="from")] = None
    by: str | None = None
    with_: Annotated[str | None, Field(alias="with")] = None
    in_: Annotated[str | None, Field(alias="in")] = None
    at: str | None = None
    on: str | None = None
    of: str | None = None
    against: str | None = None
    near: str | None = None
    over: str | None = None
    off: str | None = None
    into: str | None = None
    through: str | None = None
    via: str | None = None
    along: str | None = None


class CueRule(Strict):
    """A phrase that colours facts. Verbs and nouns are inflected; `words` are taken as they stand."""

    id: Identifier
    value: Text
    words: Texts = ()
    verbs: Texts = ()
    nouns: Texts = ()
    adjectives: Texts = ()
    direction: Literal["before", "after", "both"] = "both"
    reach: Literal["clause", "sentence", "near"] = "clause"
    pseudo: Texts = ()
    frame: Frame | None = None
    measure: Literal[MEASURES] | None = None  # type: ignore[valid-type]
    agent: Literal[STATUSES] | None = None  # type: ignore[valid-type]
    means: Literal[STATUSES] | None = None  # type: ignore[valid-type]
    military: bool = False
    people: Text | None = None
    only: str | None = None
    forces: Literal[STATUSES] | None = None  # type: ignore[valid-type]
    towards: Literal[STATUSES] | None = None  # type: ignore[valid-type]
    placed: Literal[STATUSES] | None = None  # type: ignore[valid-type]
    by_subject: bool = False
    priority: int = 50
    probability: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None
    source: Text | None = None
    examples: Examples = ()
    rejects: Rejects = ()


class CuesFile(Strict):
    cues: Literal["status", "modality", "attribution", "measure", "negation", "context", "verb"]
    source: Text | None = None
    stops: Texts = ()
    irregular: dict[str, Texts] = {}
    rules: list[CueRule]


class LinkRule(Strict):
    """A regex over the masked line that binds mentions into facts.

    `{kind}` or `{kind:role}` stands for a mention, `<name>` for a fragment. `set` writes constant slots;
    `distribute` lists the slots that go to every captured item; `absorb` names the roles whose mention makes no fact of its own.
    """

    id: Identifier
    pattern: Text
    priority: int = 50
    set: dict[str, str] = {}
    distribute: Texts = ()
    absorb: Texts = ()
    score: Annotated[float, Field(gt=0, le=1)] = 1.0
    examples: Examples = ()
    rejects: Rejects = ()


class LinksFile(Strict):
    links: Literal["fact"]
    define: dict[str, Text] = {}
    rules: list[LinkRule]


class WordsFile(Strict):
    """Closed word classes of the language (determiners, prepositions, auxiliaries …), by class.

    A word is of one class only. `lists` and `tables` are what single steps of reading ask for; there a word may stand in several.
    `patterns` are regular expressions that single steps look for; `{name}` stands for any word of the list `name`.
    """

    words: Literal["english", "echelon-strengths", "confidence"]
    source: Text | None = None
    classes: dict[str, Texts] = {}
    lists: dict[str, Texts] = {}
    tables: dict[str, dict[str, str]] = {}
    patterns: dict[str, Text] = {}

    @field_validator("tables")
    @classmethod
    def _confidence_rises(cls, tables: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        """The table `confidence` maps 0–1 to 0–1 and never falls, or a better row would be trusted less."""
        try:
            points = sorted((float(at), float(value)) for at, value in tables.get("confidence", {}).items())
        except ValueError:
            raise ValueError("the table confidence holds something that is no number") from None
        if any(low[0] == high[0] or low[1] > high[1] for low, high in pairwise(points)) or not all(
            0 <= v <= 1 for one in points for v in one
        ):
            raise ValueError("the table confidence must rise, both ways from 0 to 1")
        return tables


class PackFile(Strict):
    """`pack.yaml`: the version of a pack, and for a pack laid over another the ids that it switches off."""

    pack: Identifier
    version: Text
    disable: Texts = ()


MODELS: dict[str, type[Strict]] = {
    "taxonomy": TaxonomyFile,
    "gazetteer": GazetteerFile,
    "tokens": TokensFile,
    "cues": CuesFile,
    "links": LinksFile,
    "words": WordsFile,
    "pack": PackFile,
}
CUE_VALUES: dict[str, tuple[str, ...] | None] = {
    "status": STATUSES,
    "modality": MODALITIES,
    "measure": MEASURES,
    "attribution": None,
    "negation": None,
    "context": None,
    "verb": None,
}
