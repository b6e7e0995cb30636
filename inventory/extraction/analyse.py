"""A document → its sentences with mentions, cues and elements. A document pays only for what it holds.

`everywhere=True` is the plain reference path: every token and link rule is scanned over every sentence that is read, wherever
it might begin. It must give the same facts.
"""

from __future__ import annotations

import datetime as dt
import itertools

from inventory.extraction.compounds import count_people, drop_modifiers, name_ships
from inventory.extraction.guards import follows_name, guard_heads, guard_proper, is_counted, is_strong, military
from inventory.extraction.lists import HEADING, Lists
from inventory.extraction.scan import find_cues, find_heads, find_proper, find_tokens
from inventory.extraction.sentence import Sentence, build_elements, settle
from inventory.extraction.state import CueHit, Mention
from inventory.extraction.token_values import token_mention
from inventory.rulebook import book as flags
from inventory.rulebook.book import Phrase, Rulebook
from inventory.rulebook.kinds import ARMED_GROUPS, ITEM_KINDS
from inventory.text.fold import Folded
from inventory.text.split import Block, split_blocks, split_sentences

# Features of places that are military in themselves.
_SITES = frozenset({"airbase", "naval-base", "barracks", "training-area", "range", "missile-site", "headquarters"})
# Sentences of a block, behind one that is military by itself, in which everyday nouns count.
_REACH = 4
# Kinds of side that bear arms whatever they do.


class Analysis:
    """What was found in a document."""

    __slots__ = ("above", "anchor", "blocks", "book", "busy", "folded", "headings", "lists", "sentences")

    def __init__(self, folded: Folded, book: Rulebook, anchor: dt.date | None) -> None:
        self.folded = folded
        self.book = book
        self.anchor = anchor
        self.blocks: list[Block] = []
        self.busy: set[int] = set()
        self.lists: dict[int, tuple[int, int]] = {}
        self.headings: dict[int, Sentence] = {}
        self.above: dict[int, Sentence | None] = {}
        self.sentences: list[Sentence] = []


def analyse(folded: Folded, book: Rulebook, anchor: dt.date | None, *, everywhere: bool = False, whole: bool = False) -> Analysis:
    """Find the sentences worth reading and what stands in them; see the module's docstring. `whole` reads every sentence."""
    result = Analysis(folded, book, anchor)
    heads = find_heads(folded, book)
    if not heads and not whole:
        return result
    blocks = result.blocks = list(split_blocks(folded.cased, book.words))
    lists = Lists(folded, book, blocks, heads)
    result.lists = lists.spans
    spans: list[tuple[int, int, int]] = []
    at = 0
    total = len(heads)
    chosen: list[tuple[int, int, int, list[Mention], list[CueHit] | None]] = []
    for number, block in enumerate(blocks):
        while at < total and heads[at].end <= block.start:
            at += 1
        if not whole and (at >= total or heads[at].start >= block.end):
            continue
        settled = False
        first = len(spans)
        spans.extend((s, e, number) for s, e in split_sentences(folded.cased, block.start, block.end, book.words))
        for start, end, _ in spans[first:]:
            own: list[Mention] = []
            while at < total and heads[at].start < end:
                if heads[at].start >= start:
                    own.append(heads[at])
                at += 1
            strong = any(is_strong(m) for m in own)
            cues: list[CueHit] | None = None
            if own and not strong and not settled and not whole:
                cues = find_cues(folded, book, start, end)
                kept = guard_heads(own, cues, folded, start, end, lists.military(number), book)
                # *14 Corps*: the grammar will tell; *50,000 fighters*, *Wagner fighters*: the side beside them may.
                own = [
                    m
                    for m in own
                    if m in kept
                    or (m.kind == "e" and folded.cased[m.start].isupper())
                    or (m.kind in "Pc" and is_counted(folded.text, m, book))
                    or (m.kind == "P" and follows_name(folded.cased, m))
                ]
            if own or whole:
                chosen.append((start, end, number, own, cues))
                settled = True
    _read_sentences(result, chosen, spans, lists, everywhere)
    return result


def _read_sentences(
    result: Analysis,
    chosen: list[tuple[int, int, int, list[Mention], list[CueHit] | None]],
    spans: list[tuple[int, int, int]],
    lists: Lists,
    everywhere: bool,
) -> None:
    """Analyse the chosen sentences, the sentence before each, and the headings above them."""
    folded, book = result.folded, result.book
    order = {start: index for index, (start, _, _) in enumerate(spans)}
    order_of_chosen = {start for start, *_ in chosen}
    wanted: dict[int, tuple[int, int, int, list[Mention], list[CueHit] | None, bool]] = {}
    for start, end, block, own, cues in chosen:
        index = order[start]
        if index:
            before = spans[index - 1]
            if before[2] == block and before[0] not in wanted:
                wanted[before[0]] = (*before, [], None, False)
        wanted[start] = (start, end, block, own, cues, True)
        if any(m.entry is not None and m.entry.category == "unit/exercise" for m in own) and index + 1 < len(spans):
            after = spans[index + 1]  # an exercise is often named only in the sentence behind
            if after[2] == block and after[0] not in wanted:
                wanted[after[0]] = (*after, [], None, False)
        if index + 1 < len(spans) and spans[index + 1][2] == block and spans[index + 1][0] not in order_of_chosen:
            after = spans[index + 1]
            if _goes_on(folded, after[0], after[1], book):
                wanted[after[0]] = (*after, [], None, True)
    # Step by step over all sentences, not sentence by sentence: what a step works with then stays near the processor.
    todo = [wanted[start] for start in sorted(wanted)]
    hits = [find_cues(folded, book, start, end) if cues is None else cues for start, end, _, _, cues, _ in todo]
    named = find_others([(start, end, bool(own)) for start, end, _, own, _, _ in todo], folded, book, everywhere=everywhere)
    near_until = -1  # the last sentence that what was said before still makes military
    last_block = -1
    for (start, end, block, own, _, hot), cues, others in zip(todo, hits, named, strict=True):
        if block != last_block:
            near_until = len(spans) if lists.military(block) else -1
            last_block = block
        sentence = Sentence(start, end, block, hot)
        near = order[start] <= near_until
        _settle_mentions(sentence, own, cues, others, folded, book, near)
        # Everyday nouns that count only because of a sentence before hand nothing on: a long letter does not stay military for one word.
        if not sentence.kinds.isdisjoint(ITEM_KINDS) and (
            not near or military(sentence.cues) or any(m.kind in ITEM_KINDS and not m.flags & flags.WEAK for m in sentence.mentions)
        ):
            near_until = max(near_until, order[start] + _REACH)
        result.sentences.append(sentence)
    for sentence in result.sentences:
        build_elements(sentence, folded, book)
        sentence.hot = sentence.hot and (not sentence.kinds.isdisjoint(ITEM_KINDS) or _goes_on(folded, sentence.start, sentence.end, book))
    result.busy = {s.block for s in result.sentences if s.hot}
    for number in sorted(result.busy):
        _find_heading(result, number)


def _goes_on(folded: Folded, start: int, end: int, book: Rulebook) -> bool:
    """Whether a sentence counts what the one before names: it begins with a number, says *of them* or *put their number at*."""
    text = folded.text[start:end]
    if " of them" in text or any(f" {noun} at " in text or f" {noun} was " in text for noun in book.values.get("bare_count_figure", ())):
        return True
    numbers = book.values.get("numbers", {})
    return any(word[:1].isdigit() or word.partition("-")[0] in numbers for word in text[:40].split()[:6])


def _find_heading(result: Analysis, under: int) -> None:
    """Read the nearest heading or list header above a block once, for what it hands down."""
    blocks, cased, busy = result.blocks, result.folded.cased, result.busy
    listed = result.lists.get(under)
    first = listed[0] if listed is not None else under - 1
    bullet = blocks[under].bullet or listed is not None
    for number in range(first, max(-1, first - 40), -1):
        block = blocks[number]
        last = cased[block.end - 1]
        header = bullet and last == ":"
        short = block.end - block.start <= HEADING and last not in '.!?;,"' and not block.bullet
        if header or (short and number not in busy):
            if block.start not in result.headings:
                heading = Sentence(block.start, block.end, number, False)
                read_sentence(heading, [], None, result.folded, result.book, True)
                result.headings[block.start] = heading
            return


def title_of(result: Analysis, header: int) -> Sentence:
    """The header line of a table with the line above it, read as one heading."""
    blocks = result.blocks
    first = header
    if header and blocks[header - 1].end - blocks[header - 1].start <= 2 * HEADING:
        first = header - 1
    key = -1 - blocks[first].start
    if key not in result.headings:
        title = Sentence(blocks[first].start, blocks[header].end, header, False)
        read_sentence(title, [], None, result.folded, result.book, True)
        result.headings[key] = title
    return result.headings[key]


def heading_of(result: Analysis, sentence: Sentence) -> Sentence | None:
    """The heading that :func:`analyse` read above a sentence, if any; looked up once a block."""
    under = sentence.block
    if under not in result.above:
        starts = (result.blocks[number].start for number in range(under - 1, max(-1, under - 42), -1))
        result.above[under] = next((result.headings[start] for start in starts if start in result.headings), None)
    return result.above[under]


def read_sentence(
    sentence: Sentence,
    heads: list[Mention],
    cues: list[CueHit] | None,
    folded: Folded,
    book: Rulebook,
    near_strong: bool,
    *,
    everywhere: bool = False,
) -> None:
    """Fill a sentence with its mentions, cues and elements."""
    start, end = sentence.start, sentence.end
    if cues is None:
        cues = find_cues(folded, book, start, end)
    others = find_others([(start, end, bool(heads))], folded, book, everywhere=everywhere)
    _settle_mentions(sentence, heads, cues, others[0], folded, book, near_strong)
    build_elements(sentence, folded, book)


def find_others(spans: list[tuple[int, int, bool]], folded: Folded, book: Rulebook, *, everywhere: bool = False) -> list[list[Mention]]:
    """The mentions of sentences that are no heads: proper names and what token rules find. `spans`: start, end, whether it has heads."""
    proper = [find_proper(folded, book, start, end) for start, end, _ in spans]
    found = [guard_proper(names, folded, *span[:2], book, span[2]) for names, span in zip(proper, spans, strict=True)]
    tokens = [find_tokens(folded, book, start, end, everywhere=everywhere) for start, end, _ in spans]
    for mentions, matches in zip(found, tokens, strict=True):
        made = [token_mention(rule, match, book) for rule, match in matches]
        mentions += [mention for mention in made if mention is not None]
    return found


def _settle_mentions(
    sentence: Sentence, heads: list[Mention], cues: list[CueHit], others: list[Mention], folded: Folded, book: Rulebook, near_strong: bool
) -> None:
    """Fill a sentence with the mentions and cues that stay."""
    start, end = sentence.start, sentence.end
    mentions: list[Mention] = []
    if heads and book.patterns["make_believe"].search(folded.text, start, end):
        heads = []
    if heads:
        # A unit by its number, an operation or a military site makes its sentence military as a strong name does.
        near = near_strong or any(
            m.kind in "UO" or (m.entry is not None and (m.entry.feature in _SITES or m.entry.feature in ARMED_GROUPS)) for m in others
        )
        trade, civil = book.values.get("other_trade", {}), book.values.get("civil_first", {})
        mentions = guard_heads(recast(heads, book), cues, folded, start, end, near, book, trade, civil)
    if not (mentions or near_strong):
        others = [
            m for m in others if m.rule != "the-numbered" or int(folded.text[m.start : m.end - 2]) > 31
        ]  # *Friday the 13th is unlucky*
    if mentions:
        mentions = drop_modifiers(mentions, others, cues, folded, start, end, book)
    mentions += others
    if heads:
        mentions += name_ships(mentions, folded, start, end, book)
    sentence.mentions = settle(mentions)
    kinds = {mention.kind for mention in sentence.mentions}
    if "A" in kinds and "Q" in kinds and (near_strong or not kinds.isdisjoint("EUPe") or military(cues)):
        count_people(sentence.mentions, folded, end, book)
        kinds = {mention.kind for mention in sentence.mentions}
    sentence.kinds = kinds
    bounds = [m for m in sentence.mentions if m.kind == "D" or (m.kind == "Q" and m.value.basis not in ("exact", "approximate"))]
    if bounds:
        # *sent up to 18*: the word belongs to the number (but *inquired about six* to the verb); *fired on Saturday* is not *fired on*.
        cues = [h for h in cues if not any(h.start < m.start < h.end for m in bounds)]
    if not folded.cased[start:end].isupper():
        # *LAND 400*, *DRAGON*: capitals in a sentence of small letters are a name, no verb.
        cues = [h for h in cues if not (h.end - h.start > 2 and folded.cased[h.start : h.end].isupper() and h.phrase.verbal)]
    sentence.cues = _longest_by_type(cues)
    named = [m for m in sentence.mentions if m.kind in "DENLOCGU"]
    if named:
        # *24 May* and *HMS Dispatch* are no cues.
        sentence.cues = [h for h in sentence.cues if not (h.phrase.colours and _lies_in(h, named))]


def _lies_in(hit: CueHit, mentions: list[Mention]) -> bool:
    return any(mention.start <= hit.start and hit.end <= mention.end for mention in mentions)


def recast(heads: list[Mention], book: Rulebook) -> list[Mention]:
    """Class nouns that mean something else right behind a name: the fighters of *Su-35 fighters* are aircraft."""
    for before, mention in itertools.pairwise(heads):
        entry = mention.entry
        if entry is None or entry.becomes < 0 or not entry.behind or before.entry is None:
            continue
        if (before.entry.category or "").startswith(entry.behind) and 1 <= mention.start - before.end <= 2:
            mention.entry = book.entry(entry.becomes)
            mention.entries = (mention.entry,)
            mention.kind = mention.entry.kind
    return heads


def _longest_by_type(hits: list[CueHit]) -> list[CueHit]:
    """Hits without those that lie inside a longer hit of the same type of cue."""
    if len(hits) < 2:
        return hits
    kept: list[CueHit] = []
    ordered = sorted(hits, key=lambda h: (h.start, -h.end))
    furthest = -1
    for hit in ordered:
        if hit.end <= furthest:
            break
        furthest = hit.end
    else:
        return ordered  # none lies inside another
    for hit in ordered:
        around = [k.phrase.types for k in kept if k.start <= hit.start and hit.end <= k.end]
        if not hit.phrase.types.isdisjoint(itertools.chain(*around)):
            others = [(cue, form) for cue, form in hit.forms if not any(cue.type in types for types in around)]
            if not others:
                continue
            hit = CueHit(hit.start, hit.end, Phrase(others))
        kept.append(hit)
    return kept
