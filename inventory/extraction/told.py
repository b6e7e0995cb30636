"""How and when: status, modality, measure, date and operation of a row."""

from __future__ import annotations

import datetime as dt

from inventory.extraction.clauses import clause_at
from inventory.extraction.colour import find_measure, find_modality
from inventory.extraction.dates import Period, resolve_date
from inventory.extraction.draft import Draft
from inventory.extraction.frames import Bid
from inventory.extraction.sentence import Element, Sentence
from inventory.extraction.state import Mention
from inventory.extraction.where import date_for, statement_date
from inventory.extraction.whereabouts import continues, says_there
from inventory.model import LOSSES, STATUS_GROUPS
from inventory.rulebook.book import Entry

# Words that may stand between a thing and the place that alone says where it is.
_CLOSE = 5
# Characters from a verb to the end of what stands right behind it: a space and an article.
_NEXT = 6
# Characters behind a name in which its class noun and the *against* of what it is sent against stand.
_BEHIND = 24
# What is told of in the present tense as planned, and how far ahead.
_SCHEDULED = frozenset((*STATUS_GROUPS["movement"], *STATUS_GROUPS["transfer"], "deployed", "exercising"))
_NEAR_AHEAD = dt.timedelta(days=240)
_FUTURE = frozenset({"planned", "predicted", "conditional", "possible", "requested"})


def set_told(draft: Draft, heading: Sentence | None, carried: Mention | None = None) -> None:
    """Fill the columns of status, modality, measure, date and operation; the place must be known.

    `carried` is the one date of the sentence before, for a sentence that goes on about it.
    """
    if draft.bid is not None:
        _set_status(draft, draft.bid)
    else:
        _set_presence(draft)
    _set_modality(draft, heading)
    _negate_count(draft)
    measure = find_measure(draft.sentence, draft.item)
    if measure is None and heading is not None and not draft.reading.tells and draft.row.get("status") in LOSSES:
        # *Losses as of 24 March:* is the sum of all lines below; increments stand in brackets.
        measure = next(((cue, hit) for hit in heading.cues for cue in hit.phrase.measures if cue.value == "cumulative"), None)
    if measure is not None and "count" in draft.item.bound:
        draft.row["measure"] = measure[0].value
        draft.item.steps.append(("measure", measure[0].id, measure[1].start, measure[1].end, ""))
    _find_date(draft, heading, carried)
    _set_history(draft)
    _set_operation(draft, heading)


def _set_status(draft: Draft, bid: Bid) -> None:
    """The status that won, as the place turns it: *sent to* is on the way, *based in* is there."""
    row, item = draft.row, draft.item
    row["status"] = bid.value
    if (
        bid.cue.placed
        and bid.value == bid.cue.value
        and row.get("place_relation") in ("in", "at", "near", "off", "along", "over")
        and ("inherited-place" not in draft.flags or says_there(draft.sentence.elements, draft.reading.clauses, draft.clause))
    ):
        row["status"] = bid.cue.placed
    if bid.value == "exercising" and (mission := _mission(draft, bid)):
        row["status"] = mission
    if (
        bid.value in ("in_transit", "used")
        and bid.element.word in draft.assembler.book.values.get("flying_verb", ())
        and item.mention.kind in "Ec"
        and "date_start" not in row
        and ("place" not in row or row.get("place_relation") == "from")
    ):
        row["status"] = "based" if "place" in row else "in_service"  # *18 fly from Coningsby*
    if (
        bid.value == "withdrawn"
        and bid.element.word in draft.assembler.book.values.get("leaving_there", ())
        and row.get("place_relation") in ("in", "at", "near", "off", "along")
        and item.mention.start > bid.element.start
    ):
        row["status"] = "deployed"  # *plans to leave a platoon of sappers in N'Djamena*
    row["status_text"] = draft.text(bid.element.start, bid.element.end)
    item.slots["status"] = (bid.element.start, bid.element.end)
    item.steps.append(("status", bid.cue.id, bid.element.start, bid.element.end, ""))
    if bid.cue.towards and row.get("place_relation") in ("to", "via"):
        row["status"] = bid.cue.towards
    if (
        bid.value == "ordered"
        and row.get("place_relation") == "to"
        and bid.element.word in draft.assembler.book.values.get("ordering_verb", ())
    ):
        row["status"] = "deployed"
    if (
        row["status"] in ("deployed", "in_transit")
        and draft.folded.text.find(" against ", item.mention.end, item.mention.end + _BEHIND) >= 0
    ):
        row["status"] = "used"  # *sent a drone against the town*
    row["measure"] = bid.cue.measure
    if bid.value in ("deployed", "in_transit") and (side := _given_by_sending(draft, bid)) is not None:
        row["status"], row["measure"] = "delivered", "flow"
        if "counterparty" not in row:
            row["counterparty"], row["counterparty_id"], row["counterparty_role"] = side.name, side.id, "recipient"
        draft.flags.append("inferred-recipient")
        item.steps.append(("status", "aid", 0, 0, f"arms that another state sends to {side.name} are given to it"))


def _mission(draft: Draft, bid: Bid) -> str:
    """The status of what takes part in no exercise (*took part in the air policing mission*, *in the raid*); empty where it is one."""
    values = draft.assembler.book.values
    if bid.element.word not in values.get("taking_part", ()):
        return ""
    behind = [element.word for element in draft.sentence.elements if element.start > bid.element.start]
    text = draft.folded.text[bid.element.end : draft.sentence.end]
    if any(word in text for word in values.get("exercise_word", ())):
        return ""
    missions = values.get("mission_status", {})
    found: str = next((missions[word] for word in behind if word in missions), "")
    return found


def _given_by_sending(draft: Draft, bid: Bid) -> Entry | None:
    """The state that is given what is sent to it: *Slovenia has sent 28 tanks to Ukraine*; others send troops and arms of their own."""
    book, row = draft.assembler.book, draft.row
    country, actor = row.get("country") or "", row.get("actor_id")
    start, end = draft.item.slots.get("counterparty", (0, 0))
    if end and 0 < start - bid.element.end < _NEXT and bid.element.voice == "active" and draft.item.mention.kind in "EcM":
        receiver: Entry | None = draft.item.values.get("counterparty")
        if receiver is not None and draft.item.values.get("counterparty_role") == "recipient":
            return receiver  # *sent Kyiv six jets*: what has two objects gives the second to the first
    foes = book.values.get("aid_state", {}).get(country)
    if bid.value != "deployed" or foes is None or row.get("place_relation") != "to" or draft.item.mention.kind not in "EcM":
        return None
    if actor is None or actor == country or actor in foes.split() or bid.element.word not in book.values.get("sending_verb", ()):
        return None
    return book.actors.get(country)


def _set_presence(draft: Draft) -> None:
    """What is told of only by its place is there: *as many Danish F-16s at Šiauliai*."""
    row = draft.row
    start, end = draft.item.slots.get("place", (0, 0))
    if not end or "inherited-place" in draft.flags:
        return
    relation, behind = row.get("place_relation"), start >= draft.item.mention.end
    if relation == "via" and (behind or _leads_list(draft, start)):
        row["status"], row["measure"] = "in_transit", "flow"  # *22 flatcars of BMP-3s clattered through Rostov*
        draft.flags.append("placed-only")
        draft.item.steps.append(("status", "placed", start, end, "it goes past a place"))
        return
    if relation not in ("in", "at", "near", "off", "along", "over"):
        return
    if behind and draft.folded.text.count(" ", draft.item.mention.end, start) > _CLOSE:
        return
    if not behind and not _leads_list(draft, start):
        return
    row["status"], row["measure"] = "present", "stock"
    draft.flags.append("placed-only")
    draft.item.steps.append(("status", "placed", start, end, "a place and nothing else is told of it"))


def _leads_list(draft: Draft, place: int) -> bool:
    """Whether a place stands in the words before the colon of a list, which say nothing else: *On the pier at Tartus: two tugs*."""
    clauses, elements = draft.reading.clauses, draft.sentence.elements
    number = draft.item.clause
    if not 0 < number < len(clauses) or clauses[number].kind != "colon":
        return False
    lead = elements[clauses[number - 1].lo : clauses[number - 1].hi]
    return any(e.start == place for e in lead) and not any(e.kind in "VR" for e in lead)


def _set_modality(draft: Draft, heading: Sentence | None) -> None:
    """Whether it is so, is to be, or is doubted; what is yet to be handed over is a pledge."""
    row, item, bid = draft.row, draft.item, draft.bid
    clauses, book = draft.reading.clauses, draft.assembler.book
    verb = bid.element if bid is not None else None
    modality = find_modality(draft.sentence, clauses, item, draft.clause, verb, draft.folded, book)
    if modality is None and heading is not None and bid is not None and bid.element.end <= draft.sentence.start:
        modality = find_modality(heading, [], item, 0, bid.element, draft.folded, book)
    if modality is not None:
        cue, hit = modality
        reported = cue.id == "would" and bool(clauses) and clauses[draft.clause].kind in ("that", "coord", "chain")
        # *told allies that the jets would stay*: the future of a report, not a condition.
        draft.modality = row["modality"] = "planned" if reported and draft.reading.claims else cue.value
        row["modality_text"] = draft.text(hit.start, hit.end)
        item.steps.append(("modality", cue.id, hit.start, hit.end, ""))
        if cue.probability is not None:
            row["probability_min"], row["probability_max"] = cue.probability
    elif bid is not None and bid.value == "requested":
        draft.modality = row["modality"] = "requested"
    elif bid is not None and (bid.value == "planned_use" or _heads_line(draft, bid)):
        draft.modality = row["modality"] = "planned"
    if (
        row.get("status") == "delivered"
        and draft.modality == "planned"
        and bid is not None
        and "counterparty.recipient" in bid.cue.frame.get("to", ())
    ):
        row["status"] = "pledged"


def _heads_line(draft: Draft, bid: Bid) -> bool:
    """Whether the verb is the infinitive of a headline: *Sweden to send eight guns*; no other verb and no full stop."""
    elements = draft.sentence.elements
    return (
        bid.element.voice == "infinitive"
        and elements[-1].kind != "."
        and not any(e.kind in "bhmR" or (e.kind == "V" and e is not bid.element and e.start < bid.element.start) for e in elements)
    )


def _find_date(draft: Draft, heading: Sentence | None, carried: Mention | None) -> None:
    """The date of the item, of the statement (flagged), of the heading, or of the sentence before."""
    elements, clauses = draft.sentence.elements, draft.reading.clauses
    speaking = {c.clause for c in draft.reading.claims if c.clause >= 0}
    dated = "D" in draft.sentence.shape
    ranks = draft.assembler.book.values.get("rank_word", ())
    mention = date_for(draft.item, draft.item.clause, elements, clauses, speaking, draft.clause, ranks) if dated else None
    inherited = False
    if mention is None and dated:
        mention = statement_date(elements, clauses, speaking)
        if mention is not None:
            draft.flags.append("statement-date")
    if mention is None and heading is not None:
        mention = next((m for m in heading.mentions if m.kind == "D"), None)
        inherited = mention is not None
    if mention is None and carried is not None and draft.modality == "asserted" and continues(draft):
        mention, inherited = carried, True
        draft.flags.append("inherited-date")
    if mention is not None:
        _set_date(draft, mention, inherited)
        _look_ahead(draft, mention, inherited)


def _look_ahead(draft: Draft, mention: Mention, inherited: bool) -> None:
    """A plain present with a date without a year is a plan where that date is near: *Lisbon takes over in April*, written in February."""
    bid, published, row = draft.bid, draft.assembler.analysis.anchor, draft.row
    if bid is None or published is None or inherited or draft.modality != "asserted" or row.get("date_start") is None:
        return
    if set(bid.element.forms) - {"s"} or bid.element.voice != "active" or bid.value not in _SCHEDULED or row["date_start"] >= published:
        return
    token, groups = mention.value
    ahead = resolve_date(token.resolve or "", groups, draft.assembler.book.values, published, True)
    if ahead is not None and ahead.start is not None and published < ahead.start <= published + _NEAR_AHEAD:
        row["date_start"], row["date_end"] = ahead.start, ahead.end
        draft.modality = row["modality"] = "planned"
        draft.item.steps.append(("modality", "present-ahead", mention.start, mention.end, "a plain present with a date to come"))


def _set_history(draft: Draft) -> None:
    """What a date of long ago tells is history."""
    row, published = draft.row, draft.assembler.analysis.anchor
    end = row.get("date_end")
    years = int(draft.assembler.book.values.get("thresholds", {}).get("historical_years", "0"))
    if published is None or end is None or not years or draft.modality != "asserted" or row.get("date_basis") != "stated":
        return
    text = (row.get("date_text") or "").lower()
    if end.year + years <= published.year and not text.startswith("since"):
        draft.modality = row["modality"] = "historical"
        row["modality_text"] = row["date_text"]
        draft.item.steps.append(
            ("modality", "long-ago", *draft.item.slots.get("date", (0, 0)), f"{years} years or more before publication")
        )


def _set_operation(draft: Draft, heading: Sentence | None) -> None:
    """The named operation; what is present or on its way at a named exercise is exercising."""
    bid = draft.bid
    if "O" not in draft.sentence.kinds and (heading is None or "O" not in heading.kinds):
        return
    operation = next((m for m in draft.sentence.mentions if m.kind == "O"), None) or (
        next((m for m in heading.mentions if m.kind == "O"), None) if heading is not None else None
    )
    if operation is None or operation.entry is None:
        return
    draft.row["operation"] = operation.entry.name
    if bid is None or (
        bid.value in ("mentioned", "present", "used", "deployed", "in_transit", "arrived")
        and operation.entry.feature != "operation"
        and _drill(draft, operation)
    ):
        draft.row["status"] = "exercising"
        draft.item.steps.append(("status", operation.rule, operation.start, operation.end, "named exercise"))


def _negate_count(draft: Draft) -> None:
    """What is negated is not there: a bare *no tanks* counts nothing."""
    elements = draft.sentence.elements
    index = max(draft.item.position, 0)
    position = index - 1
    while position >= 0 and elements[position].kind in "xAKC" and index - position < 4:
        position -= 1
    if position >= 0 and elements[position].word in ("no", "neither"):
        draft.row["modality"] = draft.modality = "negated"
        draft.row["modality_text"] = elements[position].word
        draft.item.steps.append(("modality", "negated", elements[position].start, elements[position].end, ""))


def _ahead(draft: Draft, date: Mention) -> bool:
    """Whether a date looks ahead: not where its verb is a plain past (*left on Friday, probably for …*, *agreed on Friday to send*)."""
    element = draft.bid.element if draft.bid is not None else None
    elements, clauses = draft.sentence.elements, draft.reading.clauses
    if element is not None and element.start >= draft.sentence.start and _is_past(elements, element):
        return False
    position = draft.sentence.index_of.get(date.start)
    home = clauses[clause_at(clauses, position)] if position is not None and clauses else None
    return home is None or home.verb < 0 or home is clauses[draft.clause] or not _is_past(elements, elements[home.verb])


def _is_past(elements: list[Element], verb: Element) -> bool:
    if "p" not in verb.forms or verb.voice != "active":
        return False
    index = next((i for i, e in enumerate(elements) if e is verb), 0)
    return not (index > 0 and elements[index - 1].kind in "mibhv" and any(e.kind in "mi" for e in elements[max(0, index - 3) : index]))


def _set_date(draft: Draft, mention: Mention, inherited: bool) -> None:
    """Write the date columns from a date mention."""
    token, groups = mention.value
    analysis = draft.assembler.analysis
    period: Period | None = resolve_date(
        token.resolve or "", groups, draft.assembler.book.values, analysis.anchor,
        # What was said on Thursday was said on the last one, whatever it foretells.
        draft.modality in _FUTURE and "statement-date" not in draft.flags and _ahead(draft, mention),
    )  # fmt: skip
    if period is None:
        return
    row = draft.row
    row["date_start"], row["date_end"] = period.start, period.end
    row["date_text"] = draft.text(mention.start, mention.end)
    row["date_basis"] = "inherited" if inherited else "relative" if period.relative else "stated"
    if not inherited:
        draft.mark("date", mention)
    draft.item.steps.append(("date", token.id, mention.start, mention.end, period.iso()))


def _drill(draft: Draft, operation: Mention) -> bool:
    """Whether the words beside a named operation call it an exercise."""
    around = draft.folded.text[max(draft.sentence.start, operation.start - 24) : operation.end + 34]
    return any(word in around for word in draft.assembler.book.values.get("exercise_word", ()))
