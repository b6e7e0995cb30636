"""The kinds of mention as the masked line shows them: one private-use character to begin a mention, one to go on."""

from __future__ import annotations

# letter → name in rule files. The letters are those of the shape string that clauses are read from.
KIND_NAMES = {
    "E": "equipment",
    "c": "class",
    "P": "personnel",
    "U": "unit",
    "e": "echelon",
    "M": "materiel",
    "Q": "count",
    "A": "adjective",
    "C": "country",
    "G": "group",
    "L": "place",
    "D": "date",
    "O": "operation",
    "N": "person",
    "K": "calibre",
    "X": "measure",
    "T": "coordinate",
    "H": "hull",
    "V": "verb",
}
KIND_LETTERS = {name: letter for letter, name in KIND_NAMES.items()}
ITEM_KINDS = "EcPUeM"
# Names of sets of kinds that link rules may use as well.
KIND_SETS = {
    "item": ITEM_KINDS,
    "thing": "EcM",
    "people": "P",
    "force": "PUe",
    "member": "EcMP",
    "actor": "ACG",
    "where": "LCT",
}
START = {letter: chr(0xE000 + index) for index, letter in enumerate(KIND_NAMES)}
CONT = {letter: chr(0xE100 + index) for index, letter in enumerate(KIND_NAMES)}
BARRIER = "\ue0ff"
# Closed classes of words (rules/words.yaml) with their letters in the shape string.
CLASS_LETTERS = {
    "determiner": "d", "article": "a", "possessive": "y", "pronoun": "r", "preposition": "p", "to": "i", "of": "o", "be": "b", "have": "h",
    "do": "f", "modal": "m", "negation": "n", "conjunction": "k", "subordinator": "s", "relative": "w",
    "complementizer": "t", "adverb": "v", "partitive": "g",
}  # fmt: skip


def placeholder(name: str) -> str | None:
    """The regex of `{name}`: one whole mention of that kind; `None` when there is no such kind."""
    letters = KIND_SETS.get(name) or KIND_LETTERS.get(name)
    if letters is None:
        return None
    if len(letters) == 1:
        return f"(?:{START[letters]}{CONT[letters]}*+)"
    starts = "".join(START[letter] for letter in letters)
    conts = "".join(CONT[letter] for letter in letters)
    return f"(?:[{starts}][{conts}]*+)"


# Kinds of actors that fight and are no state.
ARMED_GROUPS = frozenset({"armed-group", "militia", "pmc", "rebel-group", "insurgent-group", "paramilitary", "jihadist-group"})
