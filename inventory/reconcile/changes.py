"""What is different from an earlier run: new, updated, withdrawn, reappeared, and why."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from inventory.model import Fact, encode_value
from inventory.reconcile.terms import find_actor, find_item, find_other, find_place
from inventory.records import CHANGE_KINDS, Change, FactVersion, ReviewState

# The cells that say something of the world, each with those that only say the same in another form and change with it.
_FIELDS: dict[str, tuple[str, ...]] = {
    "kind": (), "item": ("item_id",), "category": (), "count_min": (), "count_max": (), "count_basis": (), "counted_as": (),
    "measure": (), "actor": ("actor_id",), "counterparty": ("counterparty_id",), "counterparty_role": (), "unit": (), "echelon": (),
    "place": ("place_id", "country"), "place_relation": (), "date_start": (), "date_end": (), "status": (), "operation": (),
    "modality": (), "claimant": (), "attributes": (), "evidence": (),
}  # fmt: skip
_WORD = re.compile(r"\w+")
# Two sentences about one thing share more than half of their words; below that only what they say can make them one.
_SAME_WORDS = 0.5
# A table of thousands of lines must not be compared line with line: a line that was moved further than this is gone and new.
_REACH = 200
_ORDER = {change: rank for rank, change in enumerate(CHANGE_KINDS)}


def find_changes(
    before: Iterable[FactVersion],
    after: Iterable[FactVersion],
    *,
    earlier: Collection[str] = (),
    causes: Mapping[str, str] | None = None,
) -> list[Change]:
    """What changed between two states of the store.

    A sentence that was rewritten gives a fact with another id. So facts that came and facts that went are paired, within one source, by
    kind and item, then by what else they say, by their order in the text, and by their words; what is left over is new or withdrawn.

    Args:
        before, after: the versions that were current then and are now.
        earlier: ids of facts that were known before `before`; one of them that comes back has reappeared.
        causes: source key → cause, where the caller knows better than the versions.

    Returns:
        One change a fact that is new, withdrawn or reappeared (`field` empty), one a cell of an updated one; by kind of change, source
        and place in the text. Cells that only follow from another (ids, printed forms, coordinates) are not told. The evidence is told
        where nothing else changed.
    """
    old = {version.fact.fact_id: version for version in before}
    new = {version.fact.fact_id: version for version in after}
    given = causes or {}
    pairs = [(old[fact_id], new[fact_id]) for fact_id in old.keys() & new.keys()]
    gone = [version for fact_id, version in old.items() if fact_id not in new]
    come = [version for fact_id, version in new.items() if fact_id not in old]
    back = [version for version in come if version.fact.fact_id in earlier]
    paired, gone, come = _pair(
        gone, [version for version in come if version.fact.fact_id not in earlier], list(old.values()), list(new.values())
    )
    texts = {(version.source_key, version.fact.text_sha256) for version in new.values()}
    told: list[tuple[tuple[object, ...], Change]] = []
    for was, now in [*pairs, *paired]:
        cause = given.get(now.source_key) or _find_cause(was, now)
        told += [(_place(now), change) for change in _compare(was.fact, now.fact, cause)]
    for version in come:
        told.append((_place(version), _tell("new", given.get(version.source_key, version.cause), version.fact)))
    for version in back:
        told.append((_place(version), _tell("reappeared", given.get(version.source_key, version.cause), version.fact)))
    for version in gone:
        same_text = (version.source_key, version.fact.text_sha256) in texts
        cause = given.get(version.source_key) or version.ended or ("rules" if same_text else "source")
        told.append((_place(version), _tell("withdrawn", cause, version.fact)))
    return [change for _, change in sorted(told, key=lambda pair: (_ORDER[pair[1].change], *pair[0], pair[1].field or ""))]


def compare_runs(
    versions: Iterable[FactVersion], order: Sequence[str], before: str, now: str | None = None, *, causes: Mapping[str, str] | None = None
) -> list[Change]:
    """What changed from one run to a later one, from every version that the store holds; see :func:`find_changes`.

    Args:
        versions: all versions of all facts.
        order: ids of the finished runs, oldest first.
        before: the run to compare with.
        now: the later run; the last one when `None`.
        causes: as in :func:`find_changes`.

    Raises:
        ValueError: `order` does not hold a run; the message names it.
    """
    told = list(versions)
    old, seen = pick_versions(told, order, before)
    new, _ = pick_versions(told, order, order[-1] if now is None else now)
    return find_changes(old, new, earlier=seen, causes=causes)


def pick_versions(versions: Iterable[FactVersion], order: Sequence[str], run: str) -> tuple[list[FactVersion], set[str]]:
    """The versions that held at a run, and the ids of facts that were known before it and held no more.

    Raises:
        ValueError: `run` is not in `order` (ids of the finished runs, oldest first).
    """
    ranks = {one: rank for rank, one in enumerate(order)}
    if run not in ranks:
        raise ValueError(f"there is no finished run {run!r}; name one of the runs of the store")
    begun = [version for version in versions if _rank_run(version.since, ranks, order) <= ranks[run]]
    held = [version for version in begun if version.until is None or ranks[run] < _rank_run(version.until, ranks, order)]
    return held, {version.fact.fact_id for version in begun} - {version.fact.fact_id for version in held}


def _rank_run(run: str, ranks: Mapping[str, int], order: Sequence[str]) -> float:
    """Where a run stands among the others; one of another job between two of them, for ids begin with the time."""
    return ranks[run] if run in ranks else bisect_left(order, run) - 0.5


def find_review_changes(facts: Iterable[Fact], before: Mapping[str, ReviewState], after: Mapping[str, ReviewState]) -> list[Change]:
    """What reviews changed between two runs, of facts that are current (as extracted).

    A rejected fact is withdrawn and one no longer rejected reappeared; a corrected cell is updated, from what stood there before (the
    extraction or an earlier correction). The cause is `review`.
    """
    changes: list[Change] = []
    for fact in sorted(facts, key=lambda fact: fact.fact_id):
        was, now = before.get(fact.fact_id), after.get(fact.fact_id)
        out_before, out_now = (state is not None and state.state == "rejected" for state in (was, now))
        if out_before != out_now:
            changes.append(_tell("withdrawn" if out_now else "reappeared", "review", fact))
        if out_now:
            continue
        old, new = ({} if state is None else state.corrections for state in (was, now))
        for column in sorted(old.keys() | new.keys()):
            printed = _print(getattr(fact, column, None))
            left, right = old.get(column, printed), new.get(column, printed)
            if left != right:
                changes.append(_tell("updated", "review", fact, column, left, right))
    return sorted(changes, key=lambda change: _ORDER[change.change])


def _pair(
    gone: list[FactVersion], come: list[FactVersion], before: Sequence[FactVersion], after: Sequence[FactVersion]
) -> tuple[list[tuple[FactVersion, FactVersion]], list[FactVersion], list[FactVersion]]:
    ranks = _rank(before), _rank(after)
    pairs: list[tuple[FactVersion, FactVersion]] = []
    for key in (_same_item, _same_kind):
        groups: defaultdict[tuple[str, ...], tuple[list[FactVersion], list[FactVersion]]] = defaultdict(lambda: ([], []))
        for version in gone:
            groups[key(version)][0].append(version)
        for version in sorted(come, key=lambda version: ranks[1][id(version)]):  # stable; _match looks up ranks
            groups[key(version)][1].append(version)
        found = [pair for _, (left, right) in sorted(groups.items()) for pair in _match(left, right, ranks, strict=key is _same_kind)]
        taken = {id(version) for pair in found for version in pair}
        gone = [version for version in gone if id(version) not in taken]
        come = [version for version in come if id(version) not in taken]
        pairs += found
    return pairs, gone, come


def _match(
    gone: Sequence[FactVersion], come: Sequence[FactVersion], ranks: tuple[dict[int, int], dict[int, int]], *, strict: bool
) -> list[tuple[FactVersion, FactVersion]]:
    """Pairs by fewest differences, then nearest rank in the text, then most words in common; each version in one pair at most."""
    options = []
    right_ranks = [ranks[1][id(right)] for right in come]
    for left in gone:
        rank = ranks[0][id(left)]
        for right in come[bisect_left(right_ranks, rank - _REACH) : bisect_right(right_ranks, rank + _REACH)]:
            differ = _count_differences(left.fact, right.fact)
            words = _share_words(left.fact.evidence, right.fact.evidence)
            if words < _SAME_WORDS and (strict or differ > 1):
                continue
            far = abs(rank - ranks[1][id(right)])
            options.append((differ, far, -words, left.fact.fact_id, right.fact.fact_id, left, right))
    pairs = []
    used: set[int] = set()
    for *_, left, right in sorted(options, key=lambda option: option[:5]):
        if id(left) not in used and id(right) not in used:
            used |= {id(left), id(right)}
            pairs.append((left, right))
    return pairs


def _rank(versions: Sequence[FactVersion]) -> dict[int, int]:
    """The ordinal of each version among those of its source, kind and item, in the order of the text."""
    ranks: dict[int, int] = {}
    counts: defaultdict[tuple[str, ...], int] = defaultdict(int)
    for version in sorted(versions, key=lambda version: (version.source_key, version.fact.start, version.fact.fact_id)):
        key = _same_item(version)
        ranks[id(version)] = counts[key]
        counts[key] += 1
    return ranks


def _same_item(version: FactVersion) -> tuple[str, ...]:
    return version.source_key, version.fact.kind, find_item(version.fact)


def _same_kind(version: FactVersion) -> tuple[str, ...]:
    return version.source_key, version.fact.kind


def _count_differences(one: Fact, two: Fact) -> int:
    """In how many of actor, counterparty, place, unit, status and modality two facts differ."""
    pairs = (
        (find_actor(one), find_actor(two)), (find_other(one), find_other(two)), (find_place(one), find_place(two)), (one.unit, two.unit),
        (one.status, two.status), (one.modality, two.modality),
    )  # fmt: skip
    return sum(left != right for left, right in pairs)


def _share_words(one: str, two: str) -> float:
    left, right = set(_WORD.findall(one.casefold())), set(_WORD.findall(two.casefold()))
    return len(left & right) / len(left | right) if left or right else 1.0


def _find_cause(was: FactVersion, now: FactVersion) -> str:
    if was.fact.text_sha256 == now.fact.text_sha256 and was.fact.rulebook != now.fact.rulebook:
        return "rules"
    return was.ended or now.cause


def _compare(was: Fact, now: Fact, cause: str) -> list[Change]:
    changed: list[str] = []
    for field, forms in _FIELDS.items():
        if getattr(was, field) != getattr(now, field) or any(getattr(was, form) != getattr(now, form) for form in forms):
            changed.append(field)
    if changed != ["evidence"]:
        changed = [field for field in changed if field != "evidence"]
    return [_tell("updated", cause, now, field, *_say_both(was, now, field)) for field in changed]


def _say_both(was: Fact, now: Fact, field: str) -> tuple[str | None, str | None]:
    """The old and new value; where the name stayed and only its id changed, the ids with it."""
    old, new = _print(getattr(was, field)), _print(getattr(now, field))
    if old == new:
        form = next(form for form in _FIELDS[field] if getattr(was, form) != getattr(now, form))
        old, new = (f"{name or ''} ({_print(getattr(fact, form)) or 'no ' + form})".strip() for name, fact in ((old, was), (new, now)))
    return old, new


def _print(value: object) -> str | None:
    return None if value is None else str(encode_value(value))


def _tell(change: str, cause: str, fact: Fact, field: str | None = None, old: str | None = None, new: str | None = None) -> Change:
    return Change(
        change, cause, fact.fact_id, fact.kind, fact.item, fact.actor, fact.place, fact.status, field, old, new, fact.source, fact.evidence
    )


def _place(version: FactVersion) -> tuple[object, ...]:
    return version.source_key, version.fact.start, version.fact.fact_id
