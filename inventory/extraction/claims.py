"""Who says so: the speakers of a sentence and the stretch that each speaks for."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import NamedTuple

from inventory.extraction.clauses import Clause, governed
from inventory.extraction.phrases import is_verdict
from inventory.extraction.predicates import is_reckoned
from inventory.extraction.sentence import Element, Sentence
from inventory.extraction.state import Mention
from inventory.rulebook.book import Entry
from inventory.text.fold import Folded

_NP = "daxyACGLNUPeEcMZvQKogX"
_INNER = "daxyACGLNUPeEcMZQKgX"

_NONE: Mapping[str, Container[str]] = {}
_POSSESSIVE = 3  # characters between two elements where an *'s* and a space stand
# Words that lead to what is not said.
_ASKED = frozenset({"how", "whether", "where", "when", "what", "which", "if"})


class Claim(NamedTuple):
    """A speaker's words (`start`, `end`), name and side, and the stretch of text spoken for."""

    start: int
    end: int
    name: str
    actor: Entry | None
    lo: int
    hi: int
    rule: str
    clause: int


def find_claims(
    sentence: Sentence, clauses: list[Clause], folded: Folded, text: str, values: Mapping[str, Container[str]] = _NONE
) -> list[Claim]:
    """The attributions of a sentence, first to last.

    `values` are the lists of rules/words.yaml: of verbs whose subject speaks for the figure behind *at* (`figure_verb`), and of those whose
    subject judges a report (`verdict_verb`).
    """
    elements = sentence.elements
    claims: list[Claim] = []
    for number, clause in enumerate(clauses):
        if clause.verb < 0:
            continue
        if elements[clause.verb].kind != "R":
            if (
                elements[clause.verb].word in values.get("figure_verb", ())
                and (figure := _of_figure(sentence, clauses, number, folded, text)) is not None
            ):
                claims.append(figure)
            elif is_verdict(elements, clause.verb, values) and (judged := _of_verdict(sentence, clause, folded, text)) is not None:
                claims.append(judged)
            continue
        claim = _of_verb(sentence, elements, clauses, number, folded, text)
        if claim is not None and claim.name.partition(" ")[0].lower() not in values.get("negative_subject", ()):
            claims.append(claim)
    claims += _of_reckoning(sentence, elements, folded, text, values.get("reckoning_noun", ()))
    for hit in sentence.cues:
        rule = hit.phrase.according
        if rule is None:
            continue
        first = next((i for i, e in enumerate(elements) if e.start >= hit.end), None)
        if first is None:
            continue
        last = _np_end(elements, first)
        claim = _claim(elements, first, last, sentence.start, sentence.end, rule.id, -1, folded, text)
        if claim is not None:
            claims.append(claim)
    return claims


def _of_figure(sentence: Sentence, clauses: list[Clause], number: int, folded: Folded, text: str) -> Claim | None:
    """*The general staff put the losses at 1,130*: who reckons speaks."""
    elements, clause = sentence.elements, clauses[number]
    if not is_reckoned(elements, clauses, number) or clause.voice != "active" or clause.subject is None or clause.subject[1] > clause.group:
        return None
    first, last = _speaker(elements, *clause.subject)
    if first < 0:
        return None
    return _claim(elements, first, last, elements[clause.verb].start, sentence.end, "figure", -1, folded, text)


def _of_reckoning(sentence: Sentence, elements: list[Element], folded: Folded, text: str, nouns: Container[str]) -> list[Claim]:
    """*By London's reckoning no more than one was left*: whose reckoning it is speaks for the sentence."""
    found = []
    for index in range(2, len(elements)):
        if elements[index].word not in nouns or elements[index].start - elements[index - 1].end < _POSSESSIVE:
            continue
        first = index - 1
        while first > 0 and elements[first - 1].kind in _INNER:
            first -= 1
        if first and elements[first - 1].word in ("by", "on", "at", "in"):
            claim = _claim(elements, first, index, sentence.start, sentence.end, "reckoning", -1, folded, text)
            if claim is not None:
                found.append(claim)
    return found


def _of_verdict(sentence: Sentence, clause: Clause, folded: Folded, text: str) -> Claim | None:
    """*Minsk called reports of ten launchers a fairy tale*: who judges what is told speaks."""
    elements = sentence.elements
    if clause.voice != "active" or clause.subject is None or clause.subject[1] > clause.group:
        return None
    first, last = _speaker(elements, *clause.subject)
    return _claim(elements, first, last, elements[clause.verb].start, sentence.end, "verdict", -1, folded, text) if first >= 0 else None


def find_speaker(sentence: Sentence, clauses: list[Clause], folded: Folded, text: str) -> Claim | None:
    """Who speaks in a sentence that says nothing of what: *The colonel told the station.*; its stretch is empty."""
    elements = sentence.elements
    for number in range(len(clauses) - 1, -1, -1):
        clause = clauses[number]
        if clause.verb < 0 or elements[clause.verb].kind != "R" or clause.voice == "passive" or clause.subject is None:
            continue
        if clause.subject[1] <= clause.group:
            first, last = _speaker(elements, *clause.subject)
            if first >= 0:
                start = sentence.start
                return _claim(elements, first, last, start, start, _rule(elements[clause.verb])[0], number, folded, text)
    return None


def _rule(element: Element) -> tuple[str, str]:
    for cue, _ in element.cue.forms if element.cue else ():
        if cue.type == "attribution":
            return cue.id, cue.value
    return "", ""


def _of_verb(sentence: Sentence, elements: list[Element], clauses: list[Clause], number: int, folded: Folded, text: str) -> Claim | None:
    clause = clauses[number]
    verb = clause.verb
    if _keeps_silent(elements, clause):
        return None
    rule, value = _rule(elements[verb])
    after = clauses[number + 1] if number + 1 < len(clauses) else None
    leads = after is not None and after.lo == verb + 1 and after.kind == "that"
    if after is not None and not leads and after.kind == "that" and after.lo > verb:
        leads = True
    tail = [e for e in elements[verb + 1 : clause.hi] if e.kind not in '.")']
    if tail and tail[0].kind == ":" and clause.subject is not None and clause.voice != "passive":
        first, last = _speaker(elements, *clause.subject) if clause.subject[1] <= clause.group else (-1, -1)
        if first >= 0:
            return _claim(elements, first, last, sentence.start, sentence.end, rule, number, folded, text)
    if tail and tail[0].kind == "o" and clause.voice == "active" and clause.subject is not None and clause.subject[1] <= clause.group:
        first, last = _speaker(elements, *clause.subject)
        if first >= 0:  # *boasts of nine jets downed*
            return _claim(elements, first, last, elements[verb].start, sentence.end, rule, number, folded, text)
    # *…, told Reuters* has its hearer behind it, not its speaker.
    inverted = (
        value != "tell"
        and clause.voice != "gerund"
        and bool(tail)
        and tail[0].kind in _NP
        and verb
        and elements[clause.group - 1].kind in ',"'
    )
    if inverted and not leads:
        first = verb + 1
        hi = sentence.end if clause.kind == "paren" else elements[verb].start
        return _claim(elements, first, _np_end(elements, first), sentence.start, hi, rule, number, folded, text)
    if clause.voice == "passive":
        return None
    if clause.kind == "resume" and (named := _with_name(elements, clauses, number)) is not None:
        first, last, stop = named
        return _claim(elements, first, last, sentence.start, elements[stop].start, rule, number, folded, text)
    lo, hi = clause.subject or (clause.lo, clause.group)
    if hi > clause.group or hi <= lo:
        return None
    if hi != clause.group and elements[lo].kind not in "r":
        # A subject carried over from an earlier clause still speaks.
        first, last = _speaker(elements, lo, hi)
    else:
        first, last = _speaker(elements, lo, clause.group)
    if first < 0:
        return None
    if clause.kind == "paren":
        return _claim(elements, first, last, sentence.start, sentence.end, rule, number, folded, text)
    if after is not None and after.kind == "inf" and after.lo == verb + 1 and value == "report" and clause.voice == "active":
        return _claim(elements, first, last, elements[verb].start, sentence.end, rule, number, folded, text)  # *claims to have burnt*
    if leads or clause.kind == "rel":
        stop = next((elements[c.lo].start for c in clauses[number + 1 :] if c.kind == "semi"), sentence.end)
        return _claim(elements, first, last, elements[verb].start, stop, rule, number, folded, text)
    if elements[first].start > sentence.start and first and elements[first - 1].kind in ',"' and (value == "tell" or not _object(tail)):
        return _claim(elements, first, last, sentence.start, elements[first].start, rule, number, folded, text)
    if tail and tail[0].kind in ':"':
        return _claim(elements, first, last, elements[verb].start, sentence.end, rule, number, folded, text)
    if value in ("report", "finding") and _object(tail):
        return _claim(elements, first, last, elements[verb].start, sentence.end, rule, number, folded, text)
    return None


def _keeps_silent(elements: list[Element], clause: Clause) -> bool:
    """Whether someone will not say what follows: *would not disclose how many it had sent*, *refused to say whether*."""
    behind = elements[clause.verb + 1].word if clause.verb + 1 < len(elements) else ""
    if behind not in _ASKED:
        return False
    return clause.voice == "infinitive" or any(e.kind == "n" for e in elements[clause.group : clause.verb])


def _with_name(elements: list[Element], clauses: list[Clause], number: int) -> tuple[int, int, int] | None:
    """*…, its minister, Pal Jonson, said*: the name between commas, and where the speaker's words end.

    So it is where the subject that seems to speak has a verb of its own before the two phrases.
    """
    clause = clauses[number]
    told = any(c.verb >= 0 and c.subject == clause.subject and c.verb < clause.lo and c.kind != "rel" for c in clauses[:number])
    if not told or clause.lo < 4 or elements[clause.verb - 1].kind != ",":
        return None
    phrases: list[tuple[int, int]] = []
    end = clause.verb - 1
    while len(phrases) < 2:
        first = end
        while first > 0 and (elements[first - 1].kind in _INNER or elements[first - 1].kind in "op"):
            first -= 1
        if first == end or first == 0 or elements[first - 1].kind not in ',"' or elements[first].kind in "Qp":
            return None
        if any(element.kind == "N" for element in elements[first:end]):
            return first, end, first  # the name and its role are one mention
        phrases.append((first, end))
        end = first - 1
    # The role has an article or an owner (*its minister*, *the governor*); the name has none.
    last, before = phrases
    return (*(before if elements[last[0]].kind in "day" else last), before[0])


def _object(tail: list[Element]) -> bool:
    return bool(tail) and tail[0].kind in "daQxyAEcPUeMCGLZn"


def _speaker(elements: list[Element], lo: int, hi: int) -> tuple[int, int]:
    """The noun phrase of the speaker between `lo` and `hi`: from behind the last comma or fronted phrase."""
    first = lo
    while first < hi and elements[first].kind in ',k"vD':
        first += 1
    if (first < hi and elements[first].kind in "VR" and "g" in elements[first].forms) or (
        first < hi and elements[first].word.endswith("ing")
    ):
        # *Speaking in Madrid, the minister said*: who speaks stands behind the fronted phrase.
        first = next((i + 1 for i in range(first, hi - 1) if elements[i].kind == ","), first)
    for index in range(first, hi):
        if elements[index].kind in "," and index + 1 < hi and index - first < 3 and elements[first].kind in "pDv":
            first = index + 1
    while first < hi and elements[first].kind in 'pstkw",vD' and elements[first].kind != "x":
        step = first + 1
        if elements[first].kind == "p":
            while step < hi and elements[step].kind in "daxyAQD" and step - first < 3:
                step += 1
        first = step
    last = hi
    while last > first and elements[last - 1].kind in ',v"D':
        last -= 1
    comma = next((i for i in range(first + 1, last) if elements[i].kind == ","), None)
    if comma is not None:
        last = comma
    return (first, last) if last > first else (-1, -1)


def _np_end(elements: list[Element], first: int) -> int:
    last = first
    count = len(elements)
    while last < count and (
        elements[last].kind in _INNER
        or elements[last].kind == "o"
        or (elements[last].kind == "p" and elements[last].word in ("in", "for", "at", "from", "on"))
    ):
        if elements[last].word in ("plan", "plans", "schedule"):
            break
        last += 1
    while last > first and elements[last - 1].kind in "po":
        last -= 1
    return last


def _claim(
    elements: list[Element], first: int, last: int, lo: int, hi: int, rule: str, clause: int, folded: Folded, text: str
) -> Claim | None:
    span = [e for e in elements[first:last] if e.kind not in "v"]
    if not span:
        return None
    if len(span) == 1 and span[0].kind == "r":
        if span[0].word not in ("he", "she", "it", "they"):
            return None
        start, end = folded.span(span[0].start, span[0].end)
        return Claim(start, end, "", None, lo, hi, rule, clause)
    person: Mention | None = next((e.mention for e in span if e.kind == "N" and e.mention is not None), None)
    actor = None
    for index in range(first, last):
        mention = elements[index].mention
        if (
            mention is not None
            and mention.actor is not None
            and not (elements[index].kind == "L" and governed(elements, index, first) in ("in", "at"))
        ):
            actor = mention.actor
            break
    if not any(e.kind in "xgXZACGLNUPeEcMr" for e in span):
        return None
    begin = span[0]
    words_from = begin
    if begin.kind in "ad" and len(span) > 1:
        words_from = span[1]
    start, end = folded.span(words_from.start, span[-1].end)
    name = person.value if person is not None and isinstance(person.value, str) else " ".join(text[start:end].split())
    full = folded.span(begin.start, span[-1].end)
    if len(name) > 120:
        return None
    return Claim(full[0], full[1], name, actor, lo, hi, rule, clause)
