"""Find names: head nouns over the whole folded text in one scan; proper names, cue phrases and tokens only where asked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from inventory.extraction.otherwise import doubt_lone, drop_redefined, is_no_type, is_noise, is_other_word
from inventory.extraction.state import CueHit, Mention
from inventory.rulebook import book as flags
from inventory.rulebook.book import FLAG_BITS, WORD, Entry, Rulebook, Token, TokenIndex
from inventory.text.fold import Folded

# A word, and the run of letters or of figures that it begins with.
_RUN = re.compile(r"([^\W\d_]+|\d+)[^\W_]*")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")  # two regional indicators: the flag of a state
_MASK = (1 << FLAG_BITS) - 1
_SIZE_SUFFIXES = ("-size", "-stre", "-leve")
# Which kind wins when one printed name belongs to several entries.
_KIND_ORDER = {"E": 0, "U": 1, "c": 2, "P": 2, "e": 2, "M": 2, "-": 9}


def find_heads(folded: Folded, book: Rulebook, start: int = 0, end: int | None = None) -> list[Mention]:
    """Equipment, personnel, unit and materiel names in the folded text, longest first where they overlap.

    Weak names are kept with their flag; their guard needs the sentence. Names of kind `-` (to be ignored) have done
    their work by swallowing shorter ones and are left out.
    """
    text, cased = folded.text, folded.cased
    piece = text if end is None and start == 0 else text[start:end]
    hits = book.automaton("heads").find_matches_as_indexes(piece, overlapping=True)
    if not hits:
        return []
    refs_of = book.head_refs
    entries = book.entries.written
    length = len(text)
    found: list[tuple[int, int, bool, int, tuple[int, ...]]] = []
    for index, begin, stop in hits:
        begin += start
        stop += start
        variant = False
        if begin and (text[begin - 1].isalnum() or text[begin - 1] in "_°"):
            continue
        if stop < length and (text[stop].isalnum() or text[stop] == "_"):
            if text[stop] == "s" and (stop + 1 == length or not text[stop + 1].isalnum()):
                stop += 1
            else:
                grown = _variant_end(cased, begin, stop, length) if refs_of[index][0] & flags.DESIGNATOR else 0
                if not grown:
                    continue
                stop = grown
                variant = True
        if stop < length and text[stop] in ".-" and _continues(text, stop) and refs_of[index][0] & flags.DESIGNATOR:
            continue
        if stop < length and text[stop] == "@" and text[stop + 1 : stop + 2].isalnum():
            continue  # the beginning of a mail address
        found.append((begin, -stop, variant, index, refs_of[index]))
    if not found:
        return []
    found.sort()
    mentions: list[Mention] = []
    for begin, negative, _, index, refs in found:
        stop = -negative
        if mentions and begin < mentions[-1].end:
            last = mentions[-1]
            if stop - begin <= last.end - last.start or (
                last.entry is not None and last.entry.type != "class" and entries[refs[0] >> FLAG_BITS][2] == "class"
            ):
                continue  # *Javelin missile launchers*: a class noun never takes a name's characters
        name_end = begin + len(book.head_names[index])
        mention = _head(text, cased, begin, stop, name_end, refs, book)
        if mention is None or is_no_type(mention, cased, book) or (mention.flags & flags.DESIGNATOR and is_noise(cased, begin, stop)):
            continue
        if mentions and begin < mentions[-1].end:
            mentions.pop()
        if stop > name_end + 1 or (stop == name_end + 1 and text[name_end] != "s"):
            mention.variant = cased[name_end:stop]
        mentions.append(mention)
    mentions = [m for m in mentions if m.kind != "-"]
    if end is None and start == 0:
        mentions = drop_redefined(mentions, folded)
        doubt_lone(mentions, folded, book)
    return mentions


def _counts_people(cased: str, begin: int, name_end: int, ref: int, book: Rulebook) -> bool:
    """Whether the plural of a unit's name with a small letter is people: *three Polish border guards* are not the Border Guard."""
    last = cased.rfind(" ", begin, name_end) + 1
    return last > begin and cased[last].islower() and book.entries.type_of(ref >> FLAG_BITS) == "unit"


def _continues(text: str, at: int) -> bool:
    """Whether the number of a designator goes on behind it, as that of a version or a date does: *BY-SA-3.0*, *Apr-3-2008*."""
    return text[at + 1 : at + 2].isdigit() if text[at] == "." else text[at + 1 : at + 5].isdigit() and at + 5 <= len(text)


def _variant_end(cased: str, begin: int, at: int, length: int) -> int:
    """Where the variant letters behind a designator end (`T-72` in *T-72AV*), or 0 when they are none.

    One of three characters or fewer without a hyphen takes two at most: *K2PL*, not *K2CO3*.
    """
    end = at
    most = 2 if at - begin <= 3 and "-" not in cased[begin:at] else 5
    while end < length and end - at < most and (cased[end].isupper() or cased[end].isdigit()):
        end += 1
    if end == at or not cased[at].isupper():
        return 0
    if end < length and cased[end] == "s" and (end + 1 == length or not cased[end + 1].isalnum()):
        return end
    return 0 if end < length and cased[end].isalnum() else end


def _head(text: str, cased: str, begin: int, stop: int, name_end: int, refs: tuple[int, ...], book: Rulebook) -> Mention | None:
    best: tuple[int, int, Any, int] | None = None
    first = cased[begin]
    for ref in refs:
        bits = ref & _MASK
        if bits & flags.NEED_CAPITAL and not (first.isupper() or first.isdigit()):
            continue
        if bits & flags.NEED_UPPER and not cased[begin:stop].rstrip("s").isupper():
            continue
        if stop == name_end + 1 and bits & flags.NEED_CAPITAL and _counts_people(cased, begin, name_end, ref, book):
            continue
        if (
            stop == name_end + 1
            and cased[name_end] == "S"
            and bits & flags.NEED_UPPER
            and not cased[max(0, begin - 12) : stop + 12].isupper()
        ):
            continue  # *GIS* is no plural of *GI*
        row = book.entries.written[ref >> FLAG_BITS]
        if stop == name_end + 1 and bits & flags.WEAK and row[5] and (row[4] or "").startswith("ship/"):
            continue  # an everyday word that is one ship by name has no plural
        if (
            stop - begin > 2
            and text[stop - 2] == " "
            and row[2] == "equipment"
            and not (cased[stop - 1].isupper() or cased[stop - 1].isdigit())
        ):
            continue  # the last letter of a type is a capital: *a Gripen e-bike* is none
        rank = (bits & flags.WEAK) * 10 + _KIND_ORDER.get(row[3], 5)
        if best is None or rank < best[0]:
            best = (rank, bits, row, ref >> FLAG_BITS)
    if best is None:
        return None
    _, bits, row, number = best
    kind = row[3]
    if (
        kind == "P"
        and first.isupper()
        and begin > 2
        and cased[begin - 1] == " "
        and cased[begin - 2] not in ".!?:\n\"'"
        and not bits & flags.NEED_UPPER
        and not cased[begin:stop].isupper()
        and row[0] != "marine"
    ):
        return None  # *the Gunners*, *Rangers*: a name, not people
    if row[2] == "class" and kind != "-":
        if is_other_word(text, cased, begin, stop, book):
            return None
        if begin and text[begin - 1] == "-" and begin > 1 and text[begin - 2].isalnum():
            return None
        if (
            text[stop : stop + 1] == "-"
            and text[stop + 1 : stop + 2].isalpha()
            and not (kind == "e" and text[stop : stop + 5] in _SIZE_SUFFIXES)
        ):
            return None
    mention = Mention(begin, stop, kind, book.entry(number), bits, row[0], priority=60)
    return mention


def find_proper(folded: Folded, book: Rulebook, start: int, end: int) -> list[Mention]:
    """Actors, places and operations in a stretch of the cased text, word by word, longest name first."""
    cased = folded.cased
    table, longest = book.proper, book.proper_words
    words = [m.span() for m in WORD.finditer(cased, start, end)]
    small = book.proper_small
    mentions: list[Mention] = []
    count = len(words)
    position = 0
    while position < count:
        begin, stop = words[position]
        word = cased[begin:stop]
        if word[0].islower() and word not in small and (word[-1] != "s" or word[:-1] not in small):
            position += 1
            continue
        most = longest.get(word) or (1 if word in table else 0)
        if not most and word[-1] == "s":
            most = longest.get(word[:-1]) or (1 if word[:-1] in table else 0)
        if not most:
            position += 1
            continue
        taken = 0
        for size in range(min(most, count - position), 0, -1):
            last = words[position + size - 1][1]
            name = cased[begin:last]
            refs = table.get(name)
            if refs is None:
                if cased.startswith(".", last):
                    refs = table.get(name + ".")
                    if refs is not None:
                        last += 1
                if refs is None and size > 1 and "-" in name:
                    refs = table.get(name.replace("-", " "))  # *South-Kivu*, *Tel-Aviv*
                if refs is None and name[-1] == "s" and len(name) > 4:
                    refs = _only(table.get(name[:-1]), flags.DEMONYM | flags.ADJECTIVE)
                if refs is None:
                    continue
            mention = _proper(begin, last, (refs,) if isinstance(refs, int) else refs, book)
            if mention is not None:
                mentions.append(mention)
                taken = size
                break
        position += taken or 1
    for match in _FLAG.finditer(cased, start, end):
        refs = table.get(match[0])
        if refs is not None and (found := _proper(*match.span(), (refs,) if isinstance(refs, int) else refs, book)) is not None:
            mentions.append(found)
    return mentions


def _only(refs: int | tuple[int, ...] | None, flag: int) -> tuple[int, ...] | None:
    if refs is None:
        return None
    kept = tuple(ref for ref in ((refs,) if isinstance(refs, int) else refs) if ref & flag)
    return kept or None


def _proper(begin: int, end: int, refs: tuple[int, ...], book: Rulebook) -> Mention | None:
    places: list[Entry] = []
    actor: tuple[int, Entry] | None = None
    other: Entry | None = None
    weak = flags.WEAK
    for ref in refs:
        entry = book.entry(ref >> FLAG_BITS)
        bits = ref & _MASK
        if entry.type == "actor":
            if actor is None or (bits & flags.METONYM) < (actor[0] & flags.METONYM):
                actor = (bits, entry)
            weak &= bits
        elif entry.type == "place":
            places.append(entry)
            weak &= bits
        else:
            other = entry
            weak &= bits
    if actor is not None:
        bits, entry = actor
        if bits & (flags.ADJECTIVE | flags.DEMONYM):
            kind = "A"
        elif bits & flags.METONYM:
            kind = "L" if places else "G"
        else:
            kind = entry.kind
        if kind == "G" and bits & flags.WEAK and places:
            # A weak side that is also a town is the town unless the side's own cue stands by: see `guard_proper`.
            mention = Mention(begin, end, "L", places[0], weak, places[0].id)
            mention.entries = (*places, entry)
            return mention
        mention = Mention(begin, end, kind, entry, bits & ~flags.WEAK | weak, entry.id)
        mention.actor = entry
        if kind == "L":
            mention.entries = tuple(places)
            mention.entry = places[0]
        elif places and kind == "C":
            mention.entries = (entry, *places)
        return mention
    if places:
        mention = Mention(begin, end, "L", places[0], weak, places[0].id)
        mention.entries = tuple(places)
        if other is not None:
            mention.entries = (*mention.entries, other)
        return mention
    if other is not None:
        return Mention(begin, end, "O", other, weak, other.id)
    return None


def find_cues(folded: Folded, book: Rulebook, start: int, end: int) -> list[CueHit]:
    """Cue phrases in a stretch of the folded text, with whole words; overlapping ones are all kept."""
    text = folded.text
    length = len(text)
    hits: list[CueHit] = []
    phrase = book.phrase
    for index, begin, stop in book.automaton("phrases").find_matches_as_indexes(text[start:end], overlapping=True):
        begin += start
        stop += start
        if (begin and (text[begin - 1].isalnum() or text[begin - 1] == "-")) or (stop < length and text[stop].isalnum()):
            continue
        hits.append(CueHit(begin, stop, phrase(index)))
    return hits


def find_tokens(folded: Folded, book: Rulebook, start: int, end: int, *, everywhere: bool = False) -> list[tuple[Token, Any]]:
    """Matches of every token rule in a stretch: pairs of rule and match; those of one rule do not overlap.

    A rule is tried only at words with which it can begin (:mod:`inventory.rulebook.starts`); `everywhere` scans with all.
    """
    text, cased = folded.text, folded.cased
    index = book.token_index()
    found: list[tuple[Token, Any]] = []
    if everywhere:
        _scan_tokens(folded, index, range(len(index.rules)), start, end, found)
        return found
    beginning, tries = index.beginning, index.tries
    after_letters, after_digits = index.after_letters, index.after_digits
    piece = text[start:end]
    able = index.possible(piece)
    ends = [0] * len(index.rules)
    for run in _RUN.finditer(cased, start, end):
        at = run.start()
        low, capital, both = beginning[cased[at : at + 3]]
        wanted = able & both
        if not wanted:
            continue
        stop = run.end(1)
        if stop < end and run[0].isascii():
            wanted &= (after_digits if cased[at].isdigit() else after_letters)[cased[stop : stop + 2]]
            if not wanted:
                continue
        for number, exact, attempt, rule in tries[wanted & low] + tries[wanted & capital] if capital else tries[wanted]:
            if at < ends[number]:
                continue
            match = attempt(cased if exact else text, at, end)
            if match is not None and match.end() > at:
                ends[number] = match.end()
                found.append((rule, match))
    for sign, mask, seconds in index.signs:
        if sign not in piece or not able & mask:
            continue
        at = text.find(sign, start, end)
        while at >= 0:
            second = text[at + 1 : at + 2]
            wanted = able & (seconds.get(second, 0) | seconds.get(cased[at + 1 : at + 2], 0) if second.isascii() else mask)
            if wanted:
                for number, exact, attempt, rule in tries[wanted]:
                    if at < ends[number]:
                        continue
                    match = attempt(cased if exact else text, at, end)
                    if match is not None and match.end() > at:
                        ends[number] = match.end()
                        found.append((rule, match))
            at = text.find(sign, at + 1, end)
    _scan_tokens(folded, index, [number for number in index.scanned if able >> number & 1], start, end, found)
    return found


def _scan_tokens(folded: Folded, index: TokenIndex, numbers: Iterable[int], start: int, end: int, found: list[tuple[Token, Any]]) -> None:
    """Scan a whole stretch with some rules."""
    text, cased = folded.text, folded.cased
    piece = text[start:end]
    for number in numbers:
        rule = index.rules[number]
        if rule.needs and not any(need in piece for need in rule.needs):
            continue
        for match in index.finders[number](cased if rule.exact else text, start, end):
            if match.end() > match.start():
                found.append((rule, match))
