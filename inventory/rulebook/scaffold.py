"""Rule files to fill in, as `inventory rules new` prints them. As printed they load; each comment says what to put."""

from __future__ import annotations

import re

from inventory.text.fold import fold

_GAZETTEER = """\
gazetteer: {kind}
{top}source: {source}                      # where the names are attested
entries:
  - id: {id}
    name: {name}
{middle}    # aliases: [{name}-1]                 # further names; hyphen, space and plural variants are generated
    # weak: [Everyday]                    # names that are everyday words: they count only near a cue
    # cues: [tank, crew]                  # words that let a weak name count, beside those of the category
    examples: [{{text: {example}, found: {name}}}]
    rejects: [{reject}]
"""
_TOP = {
    "equipment": "category: armour/tank                # a path of taxonomy.yaml\n",
    "unit": "category: unit/brigade               # a path of taxonomy.yaml\n",
    "class": "category: armour/tank                # a path of taxonomy.yaml\n",
}
_MIDDLE = {
    "equipment": (
        "    # origin: FRA                         # who makes it, ISO 3166-1 alpha-3\n"
        "    # family: id-of-the-type              # what it rolls up to\n"
    ),
    "unit": "    # operator: FRA                       # whose it is\n",
    "actor": "    kind: armed-group                     # state, organisation, armed-group, company …\n",
    "place": (
        "    lat: 0.0                              # decimal degrees, WGS 84\n    lon: 0.0\n"
        "    country: FRA                          # ISO 3166-1 alpha-3\n"
    ),
    "operation": "    kind: exercise                        # exercise or operation\n",
}
_EXAMPLES = {
    "equipment": "The army sent two {name} tanks to the front.",
    "unit": "Soldiers of the {name} held the town.",
    "class": "The army sent two {name}s to the front.",
    "actor": "The {name} fired rockets.", "place": "Tanks arrived in {name}.", "operation": "Soldiers joined the {name} exercise.",
}  # fmt: skip
_TOKEN = """\
tokens: quantity                          # quantity, date, unit, designator, calibre, coordinate, person, place, measurement …
source: {source}
rules:
  - id: {id}
    pattern: {pattern}                    # a regular expression over the lower-case text; <name> stands for a fragment
    basis: approximate                    # quantities only: how the number is meant
    # case: exact                         # match the text in its own case
    examples: [{{text: {example}, found: {{low: 12, high: 12}}}}]  # or found: the words it matches
    rejects: [{reject}]
"""
_CUE = """\
cues: status                              # status, modality, attribution, measure, negation, context, verb
source: {source}
rules:
  - id: {id}
    value: deployed                       # a value of that kind
    verbs: [{name}]                       # inflected; words: [...] are taken as they stand
    frame: {{subject: actor, object: item, to: place}}
    examples: [{{text: {example}, found: {{item: T-72, status: deployed}}}}]
    rejects: [{{text: {reject}, found: {{item: T-72, status: deployed}}}}]
"""
_LINK = """\
links: fact
rules:
  - id: {id}
    pattern: {pattern}                    # over the masked line: {{count}}, {{item}}, {{actor}} … stand for mentions
    priority: 50                          # the first rule to fill a slot keeps it
    examples: [{{text: {example}, found: {{item: T-72, count_min: 12}}}}]
    rejects: [{{text: {reject}, found: {{count_min: 12}}}}]
"""
SCAFFOLDS = ("equipment", "unit", "class", "actor", "place", "operation", "token", "cue", "link")


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9.+]+", "-", fold(name).text).strip("-.+") or "new-entry"


def _quoted(text: str) -> str:
    """`text` as a YAML scalar inside a flow list."""
    plain = re.fullmatch(r"[\w.][\w .+/-]*", text) and not text.endswith(" ")
    return text if plain else "'" + text.replace("'", "''") + "'"


def scaffold(kind: str, name: str) -> str:
    """A rule file with one entry or rule of `kind` (one of :data:`SCAFFOLDS`) called `name`.

    >>> scaffold("equipment", "Leopard 2").splitlines()[3]
    'entries:'
    """
    source = _quoted("name the source")
    if kind == "token":
        pattern = _quoted(rf"(?<!\w)(?P<number>\d+) {re.escape(fold(name).text)}(?!\w)")
        return _TOKEN.format(
            id=_slug(name),
            source=source,
            pattern=pattern,
            example=_quoted(f"They saw 12 {name} tanks."),
            reject=_quoted(f"They saw {name} tanks."),
        )
    if kind == "cue":
        return _CUE.format(
            id=_slug(name),
            source=source,
            name=_quoted(name.lower()),
            example=_quoted(f"The army will {name.lower()} two T-72 tanks."),
            reject=_quoted("The army lost two T-72 tanks."),
        )
    if kind == "link":
        pattern = _quoted("{count} strange {item}")
        return _LINK.format(
            id=_slug(name),
            pattern=pattern,
            example=_quoted("12 strange T-72 tanks burnt."),
            reject=_quoted("The strange T-72 tanks burnt."),
        )
    example = _EXAMPLES[kind].format(name=name)
    return _GAZETTEER.format(
        kind=kind, top=_TOP.get(kind, ""), source=source, id=_slug(name), name=_quoted(name), middle=_MIDDLE.get(kind, ""),
        example=_quoted(example),
        reject=_quoted("A sentence with the word in its everyday sense."),
    )  # fmt: skip
