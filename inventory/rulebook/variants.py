"""The spellings of a name that are generated and never listed.

Designators are printed with hyphen, space or nothing between their parts (`T-72`, `T 72`, `T72`); dashes of every
kind are folded to the hyphen before matching; plural and possessive endings are accepted when a match is
checked against its surroundings, so they need no pattern of their own.
"""

from __future__ import annotations

import re
from itertools import product

from inventory.text.fold import fold

_JOINT = re.compile(r"(?<=[a-z])-(?=\d)|(?<=\d)-(?=[a-z])|(?<=[a-z]) (?=\d)|(?<=[a-z])-(?=[a-z])|(?<=\d)-(?=\d)", re.I)
_LETTERS_DIGITS = re.compile(r"^([A-Za-z]{1,4})(?=\d)")
# More joints than this and only the uniform spellings are generated: 3^3 patterns a name would swell the automaton.
_MAX_FREE_JOINTS = 2
_ARTICLES = frozenset({"a", "i"})


def spellings(name: str) -> list[str]:
    """All spellings of `name` (cased fold), the listed one first.

    >>> spellings("T-72")
    ['T-72', 'T 72', 'T72']
    """
    base = " ".join(fold(name).cased.split())
    parts: list[str] = []
    options: list[tuple[str, ...]] = []
    last = 0
    glued = _LETTERS_DIGITS.match(base)
    joints = [(m.start(), m.end()) for m in _JOINT.finditer(base)]
    if glued and not any(start <= glued.end() <= end for start, end in joints):
        joints = sorted([*joints, (glued.end(), glued.end())])
    for start, end in joints:
        parts.append(base[last:start])
        last = end
        wordy = start != end and base[start - 1].isalpha() and base[end].isalpha()
        options.append(("-", " ") if wordy else ("-", " ", ""))
    parts.append(base[last:])
    if not options:
        return [base]
    if len(options) > _MAX_FREE_JOINTS:
        choices: list[tuple[str, ...]] = [tuple(s if s in opts else "-" for opts in options) for s in ("-", " ", "")]
    else:
        choices = list(product(*options))
    found = [base]
    for choice in choices:
        spelled = "".join(part + sep for part, sep in zip(parts, (*choice, ""), strict=True))
        # `A 10` and `I 16` read as an article or a pronoun before a number.
        if " " in choice and parts[0].lower() in _ARTICLES and choice[0] == " ":
            continue
        # `May A` is a wish, not the aircraft May-A.
        if choice[-1] == " " and parts[-1].lower() == "a" and parts[-2:-1] and parts[-2].isalpha():
            continue
        if spelled not in found:
            found.append(spelled)
    return found


_VOWELS = "aeiou"


def inflect(verb: str, irregular: dict[str, list[str]]) -> dict[str, str]:
    """Forms of an English verb → what each can be: `b` base, `s` third person, `p` past, `n` participle, `g` gerund.

    A multi-word verb inflects its first word. `irregular` maps a base to [past, participle, gerund, third person], as far as they are odd.

    A longer verb in -l may double it (*patrolled*, *travelled* or *traveled*): both are made, a form that is no word hurts nobody.

    >>> inflect("hand over", {})
    {'hand over': 'b', 'hands over': 's', 'handed over': 'pn', 'handing over': 'g'}
    >>> sorted(inflect("patrol", {}))
    ['patrol', 'patroled', 'patroling', 'patrolled', 'patrolling', 'patrols']
    """
    head, _, rest = verb.partition(" ")
    tail = f" {rest}" if rest else ""
    odd = irregular.get(head) or [_past(head)]
    past, part = odd[0], odd[1] if len(odd) > 1 else odd[0]
    ing = odd[2] if len(odd) > 2 else _gerund(head)
    forms: dict[str, str] = {}
    third = odd[3] if len(odd) > 3 else plural(head)
    for spelled, tag in ((head, "b"), (third, "s"), (past, "p"), (part, "n"), (ing, "g")):
        for form in spelled.split("/"):
            forms[form + tail] = forms.get(form + tail, "") + tag
    return forms


def plural(noun: str) -> str:
    """The regular plural of an English noun phrase (its last word)."""
    if re.search(r"(?:s|x|z|ch|sh)$", noun):
        return noun + "es"
    if noun.endswith("y") and noun[-2:-1] not in _VOWELS:
        return noun[:-1] + "ies"
    return noun + "s"


def _doubles(verb: str) -> bool:
    return bool(re.search(r"(?:^|[^aeiou])[aeiou][bdgklmnprt]$", verb)) and len(re.findall(r"[aeiou]+", verb)) == 1


def _may_double(verb: str) -> bool:
    return bool(re.search(r"[^aeiou][aeiou]l$", verb)) and len(re.findall(r"[aeiou]+", verb)) > 1


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return verb[:-1] + "ied"
    if verb.endswith("c"):
        return verb + "ked"
    if _may_double(verb):
        return f"{verb}ed/{verb}{verb[-1]}ed"
    return verb + (verb[-1] if _doubles(verb) else "") + "ed"


def _gerund(verb: str) -> str:
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1] + "ing"
    if verb.endswith("c"):
        return verb + "king"
    if _may_double(verb):
        return f"{verb}ing/{verb}{verb[-1]}ing"
    return verb + (verb[-1] if _doubles(verb) else "") + "ing"
