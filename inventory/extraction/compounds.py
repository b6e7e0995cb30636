"""Names that only describe the noun behind them, or are verbs: *a tank factory*, *Heavy Vehicles Factory*, *will ship 12 guns*."""

from __future__ import annotations

import re
from collections.abc import Mapping

from inventory.extraction.state import CueHit, Mention, unlisted
from inventory.rulebook import book as flags
from inventory.rulebook.book import Rulebook
from inventory.text.fold import Folded

_SHIP_NAME = re.compile(
    r"(?: |, the )((?:[A-ZÀ-Þ][\w'-]*[^\W\d_])(?: (?:of|de|di|el|al) [A-ZÀ-Þ]\w+| [A-ZÀ-Þ][\w-]*[^\W\d_]){0,2})(?!'|\w| (?:class|[Cc]lass))"
)
_NEXT = re.compile(r"[ -]([^\W\d_]+(?:-[^\W\d_]+)*)")
_BEFORE = re.compile(r"([^\W\d_]+(?:'[a-z]+)?) $")
# *A battalion of ants*: nothing military is without an article or a capital.
_FIGURED = re.compile(r" of [a-z]{3,}[.,;:\"')]")
_OWNED = 30  # characters behind a person's *'s* in which a thing that is theirs begins
_STRETCH = re.compile(r"(?: [^\s,.;:]+){1,5}")
# Word classes behind which a base form is a verb: *will ship*, *to ship*, *did not ship*.
_VERB_LEADS = frozenset({"modal", "to", "do", "negation"})
_NONE: Mapping[str, str] = {}


def drop_modifiers(
    mentions: list[Mention], others: list[Mention], cues: list[CueHit], folded: Folded, start: int, end: int, book: Rulebook
) -> list[Mention]:
    """The head mentions of a sentence without those that name no thing of their own.

    A class noun right before a noun that is no military item (`compound_head` of rules/words.yaml), as in *missile factory*, a type
    right before one of `compound_head_type` (*F-16 pilots*), a unit before one of `compound_head_unit` (*a Frontier Corps post*) and
    a service right before a thing (*Navy carriers*) stay as mere attributes. Dropped are a capitalised class noun inside the name of
    a body (*Heavy Vehicles Factory*, `body_head`), one that is a verb here (*France will ship*) and a formation of what is not
    military (*a battery of lawyers*). `others` are the mentions that are no heads.
    """
    heads = book.values.get("compound_head", _NONE)
    type_heads = book.values.get("compound_head_type", _NONE)
    unit_heads = book.values.get("compound_head_unit", _NONE)
    bodies = book.values.get("body_head", _NONE)
    kept = []
    thing_at = {mention.start for mention in mentions if mention.kind in "cE"}
    formation_at = {mention.start for mention in mentions if mention.kind == "e"}
    for mention in mentions:
        entry = mention.entry
        if entry is not None and entry.type == "class" and _in_phrase(mention, cues):
            continue
        if mention.kind == "e" and _figurative(mention, mentions, others, folded, end):
            continue
        if mention.kind in "cPe" and _likened(mention, mentions, others, folded, end, book):
            continue
        if entry is not None and entry.institution and mention.kind in "Pe" and mention.end + 1 in thing_at:
            _describe(mention)  # *two Navy aircraft carriers*
            kept.append(mention)
            continue
        generic = entry is not None and entry.type == "class"
        follower = _follower(folded.text, mention, end)
        if generic:
            if _listed(follower, heads) or (mention.kind in "cP" and mention.end + 1 in formation_at and not plural(folded, mention)):
                _describe(mention)  # *missile factory*, *tank squadron*
            elif _is_verb(mention, cues, folded, start, end, book) or _in_body(mention, folded, start, end, bodies):
                continue
        elif (mention.kind == "E" and _listed(follower, type_heads)) or (mention.kind == "U" and _listed(follower, unit_heads)):
            _describe(mention)
        kept.append(mention)
    return kept


def plural(folded: Folded, mention: Mention) -> bool:
    """Whether a noun is printed in the plural: *soldiers battalion* is no compound."""
    return folded.text[mention.end - 1] == "s"


def _figurative(mention: Mention, heads: list[Mention], others: list[Mention], folded: Folded, end: int) -> bool:
    """Whether an everyday noun for a formation only measures civil things: *a battery of lawyers*, *a regiment-sized camp*."""
    text = folded.text
    if text.startswith("-size", mention.end):
        reach = text.find(" ", mention.end, end)
    elif text.startswith(" of ", mention.end) and (mention.flags & flags.WEAK or _FIGURED.match(folded.cased, mention.end)):
        reach = mention.end + 3
    else:
        return False
    stretch = _STRETCH.match(text, max(reach, mention.end), end)
    stop = stretch.end() if stretch else end
    evidence = [m for m in (*heads, *others) if m is not mention and m.kind not in "QDX" and not (m.kind == "P" and m.flags & flags.WEAK)]
    return not any(reach <= m.start < stop for m in evidence)


def _likened(mention: Mention, heads: list[Mention], others: list[Mention], folded: Folded, end: int, book: Rulebook) -> bool:
    """Whether a noun only says what something is like or whose it is: *a sniper of a film critic*, *by the pilot's tally*."""
    text = folded.text
    if text[mention.end - 1] == "s":
        return False
    if mention.kind == "P" and text.startswith("'s ", mention.end):
        return not any(mention.end < m.start <= mention.end + _OWNED for m in (*heads, *others) if m.kind not in "QDX")
    if not (text.startswith(" of a ", mention.end) or text.startswith(" of an ", mention.end)):
        return False
    if not book.patterns["article_before"].search(text, max(0, mention.start - 24), mention.start):
        return False
    return not any(mention.end < m.start < mention.end + _OWNED for m in (*heads, *others) if m.kind not in "QDX")


def _in_phrase(mention: Mention, cues: list[CueHit]) -> bool:
    """Whether a noun is the end of a phrase that tells a status: *struck a mine*, *came under fire*."""
    return any(
        hit.start < mention.start and hit.end == mention.end and any(cue.type == "status" and form == "w" for cue, form in hit.forms)
        for hit in cues
    )


def _listed(word: str, heads: Mapping[str, str]) -> bool:
    return word in heads or (word.endswith("s") and word[:-1] in heads)


def _describe(mention: Mention) -> None:
    """Make a name an attribute of the noun behind it: rules see it as they see a calibre."""
    mention.kind = "K"
    mention.dropped = "describes"


def _follower(text: str, mention: Mention, end: int) -> str:
    match = _NEXT.match(text, mention.end, end)
    return match[1] if match else ""


def _is_verb(mention: Mention, cues: list[CueHit], folded: Folded, start: int, end: int, book: Rulebook) -> bool:
    """Whether a class noun is the verb that its word can be as well: behind a modal or *to*, or before an object of its own."""
    if not any(hit.start == mention.start and hit.end == mention.end and hit.phrase.base_form for hit in cues):
        return False
    match = _BEFORE.search(folded.text, max(start, mention.start - 16), mention.start)
    lead = match[1] if match else ""
    if book.words.get(lead, "") in _VERB_LEADS:
        return True
    return bool(lead) and lead not in book.words and folded.cased[mention.start - len(lead) - 1].isupper() and bool(
        book.patterns["object_ahead"].match(folded.text, mention.end, end)
    )  # fmt: skip


def _in_body(mention: Mention, folded: Folded, start: int, end: int, bodies: Mapping[str, str]) -> bool:
    """Whether capitalised words lead from the noun to one that heads the name of a firm, works or office."""
    if mention.start == start or not folded.cased[mention.start].isupper():
        return False
    at = mention.end
    for _ in range(3):
        match = _NEXT.match(folded.cased, at, end)
        if match is None or not match[1][0].isupper():
            return False
        if match[1].lower() in bodies:
            return True
        at = match.end()
    return False


def name_ships(mentions: list[Mention], folded: Folded, start: int, end: int, book: Rulebook) -> list[Mention]:
    """Ships that no gazetteer knows, named right behind the noun for their kind: *the frigate Psara*, *a patrol vessel, the Hamad*.

    Such a mention has an entry of its own: the name as printed, the category of the noun.
    """
    nouns = [(m, m.entry) for m in mentions if m.kind == "c" and m.entry is not None and m.entry.type == "class"]
    nouns = [(mention, entry) for mention, entry in nouns if (entry.category or "").startswith("ship/")]
    if not nouns:
        return []
    words = folded.cased[start:end].split()
    if sum(word[:1].isupper() for word in words) * 2 > len(words) + 2:
        return []  # a heading in capitals tells nothing by them
    taken = [(m.start, m.end) for m in mentions if m.kind in "EUcPeNOHCA"]
    found = []
    for mention, entry in nouns:
        match = _SHIP_NAME.match(folded.cased, mention.end, end)
        if folded.cased[mention.start].isupper() and mention.start != start:
            continue  # *as Frigate Books opened its shop*
        if match is None or (folded.text[mention.end - 1] == "s" and folded.text[mention.end : mention.end + 1] == ","):
            continue
        several = folded.text[mention.end - 1] == "s"
        while match is not None:
            lo, hi = match.span(1)
            known = any(a < hi and lo < b for a, b in taken)
            if folded.text[lo:hi] in book.words or (known and not several):
                break
            if not known:
                ship = Mention(lo, hi, "E", unlisted(folded.cased[lo:hi], "equipment", "E", entry.category), 0, "named-ship", None, 65)
                found.append(ship)
            # *the corvettes Wenshan (623) and Bazhong (625)*
            match = book.patterns["next_ship"].match(folded.cased, hi, end) if several else None
    return found


def count_people(mentions: list[Mention], folded: Folded, end: int, book: Rulebook) -> None:
    """Make people of counted nationals (*700 Norwegians will join them*): the mention becomes troops of that side.

    Only where what follows shows that the word is a noun, and not where it apposes people already named (*the soldiers, some 220
    Americans*).
    """
    for index in range(1, len(mentions)):
        number, people = mentions[index - 1], mentions[index]
        if people.kind != "A" or number.kind != "Q" or people.actor is None or people.actor.feature != "state":
            continue
        text = folded.text
        if not text[people.start : people.end].endswith(("s", "ese")):
            continue
        if not book.patterns["between_count"].fullmatch(text, number.end, people.start):
            continue
        if index > 1 and mentions[index - 2].kind == "P" and text[mentions[index - 2].end : number.start] == ", ":
            continue
        if index + 1 < len(mentions) and mentions[index + 1].start <= people.end + 1:
            continue
        match = _NEXT.match(text, people.end, end)
        if match is not None and match[1] not in book.words and not match[1].endswith("ed"):
            continue
        people.kind = "P"
        people.entry = unlisted("troops", "class", "P", "personnel/troops")._replace(id="troops")
        people.rule = "counted-people"
