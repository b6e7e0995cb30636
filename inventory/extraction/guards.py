"""Which weak names count: everyday words and people's names that are also tanks, ships or towns."""

from __future__ import annotations

import re
from collections.abc import Container

from inventory.extraction.state import CueHit, Mention
from inventory.rulebook import book as flags
from inventory.rulebook.book import Entry, Rulebook
from inventory.text.fold import Folded

# A sentence in capitals longer than this is a text in capitals, not a heading of names.
_SHOUT = 60
_TOKENS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def is_strong(mention: Mention) -> bool:
    """Whether a mention makes its sentence military by itself."""
    return not mention.flags & flags.WEAK and mention.kind in "EcPUe"


def military(cues: list[CueHit]) -> bool:
    """Whether a cue of military context stands among the hits."""
    return any(hit.phrase.military for hit in cues)


def guard_heads(
    mentions: list[Mention],
    cues: list[CueHit],
    folded: Folded,
    start: int,
    end: int,
    near_strong: bool,
    book: Rulebook,
    other_trade: Container[str] = (),
    civil_first: Container[str] = (),
) -> list[Mention]:
    """The head mentions of a sentence without the weak ones whose guard does not open.

    A class noun opens with military context: a strong name or a context cue beside it (other than itself). A weak type name
    opens with one of its cue words, a strong name in the sentence, or a count before its capitalised plural. In a sentence
    without a strong name, a word of another trade (`other_trade`: *software*, *database*) keeps class nouns shut. For a noun of
    `civil_first` (*company*) what the sentence before said is not enough, nor a mere word of context where it is not counted.
    """
    text, patterns = folded.text, book.patterns
    trade = any(token in other_trade for token in _TOKENS.findall(text, start, end)) if other_trade else False
    if trade or (end - start > _SHOUT and folded.cased[start:end].isupper()):
        for mention in mentions:
            if mention.flags & flags.NEED_UPPER and not mention.flags & flags.DESIGNATOR:
                # Capitals tell nothing in another trade (*RPG*, a language), or where all is in capitals (*SAM SMITH SHALL NOT BE LIABLE*).
                mention.flags |= flags.WEAK
    weak = [m for m in mentions if m.flags & flags.WEAK]
    if not weak:
        return mentions
    strong = [m for m in mentions if is_strong(m)]
    # Two different everyday nouns of the field confirm each other: *a mortar and two armoured trucks*.
    nouns = [m.entry for m in weak if m.entry is not None and m.entry.type == "class" and m.kind in "ce" and not m.entry.institution]
    everyday = {entry.id for entry in nouns} if any(flags.LEANS in entry.cues for entry in nouns) else set()
    words: set[str] | None = None
    kept = []
    types: set[int] = set()
    for mention in weak:
        entry = mention.entry
        if entry is None or entry.type == "class":
            continue
        if words is None:
            words = {m[0] for m in _TOKENS.finditer(text, start, end)}
        if patterns["titled"].search(text, max(start, mention.start - 12), mention.start) or patterns["born"].match(text, mention.end):
            continue
        if text[mention.start : mention.end] in book.proper and patterns["at_place"].search(
            text, max(start, mention.start - 40), mention.start
        ):
            continue  # *in the siege of Nyala*
        own = set(_TOKENS.findall(text[mention.start : mention.end]))
        individual = entry.category is not None and entry.category.startswith("ship/") and entry.actor is not None
        if individual:
            named = _near_cue(text, mention, entry.cues) or _near_ship(mention, mentions)
            placed = patterns["at_place"].search(text[max(start, mention.start - 40) : mention.start]) is not None
            opens = (named and not placed) or _told_as_ship(folded, mention, book)
        else:
            opens = (
                any(cue in words and cue not in own for cue in entry.cues)
                or (bool(strong) and _beside(mention, strong))
                or _counted_plural(folded, mention, book)
                or _plural_name(folded, mention, cues, weak, near_strong, book)
                or patterns["made_before"].search(text, max(0, mention.start - 40), mention.start) is not None
                or _several_are(folded, mention, book)
                or _before_class(mention, mentions)
            )
        if opens:
            types.add(id(mention))
    if trade and not strong and not types:
        return [m for m in mentions if not m.flags & flags.WEAK]
    for mention in mentions:
        entry = mention.entry
        if not mention.flags & flags.WEAK or id(mention) in types:
            kept.append(mention)
        elif entry is not None and entry.type == "class":
            civil = text[mention.start : mention.end] in civil_first
            if (
                (near_strong and not civil)
                or strong
                or types
                or len(everyday) > 1
                or ((not civil or is_counted(text, mention, book)) and _other_context(mention, cues))
                or _guarded_by_name(mention, mentions)
                or _leans(mention, cues, folded, start, end, book)
            ):
                kept.append(mention)
    return kept


def _plural_name(folded: Folded, mention: Mention, cues: list[CueHit], weak: list[Mention], near: bool, book: Rulebook) -> bool:
    """A capitalised plural (*brought Bradleys*) inside a sentence of military context, or beside another such name."""
    cased = folded.cased
    if not cased[mention.start].isupper() or folded.text[mention.end - 1] != "s" or cased[mention.start - 2 : mention.start - 1] in ".:!?":
        return False
    if mention.start == 0:
        return False
    if near or _other_context(mention, cues):
        return True
    return any(
        other is not mention
        and other.entry is not None
        and other.entry.type == "equipment"
        and other.entry is not mention.entry
        and cased[other.start].isupper()
        and folded.text[other.end - 1] == "s"
        and _counted_plural(folded, other, book)
        for other in weak
    )


def _several_are(folded: Folded, mention: Mention, book: Rulebook) -> bool:
    """*Two CH-4 were lost*: several of a name without a plural, as only types are counted."""
    text, cased = folded.text, folded.cased
    if not cased[mention.start].isupper() or text[mention.end - 1] == "s" or not book.patterns["many_are"].match(text, mention.end):
        return False
    return book.patterns["more_than_one"].search(text, max(0, mention.start - 40), mention.start) is not None


def _leans(mention: Mention, cues: list[CueHit], folded: Folded, start: int, end: int, book: Rulebook) -> bool:
    """Whether a noun that leans to the military is counted and told of, or one of its own cue words stands in the sentence."""
    entry = mention.entry
    if entry is None:
        return False
    text = folded.text
    if mention.kind == "P" and book.patterns["named_before"].search(folded.cased, max(start, mention.start - 40), mention.start):
        return True  # *1,200 Wagner fighters*: counted, and of a side with a name
    counted = is_counted(text, mention, book) or (text[mention.end - 1] == "s" and follows_name(folded.cased, mention))  # *Israeli tanks*
    if flags.LEANS in entry.cues and counted and any(hit.phrase.statuses for hit in cues):
        return True
    words = set(_TOKENS.findall(text[start:end]))
    return any(cue in words for cue in entry.cues)


def _other_context(mention: Mention, cues: list[CueHit]) -> bool:
    for hit in cues:
        if hit.start < mention.end and mention.start < hit.end:
            continue
        if hit.phrase.military and not any(other.start <= hit.start and hit.end <= other.end and other.phrase.pseudo for other in cues):
            return True
    return False


def _guarded_by_name(mention: Mention, mentions: list[Mention]) -> bool:
    """A class noun right behind a weak type name (*Leopard tanks*): each is the other's cue."""
    return any(
        other is not mention and other.entry is not None and other.entry.type == "equipment" and other.end <= mention.start <= other.end + 2
        for other in mentions
    )


def is_counted(text: str, mention: Mention, book: Rulebook) -> bool:
    """Whether a number or an article counts the noun."""
    return book.patterns["number_before"].search(text, max(0, mention.start - 40), mention.start) is not None


def follows_name(cased: str, mention: Mention) -> bool:
    """Whether a capitalised word stands right before a noun in small letters: perhaps whose people they are."""
    before = cased.rfind(" ", 0, max(mention.start - 1, 0)) + 1
    return cased[before : before + 1].isupper() and cased[mention.start].islower() and cased[mention.start - 1 : mention.start] == " "


def _before_class(mention: Mention, mentions: list[Mention]) -> bool:
    """A weak type name right before a class noun of equipment: *five Strela vehicles*."""
    return any(
        other.entry is not None and other.entry.type == "class" and other.kind == "c" and 1 <= other.start - mention.end <= 2
        for other in mentions
    )


def _near_cue(text: str, mention: Mention, cues: frozenset[str] | tuple[str, ...]) -> bool:
    around = set(_TOKENS.findall(text[max(0, mention.start - 60) : mention.end + 40]))
    return any(cue in around for cue in cues)


def _near_ship(mention: Mention, mentions: list[Mention]) -> bool:
    """Another ship or a naval unit close by confirms a ship's bare name."""
    for other in mentions:
        if other is mention or other.entry is None or abs(other.start - mention.start) > 90:
            continue
        category = other.entry.category or ""
        if (category.startswith("ship/") and not (other.flags & flags.WEAK and other.entry.actor is not None)) or category in (
            "unit/fleet",
            "unit/flotilla",
            "unit/strike-group",
        ):
            return True
    return False


def _told_as_ship(folded: Folded, mention: Mention, book: Rulebook) -> bool:
    """Whether a capitalised name has the article and is told of as a ship."""
    if not folded.cased[mention.start].isupper() or folded.text[max(0, mention.start - 4) : mention.start] != "the ":
        return False
    return (
        book.patterns["at_sea"].match(folded.text, mention.end) is not None
        or book.patterns["aboard"].search(folded.text, max(0, mention.start - 40), mention.start) is not None
    )


def _beside(mention: Mention, strong: list[Mention]) -> bool:
    return any(abs(other.start - mention.start) < 120 for other in strong)


def _counted_plural(folded: Folded, mention: Mention, book: Rulebook) -> bool:
    cased = folded.cased
    if not cased[mention.start].isupper() or folded.text[mention.end - 1] != "s":
        return False
    name = mention.entry.name if mention.entry is not None else ""
    printed = cased[mention.start : mention.end]
    if name.casefold().endswith(printed.casefold()) and not name.endswith(printed):
        return False  # the name itself ends so: *three Laws* are not LaWS lasers (but *31 Abrams* are)
    return book.patterns["count_before"].search(folded.text, max(0, mention.start - 40), mention.start) is not None


def guard_proper(mentions: list[Mention], folded: Folded, start: int, end: int, book: Rulebook, strong: bool = False) -> list[Mention]:
    """Proper names of a sentence without weak ones out of place and without surnames that are also towns."""
    kept = []
    cased, text = folded.cased, folded.text
    previous_end = -1
    leading = book.values.get("before_place", ())
    months = book.values.get("months", {})
    for mention in mentions:
        if mention.kind == "L" and text[mention.start : mention.end] in months:
            continue  # *in the year to March*
        other = mention.entries[-1] if mention.kind == "L" and mention.entries else None
        if other is not None and other.type == "operation":
            mention.entries = mention.entries[:-1]
            if _operation_near(text, mention, other, start, end):
                mention.kind, mention.entry, mention.entries, mention.rule = "O", other, (other,), other.id
        elif other is not None and other.type == "actor":
            mention.entries = mention.entries[:-1]
            if _cued(text, mention, other, start, end):
                mention.kind, mention.entry, mention.actor, mention.entries, mention.rule = other.kind, other, other, (other,), other.id
                kept.append(mention)
                continue
        if mention.kind == "O":
            entry = mention.entry
            if mention.flags & flags.WEAK and entry is not None and not _operation_near(text, mention, entry, start, end):
                continue
            kept.append(mention)
            continue
        if mention.kind == "G" and mention.flags & flags.WEAK and mention.actor is not None and mention.actor.cues:
            # Its cue may stand anywhere in the text; beside a military name, capitals are enough (*fired by the TTP*).
            short = strong and mention.end - mention.start > 2 and cased[mention.start : mention.end].isupper()
            if short or _cued(text, mention, mention.actor, 0, len(text)):
                kept.append(mention)
                previous_end = mention.end
            continue
        if mention.flags & flags.WEAK:
            before = text[start : mention.start]
            follows = cased[mention.end : mention.end + 2]
            if mention.kind == "L" and follows[:1] == " " and follows[1:].isupper():
                continue  # *West African*, *Reading Borough*: an everyday word that begins a longer name
            follows_comma = (
                text[mention.end : mention.end + 2] == ", "
                and cased[mention.end + 2 : mention.end + 3].isupper()
                and before.rstrip().endswith("in")
            )
            if mention.kind in "CGA" and cased[mention.start : mention.end].isupper() and mention.end - mention.start > 1:
                kept.append(mention)
            elif (
                (not before.endswith("of ") and book.patterns["leads_to_place"].search(before))
                or follows_comma
                or (before.endswith(", ") and previous_end == mention.start - 2)
            ):
                kept.append(mention)
                previous_end = mention.end
            continue
        if (
            mention.kind in "LC"
            and _surname(cased, mention, start, previous_end, leading)
            and not book.patterns["leads_to_place"].search(text[start : mention.start])
        ):
            continue
        kept.append(mention)
        previous_end = mention.end
    return kept


def _operation_near(text: str, mention: Mention, entry: Entry, start: int, end: int) -> bool:
    """Whether a word for exercises stands near a name that may be one."""
    around = text[max(start, mention.start - 40) : mention.start] + " " + text[mention.end : min(end, mention.end + 40)]
    return any(cue in around for cue in entry.cues)


def _cued(text: str, mention: Mention, entry: Entry, start: int, end: int) -> bool:
    """Whether one of an entry's cue words stands between `start` and `end` beside the mention itself."""
    if all(text.find(cue.partition(" ")[0], start, end) < 0 for cue in entry.cues):
        return False  # the text may be long: look closer only where a first word stands
    around = f" {' '.join(_TOKENS.findall(text[start : mention.start] + ' ; ' + text[mention.end : end]))} "
    return any(f" {cue} " in around for cue in entry.cues)


def _surname(cased: str, mention: Mention, start: int, previous_end: int, leading: Container[str]) -> bool:
    """A town's or state's name right behind a capitalised word that is no name of ours reads as a surname."""
    at = mention.start - 1
    if at <= start or cased[at] != " " or at <= previous_end:
        return False
    begin = cased.rfind(" ", start, at) + 1
    word = cased[max(begin, start) : at].strip("\"'(")
    if len(word) < 2 or not word[0].isupper() or not word.isalpha() or word.isupper():
        return False
    return word.lower() not in leading and begin > start
