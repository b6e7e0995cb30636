"""What reviewers said → changes of the rules that a person may merge: aliases, new entries, rejects, examples. Never a silent change.

A suggestion is a rule file that can be laid over the pack as it is: the whole entry or rule, with what is new added. A rejected or
corrected fact becomes a reject of the rule that made it (its test fails until the rule is mended, which is the point); accepted facts of
the same rule become examples, so that mending it loses nothing that was right.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from inventory.extraction.pipeline import read_document
from inventory.model import FACT_COLUMNS, Document, Fact
from inventory.review.precision import Judgement
from inventory.rulebook.book import Rulebook
from inventory.rulebook.files import RuleFile
from inventory.rulebook.sections import Sections
from inventory.rulebook.variants import spellings
from inventory.text.fold import fold

MAX_TEXT = 2000  # characters of an example, as the rule files allow
KEPT_EXAMPLES = 2  # accepted facts that guard a rule which gets a reject
_NUMBERED = {column.name for column in FACT_COLUMNS if column.type in ("int", "float")}
_CUED = ("status", "modality")


class Suggestion(NamedTuple):
    """One proposed rule file: its name, the id that it adds or replaces, what is new in it (one line each, with the reason), its YAML."""

    file: str
    target: str
    news: tuple[str, ...]
    yaml: str


class _News(NamedTuple):
    """One addition to an entry or rule: the key it goes under, what goes there, and why."""

    key: str
    value: Any
    why: str


def suggest_rules(
    judgements: Sequence[Judgement], sections: Sections, alone: Callable[[Fact], bool] = lambda fact: True
) -> list[Suggestion]:
    """The suggestions that follow from judged facts, by target id.

    Args:
        judgements: see :func:`inventory.review.precision.list_judgements`.
        sections: the rule packs as read (:func:`inventory.rulebook.sections.read_packs`), the last ones laid over the first.
        alone: whether a fact's sentence by itself gives the fact (see :func:`read_alone`). A fact that hangs on a heading or on the
            sentence before would make a reject that always holds, or an example that never does.
    """
    names = _index_names(sections)
    entries: defaultdict[str, list[_News]] = defaultdict(list)
    rules: defaultdict[str, list[_News]] = defaultdict(list)
    fresh: dict[str, dict[str, Any]] = {}
    for one in judgements:
        if one.verdict == "accepted" or not _can_quote(one.fact):
            continue
        if "item" in one.corrections:
            _suggest_name(one, names, entries, fresh)
        if one.verdict == "rejected" and "weak-name" in (one.fact.flags or "").split() and one.fact.item_id in sections.items["entry"]:
            entries[one.fact.item_id].append(_News("rejects", one.fact.evidence, _why(one)))
            continue
        target = _find_rule(one, sections)
        if target is not None and alone(one.fact):
            rules[target].append(_News("rejects", {"text": one.fact.evidence, "found": _wrong_cells(one)}, _why(one)))
    for target in rules:
        rules[target] += _guards(target, judgements, alone)
    made = [_overlay("entry", target, news, sections) for target, news in entries.items()]
    made += [_overlay("rule", target, news, sections) for target, news in rules.items()]
    made += [_new_entry(target, content) for target, content in fresh.items()]
    return sorted((one for one in made if one is not None), key=lambda one: one.target)


def read_alone(book: Rulebook) -> Callable[[Fact], bool]:
    """A test whether the sentence of a fact by itself, read with `book`, gives the fact: its item, count and status."""

    def alone(fact: Fact) -> bool:
        _, readings = read_document(Document(fact.evidence, published=fact.published), book)
        wanted = (fact.item, fact.count_min, fact.count_max, fact.status)
        found = (one for reading in readings for _, one in reading.facts)
        return any((one.item, one.count_min, one.count_max, one.status) == wanted for one in found)

    return alone


def _why(one: Judgement) -> str:
    said = f": {' '.join(one.comment.split())[:120]}" if one.comment else ""
    return f"{one.fact.fact_id} {one.verdict}{said}"


def _can_quote(fact: Fact) -> bool:
    return 0 < len(fact.evidence) <= MAX_TEXT and bool(fact.item_text) and fact.item_text in fact.evidence


# ---------------------------------------------------------------- names
def _index_names(sections: Sections) -> dict[str, str]:
    """Folded spelling → entry that claims it; ids too."""
    index: dict[str, str] = {}
    for key, (file, _, item) in sections.items["entry"].items():
        if file.model.gazetteer == "ignore":
            continue
        for name in (item.name, *item.aliases, *item.weak):
            for spelled in spellings(name):
                index.setdefault(fold(spelled).text, key)
        index.setdefault(key, key)
    return index


def _suggest_name(
    one: Judgement, names: Mapping[str, str], entries: defaultdict[str, list[_News]], fresh: dict[str, dict[str, Any]]
) -> None:
    wanted, fact = one.corrections["item"] or "", one.fact
    # The reviewer may have typed the name as the sentence prints it; else it is what was taken for the item.
    printed = wanted if wanted and wanted in fact.evidence else fact.item_text
    target, claimed = names.get(fold(wanted).text), names.get(fold(printed).text)
    example = {"text": fact.evidence, "found": printed}
    if claimed is not None and claimed != target:
        return  # *tanks* that were T-72s: no name was wrong, the sentence leaves it open
    if target is not None:
        if claimed is None:
            entries[target].append(_News("aliases", printed, _why(one)))
        entries[target].append(_News("examples", example, _why(one)))
    elif fact.category and wanted:
        content = fresh.setdefault(_slug(wanted), {"name": wanted, "kind": fact.kind, "category": fact.category, "news": []})
        content["news"].append((printed, example, _why(one)))


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9.+]+", "-", fold(name).text).strip("-.+") or "new-entry"


def _new_entry(target: str, content: Mapping[str, Any]) -> Suggestion:
    entry: dict[str, Any] = {"id": target, "name": content["name"]}
    known = {fold(spelled).text for spelled in spellings(content["name"])}
    aliases = [text for text, _, _ in content["news"] if fold(text).text not in known]
    if aliases:
        entry["aliases"] = list(dict.fromkeys(aliases))
    entry["examples"] = _unique([example for _, example, _ in content["news"]])
    gazetteer = "unit" if content["kind"] == "unit" else "equipment" if content["kind"] in ("equipment", "materiel") else "class"
    body = {"gazetteer": gazetteer, "category": content["category"], "source": "review by analysts", "entries": [entry]}
    news = tuple(dict.fromkeys(f"new entry ({why})" for _, _, why in content["news"]))
    return Suggestion(f"new-{target}.yaml", target, news, _to_yaml(target, news, body))


# ---------------------------------------------------------------- rules
def _find_rule(one: Judgement, sections: Sections) -> str | None:
    """The rule to blame: the cue that gave a corrected status or modality, else the first link rule of the trace, else its first cue."""
    held = [(rule, sections.items["rule"][rule]) for rule in one.fact.rules.split() if rule in sections.items["rule"]]
    for column in _CUED:
        if column in one.corrections:
            value = getattr(one.fact, column)
            for rule, (file, _, item) in held:
                if file.kind == "cues" and item.value == value:
                    return rule
    if one.corrections and not one.corrections.keys() - {"item"}:
        return None  # the name was wrong, and that is told where names are
    for kind in ("links", "cues"):
        for rule, (file, _, _) in held:
            if file.kind == kind:
                return rule
    return None


def _wrong_cells(one: Judgement) -> dict[str, Any]:
    """The fields by which the wrong fact is known: what was corrected, or what makes it up."""
    names = [name for name in one.corrections if name != "item"] or ["count_min", "status"]
    return {"item": one.fact.item, **_cells(one.fact, names)}


def _cells(fact: Fact, names: Iterable[str]) -> dict[str, Any]:
    values = {name: getattr(fact, name) for name in names}
    return {name: value if name in _NUMBERED else str(value) for name, value in values.items() if value is not None}


def _guards(rule: str, judgements: Sequence[Judgement], alone: Callable[[Fact], bool]) -> list[_News]:
    accepted = (one for one in judgements if one.verdict == "accepted" and rule in one.fact.rules.split() and _can_quote(one.fact))
    right = list(islice((one for one in accepted if alone(one.fact)), KEPT_EXAMPLES))
    return [
        _News(
            "examples",
            {"text": one.fact.evidence, "found": {"item": one.fact.item, **_cells(one.fact, ("count_min", "status"))}},
            _why(one),
        )
        for one in right
    ]


# ---------------------------------------------------------------- files
def _overlay(section: str, target: str, news: Sequence[_News], sections: Sections) -> Suggestion | None:
    """The entry or rule as it is, with what is new added, in a file of its own."""
    file, _, item = sections.items[section][target]
    body = item.model_dump(exclude_unset=True, by_alias=True)
    told: list[str] = []
    for one in news:
        held = body[one.key] = list(body.get(one.key, ()))
        if _text_of(one.value) not in map(_text_of, held):
            held.append(one.value)
            told.append(f"{one.key.removesuffix('s') if one.key != 'aliases' else 'alias'} ({one.why})")
    if not told:
        return None
    content = {**_heading(file), ("entries" if section == "entry" else "rules"): [body]}
    return Suggestion(f"{_slug(target)}.yaml", target, tuple(told), _to_yaml(target, told, content))


def _text_of(value: Any) -> str:
    return str(value.get("text")) if isinstance(value, Mapping) else str(value)


def _heading(file: RuleFile) -> dict[str, Any]:
    """What a file says above its entries, as far as they depend on it."""
    body = file.model.model_dump(exclude_unset=True, by_alias=True)
    return {key: value for key, value in body.items() if key not in ("entries", "rules", "irregular", "values")}


def _unique(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({str(item["text"]): item for item in items}.values())


def _to_yaml(target: str, news: Iterable[str], body: Mapping[str, Any]) -> str:
    import yaml

    class Plain(yaml.SafeDumper):
        """No anchors: rule files may not hold any."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    told = "".join(f"#   {' '.join(line.split())}\n" for line in news)
    text = yaml.dump(dict(body), Dumper=Plain, sort_keys=False, allow_unicode=True, width=130)
    return f"# {target}: proposed by reviews; check it, then merge it by hand\n{told}{text}"
