"""Cut a sentence into clauses and find each clause's verb, voice and subject.

A shallow reading: boundaries are punctuation that ends something, subordinators, relatives, complements of verbs of saying, and
conjunctions before a further verb. It needs no parser and says `None` where it does not know.
"""

from __future__ import annotations

import itertools
import re

from inventory.extraction.phrases import SPEAKER, find_speakers, only_describes, share_end, unknown_verb
from inventory.extraction.sentence import NOMINAL, Element, Sentence
from inventory.extraction.voices import read_voice, stands_in
from inventory.rulebook.kinds import ITEM_KINDS

_TIMES = frozenset({"before", "after", "since", "until"})
# Endings of English adjectives and participles; a word without one before a proper name is taken for a noun.
_DESCRIBES = re.compile(
    r"(?:ern|ing|ed|ous|ful|al|ic|ish|ive|ant|ent|ary|less|able|ible|torn|held|run|led|by|most|free|era|late|post|pre)$"
)
# Kinds that stand beside each other in one list: things; forces and people (*between the army and the RSF*).
_THINGS, _FORCES = frozenset("Ec"), frozenset("ePUG")
_NP = "daxyAQCKELcPUeMGNOZvg"


class Clause:
    """Elements `lo` to `hi` with the verb at `verb` (-1: none), whose group begins at `group`."""

    __slots__ = ("group", "hi", "kind", "lo", "parent", "subject", "verb", "voice")

    def __init__(self, lo: int, hi: int, kind: str) -> None:
        self.lo = lo
        self.hi = hi
        self.kind = kind
        self.verb = -1
        self.group = -1
        self.voice = ""
        self.subject: tuple[int, int] | None = None
        self.parent = -1

    def __repr__(self) -> str:
        return f"<{self.kind} {self.lo}-{self.hi} verb={self.verb} {self.voice} subject={self.subject}>"


def read_clauses(sentence: Sentence) -> list[Clause]:
    """The clauses of a sentence, in order; every element lies in exactly one."""
    elements = sentence.elements
    if not elements:
        return []
    verbs = [read_voice(elements, index) for index, element in enumerate(elements) if element.kind in "VR"]
    speakers = find_speakers(elements, verbs)
    if speakers:  # *the force known as UNIFIL said*
        verbs = [verb for verb in verbs if not any(start <= verb[0] < index for start, index, _ in speakers)]
    bounds = _boundaries(elements, verbs, speakers)
    starts = sorted(bounds)
    clauses = []
    for position, lo in enumerate(starts):
        hi = starts[position + 1] if position + 1 < len(starts) else len(elements)
        clause = Clause(lo, hi, bounds[lo])
        clauses.append(clause)
    for index, group, voice in verbs:
        clause = clauses[clause_at(clauses, index)]
        if clause.verb < 0:
            clause.verb, clause.group, clause.voice = index, max(group, clause.lo), voice
    _subjects(elements, clauses)
    return clauses


def clause_at(clauses: list[Clause], index: int) -> int:
    """The number of the clause that holds an element; 0 where there are no clauses."""
    for number, clause in enumerate(clauses):
        if index < clause.hi:
            return number
    return 0


def _boundaries(elements: list[Element], verbs: list[tuple[int, int, str]], speakers: list[tuple[int, int, int]]) -> dict[int, str]:
    bounds = {0: "start"}
    for start, _, end in speakers:
        bounds[start] = "comma"
        if end + 1 < len(elements):
            bounds[end + 1] = "semi" if elements[end].kind == ";" else "coord"
    verb_at = {index for index, _, _ in verbs}
    last = len(elements) - 1
    for index, element in enumerate(elements):
        kind = element.kind
        if kind == ";" and index < last:
            bounds[index + 1] = "semi"
        elif kind == ":" and index < last:
            bounds[index + 1] = "colon"
        elif kind == "-" and index < last:
            bounds[index + 1] = "dash"
        elif kind == "," and (end := share_end(elements, index + 1)):
            bounds[index + 1] = "share"
            if end < last and _verb_follows(elements, end, verb_at):
                bounds[end + 1] = "comma"
        elif kind == "w":
            bounds.setdefault(index, "rel")
        elif kind == "p" and element.word in _TIMES and index + 2 < last and _opens_clause(elements, index + 1):
            bounds[index] = "sub"  # *since it sold its last tanks in 2011*
        elif kind == "s" and (_verb_follows(elements, index, verb_at) or unknown_verb(elements, index)):
            bounds[index] = "sub"
        elif (
            element.word == "once"
            and 0 < index < last
            and elements[index + 1].kind in "QdCGAyr"
            and _verb_follows(elements, index, verb_at)
        ):
            bounds[index] = "sub"  # *once 108 Abrams have arrived*
        elif kind == "t" and index and _verb_follows(elements, index, verb_at):
            bounds[index] = "rel" if elements[index - 1].kind in ITEM_KINDS + ("" if _told_by(elements, index) else "LC") else "that"
        elif kind == "R" and index < last and element.voice in ("active", "infinitive", "gerund") and _complement(elements, index, verb_at):
            # *said on Friday it would send*: the day is that of the words.
            dated = elements[index + 1].kind == "D" and index + 2 < last and elements[index + 2].kind in "rCGdaA"
            bounds.setdefault(index + 1 + dated, "that")
    for index, group, _ in verbs:
        if elements[index].kind == "R" and (inserted := _inserted(elements, index, group)) is not None:
            bounds[inserted[0]] = "paren"
            bounds[inserted[1]] = "resume"
    for index, group, _ in verbs:
        if group and elements[group - 1].kind in ",)" and not _in_clause_with_verb(bounds, verbs, group, index):
            nearest = max(b for b in bounds if b <= group)
            own = bounds[nearest] == "sub" and not any(nearest <= other < group for other, _, _ in verbs)
            if bounds[nearest] in ("rel", "dash", "sub") and nearest < group and not own:
                bounds[group] = "resume"
    for (one, first_group, first_voice), (two, group, voice) in itertools.pairwise(verbs):
        if any(one < b <= group for b in bounds):
            continue
        between = range(one + 1, group)
        if (
            (first_voice == "participle" or (first_voice == "gerund" and first_group and elements[first_group - 1].kind in ITEM_KINDS))
            and voice in ("active", "passive")
            and first_group
            and not any(e.kind == "," for e in elements[first_group + 1 : group - 1])
            and not _joined_subject(elements, one + 1, group)
            and not stands_in(elements[first_group - 1])
            and "i" not in (e.kind for e in elements[group:two])
        ):
            # The first verb only describes: *a drone operated by Mali crashed*, *the carrier, escorted by two frigates, sailed*,
            # *ships operating around Taiwan were seen*.
            bounds[first_group] = "part"
            bounds[group] = "resume"
            continue
        if (
            (bare := _bare_relative(elements, one, first_group))
            and voice in ("active", "passive")
            and not any(e.kind in ",k" for e in elements[one + 1 : group])
        ):
            bounds[bare] = "rel"
            bounds[group] = "resume"
            continue
        if voice in ("active", "passive") and only_describes(elements, bounds, verbs, one, group):
            bounds[group] = "resume"  # *the 42 jets that Indonesia ordered will land at Natuna*
        elif "i" in (e.kind for e in elements[group:two]):
            bounds[group] = "inf"
        elif voice == "participle" and group - 1 > one and stands_in(elements[group - 1]):
            bounds[group - 1] = "coord"
        elif voice == "participle":
            bounds[group] = "part"
        elif voice == "gerund":
            start = group - 1 if group - 1 > one and elements[group - 1].kind in "p,o" else group
            bounds[start] = "ger"
        else:
            joints = [i for i in between if elements[i].kind == "k"]
            commas = [i for i in between if elements[i].kind == ","]
            if joints and (
                not commas or commas[-1] < joints[-1] or not any(elements[i].kind in NOMINAL + "x" for i in range(commas[-1] + 1, group))
            ):
                bounds[joints[-1]] = "coord"
            elif commas:
                bounds[commas[-1] + 1] = "resume" if commas[-1] + 1 == group else "comma"
                if commas[-1] + 1 == group and (bare := _bare_relative(elements, one, first_group)):
                    bounds.setdefault(bare, "rel")  # *the submarine, a boat it got from India in 2020, took part*
            else:
                start = group
                while start - 1 > one and elements[start - 1].kind in _NP:
                    start -= 1
                bounds[start if start > one else group] = "that" if start < group else "chain"
    return bounds


def _told_by(elements: list[Element], index: int) -> bool:
    """Whether the last verb before a *that* says something: *told reporters in Oslo that …*."""
    return next((e.kind == "R" for e in reversed(elements[:index]) if e.kind in "VRb;:"), False)


def _bare_relative(elements: list[Element], verb: int, group: int) -> int:
    """Where a relative clause without its pronoun begins (*the tanks Russia has lost were old*); 0 where there is none."""
    subject = group - 1
    if subject > 0 and elements[subject].kind in "CGr" and elements[subject - 1].kind in ITEM_KINDS and elements[verb].kind == "V":
        return subject
    return 0


def _inserted(elements: list[Element], index: int, group: int) -> tuple[int, int] | None:
    """The stretch between two commas in which somebody is quoted: *Seoul, its spokesman says, shipped …*; its first and last + 1."""
    after = index + 1
    while after < len(elements) and elements[after].kind == "v":
        after += 1
    if after < len(elements) and elements[after].kind == ",":
        start = group
        while start and elements[start - 1].kind in SPEAKER and index - start < 12:
            start -= 1
        if start < group and start > 1 and elements[start - 1].kind == ",":
            return (start, after) if after + 1 < len(elements) else None
        return None
    if group and elements[group - 1].kind == ",":
        stop = index + 1
        while stop < len(elements) and elements[stop].kind in SPEAKER and stop - index < 12:
            stop += 1
        if index + 1 < stop < len(elements) - 1 and elements[stop].kind == "," and group > 1:
            return group, stop
    return None


def _in_clause_with_verb(bounds: dict[int, str], verbs: list[tuple[int, int, str]], group: int, own: int) -> bool:
    nearest = max(b for b in bounds if b <= group)
    return bounds[nearest] in ("start", "semi", "coord", "that", "comma") and any(
        nearest <= index < group for index, _, _ in verbs if index != own
    )


def _verb_follows(elements: list[Element], index: int, verb_at: set[int]) -> bool:
    for position in range(index + 1, len(elements)):
        if position in verb_at or elements[position].kind in "bmhf":
            return True
        if elements[position].kind in ";:." or (elements[position].kind == "," and elements[index].word in _TIMES):
            return False  # *before sunrise, shopkeepers said*
    return False


def _joined_subject(elements: list[Element], lo: int, hi: int) -> bool:
    """Whether *and* and a subject stand before a verb: *hit caves used by the PKK and nine militants were killed*."""
    joint = next((i for i in range(lo, hi) if elements[i].kind == "k"), hi)
    return any(elements[i].kind in NOMINAL and elements[i].kind != "D" and not governed(elements, i, joint) for i in range(joint + 1, hi))


def _opens_clause(elements: list[Element], index: int) -> bool:
    """Whether a pronoun or side and its verb stand here: *it sold*, *Russia has*."""
    return elements[index].kind in "rCG" and elements[index + 1].kind in "VRhbm"


def _complement(elements: list[Element], index: int, verb_at: set[int]) -> bool:
    """Whether a clause follows the verb of saying (a subject and then a verb), not just an object."""
    cue = elements[index].cue
    if cue is not None and any(rule.type == "attribution" and rule.value == "finding-that" for rule, form in cue.forms):
        return False  # *finds 24 carriers*: only *finds that* takes a clause
    if elements[index + 1].kind in ',.;:"' and not (elements[index + 1].kind in ',:"' and index + 2 < len(elements)):
        return False
    nominal = False
    for position in range(index + 1, len(elements)):
        kind = elements[position].kind
        if kind in "t":
            return False  # the complementizer itself begins the clause
        if kind == "k" and nominal and elements[index + 1].kind != "V":
            ahead = next((i for i in range(position + 1, len(elements)) if elements[i].kind != "v"), position)
            if elements[ahead].kind in "hbmf" or ahead in verb_at:
                return False  # *added 100 warheads and now has 600*: the speaker goes on
        if kind in NOMINAL or kind == "x":
            nominal = True
        if kind in "bmhf" or (position in verb_at and elements[position].voice in ("active", "passive")):
            return nominal
        if kind in ";:" or (kind in ",)" and nominal):
            return False
    return False


def _ranked(elements: list[Element], index: int) -> bool:
    """Whether the element is the rank of *the first of four frigates*: one of them is meant."""
    return index > 0 and elements[index].kind == "v" and elements[index - 1].kind == "d"


def governed(elements: list[Element], index: int, floor: int = 0) -> str:
    """The preposition that governs the nominal at `index` (its word), or `""`."""
    position = index - 1
    while position >= floor:
        kind = elements[position].kind
        if kind == "o" and position and (elements[position - 1].kind in "QgdX" or _ranked(elements, position - 1)):
            position -= 1  # *hundreds of fighters*, *a batch of rifles*, *all of its guns*: what measures out does not govern
            continue
        if kind in "poi":
            return elements[position].word
        beside = position == index - 1 or (position == index - 2 and elements[index - 1].kind == "d")
        if kind == "x" and elements[index].kind in "CGNU" and beside and not _DESCRIBES.search(elements[position].word):
            return ""  # *since the start of the war Russia has …*: the phrase ended with its noun, the name begins another
        if kind in "daxyAQKvZg" or (kind in "CGLEceP" and position == index - 1):
            position -= 1
            continue
        if kind == "," and stands_in(elements[index]):
            return ""  # *of the 24 jets, 18 fly from there*: the part begins its clause
        if kind == "k" or kind == ",":
            # A further member of a list under the same preposition: *in Kyiv and Odesa*.
            inner = position - 1
            if kind == "k" and inner >= floor and elements[inner].kind == "x" and _DESCRIBES.search(elements[inner].word):
                position = inner  # *with ballistic and cruise missiles*: two sorts of one thing
                continue
            kinds = {elements[inner].kind, elements[index].kind} if inner >= floor else set()
            alike = len(kinds) == 1 or (bool(kinds) and (kinds <= _THINGS or kinds <= _FORCES))
            if alike and elements[inner].kind in NOMINAL:
                return governed(elements, inner, floor)
            return ""
        return ""
    return ""


def nominals(elements: list[Element], lo: int, hi: int) -> list[int]:
    """Indices of the nominals between `lo` and `hi` that stand under no preposition."""
    return [i for i in range(lo, hi) if elements[i].kind in NOMINAL and not governed(elements, i, lo)]


def _behind_asked(elements: list[Element], clause: Clause) -> tuple[int, int] | None:
    """The subject behind what is asked for: *how many tanks it had sent*; `None` where what is asked for is the subject."""
    if elements[clause.lo].word not in ("how", "which", "what") or clause.voice != "active" or clause.group - 1 <= clause.lo:
        return None
    last = clause.group - 1
    while last > clause.lo and elements[last].kind in "vn":
        last -= 1
    if elements[last].kind not in NOMINAL:
        return None
    first = last
    while first > clause.lo + 1 and elements[first - 1].kind in "day":
        first -= 1
    return (first, clause.group) if any(e.kind in ITEM_KINDS for e in elements[clause.lo : first]) else None


def _subjects(elements: list[Element], clauses: list[Clause]) -> None:
    for number, clause in enumerate(clauses):
        if clause.verb < 0:
            continue
        own = (clause.lo, clause.group)
        before = clauses[number - 1] if number else None
        clause.parent = number - 1
        if clause.kind == "rel":
            bare = elements[clause.lo].kind not in "wt"
            inside = nominals(elements, clause.lo + (not bare), clause.group)
            if before is not None and not bare and (clause.group <= clause.lo + 1 or not inside):
                head = clause.lo - 1
                while head > before.lo and elements[head].kind not in NOMINAL:
                    head -= 1
                clause.subject = (head, head + 1)
            else:
                clause.subject = own
        elif clause.kind == "part":
            head = clause.lo - 1
            clause.subject = (head, head + 1) if head >= 0 else None
        elif clause.kind == "resume":
            for outer in range(number - 1, -1, -1):
                unfinished = clauses[outer].kind == "sub" and clauses[outer].verb < 0  # *after a helicopter carrying seven crashed*
                if unfinished or clauses[outer].kind not in ("rel", "dash", "sub", "part", "paren"):
                    held = clauses[outer]
                    clause.subject = held.subject if held.verb >= 0 and held.subject else (held.lo, held.hi)
                    clause.parent = outer
                    break
        elif clause.kind == "ger" and elements[clause.lo].kind == "o" and clause.lo and elements[clause.lo - 1].kind in "CGALN":
            clause.subject = (clause.lo - 1, clause.lo)  # *accused Tehran of sending*
        elif clause.kind == "ger" and clause.lo == clause.group and clause.lo and elements[clause.lo - 1].kind in ITEM_KINDS:
            clause.subject = (clause.lo - 1, clause.lo)  # *has 120 soldiers guarding the airport*
        elif (
            clause.kind == "inf" and clause.voice == "passive" and clause.lo == clause.group and elements[clause.lo - 1].kind in ITEM_KINDS
        ):
            clause.subject = (clause.lo - 1, clause.lo)  # *for a battalion to be set up by 2030*
        elif clause.kind == "inf" and before is not None:
            actors = (
                [i for i in range(before.verb + 1, clause.lo) if elements[i].kind in "CGAL" and not governed(elements, i, before.verb + 1)]
                if before.verb >= 0
                else []
            )
            # *asked Chad to return six tanks*; whoever stands right before *to* is who is told to do it (*told France to leave*).
            told = bool(actors) and (elements[before.verb].kind == "V" or actors[-1] == clause.lo - 1 <= before.verb + 2)
            clause.subject = (actors[-1], actors[-1] + 1) if told else before.subject or (before.lo, clause.lo)
        elif nominals(elements, own[0], own[1]) or any(
            elements[i].kind in "xXgZ" and not governed(elements, i, own[0]) for i in range(*own)
        ):
            clause.subject = _behind_asked(elements, clause) or own
        elif before is not None:
            for outer in range(number - 1, -1, -1):
                if clauses[outer].subject is not None:
                    clause.subject = clauses[outer].subject
                    break
            else:
                clause.subject = (
                    (before.lo, before.hi) if before.verb < 0 and clause.kind in ("chain", "resume", "ger", "colon", "dash") else None
                )
        if clause.voice == "participle" and clause.kind != "part" and clause.subject is None:
            clause.subject = own
