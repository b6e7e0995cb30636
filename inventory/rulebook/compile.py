"""Rule files of one or more packs → one :class:`Payload`, or every fault at once."""

from __future__ import annotations

import gzip
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import regex

from inventory.model import ECHELONS
from inventory.rulebook import book
from inventory.rulebook.book import WORD, Cue, Entry, Link, Payload, Token
from inventory.rulebook.faults import Fault, RuleError
from inventory.rulebook.files import RuleFile, read_pack
from inventory.rulebook.fragments import FragmentError, check_pattern, expand
from inventory.rulebook.kinds import KIND_LETTERS, KIND_SETS, START, placeholder
from inventory.rulebook.packs import digest_files
from inventory.rulebook.parts import link_parts
from inventory.rulebook.schema import CUE_VALUES
from inventory.rulebook.starts import start_keys, top_level_needs
from inventory.rulebook.variants import inflect, plural, spellings
from inventory.text.fold import fold, fold_name

# Kinds of entries by gazetteer; class nouns take theirs from the category.
_KINDS = {"equipment": "E", "unit": "U", "actor": "C", "place": "L", "operation": "O", "ignore": "-"}
_CLASS_KINDS = {"personnel": "P", "unit": "e", "materiel": "M"}
_STATE_KINDS = frozenset({"state", "territory", "de-facto", "historic"})
_PLACEHOLDER = re.compile(r"\{([a-z]+)(?::([a-z_]+))?\}")
_FRAME_KEYS = (
    "subject",
    "object",
    "to",
    "for_",
    "from_",
    "by",
    "with_",
    "in_",
    "at",
    "on",
    "of",
    "against",
    "near",
    "over",
    "off",
    "into",
    "through",
    "via",
    "along",
)


class Sections:
    """What the packs hold, later packs laid over earlier ones."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, tuple[RuleFile, tuple[int | str, ...], Any]]] = defaultdict(dict)
        self.faults: list[Fault] = []
        self.words: dict[str, list[str]] = defaultdict(list)
        self.values: dict[str, dict[str, str]] = defaultdict(dict)
        self.irregular: dict[str, list[str]] = {}
        self.version = "0"

    def put(self, section: str, key: str, file: RuleFile, path: tuple[int | str, ...], item: Any) -> None:
        held = self.items[section].get(key)
        if held is not None and held[0].pack == file.pack:
            where = held[0].tree.at(held[1])
            mend = f"rename one; the other stands in {held[0].name}:{where.line}"
            self.faults.append(file.fault(path, f"id {key!r} is used twice", mend))
            return
        self.items[section][key] = (file, path, item)

    def lay(self, files: list[RuleFile]) -> None:
        for file in files:
            model = file.model
            if file.kind == "pack":
                for number, name in enumerate(model.disable):
                    if not any(section.pop(name, None) for section in self.items.values()):
                        message = f"disable: no rule or entry has the id {name!r}"
                        self.faults.append(file.fault(("disable", number), message, "correct or remove it"))
                self.version = model.version if self.version == "0" else f"{self.version}+{model.pack}-{model.version}"
        for file in files:
            model = file.model
            if file.kind == "taxonomy":
                for number, item in enumerate(model.categories):
                    self.put("category", item.id, file, ("categories", number), item)
            elif file.kind == "gazetteer":
                for number, item in enumerate(model.entries):
                    self.put("entry", item.id, file, ("entries", number), item)
            elif file.kind in ("tokens", "cues", "links"):
                for number, item in enumerate(model.rules):
                    self.put("rule", item.id, file, ("rules", number), item)
                if file.kind == "tokens":
                    for name, table in model.values.items():
                        self.values[name].update(table)
                elif file.kind == "cues":
                    self.irregular.update(model.irregular)
            elif file.kind == "words":
                for name, members in model.classes.items():
                    self.words[name] += members

    def of(self, *kinds: str) -> list[tuple[RuleFile, tuple[int | str, ...], Any]]:
        return [held for held in self.items["rule"].values() if held[0].kind in kinds]


def read_packs(folders: list[Path]) -> Sections:
    """Read and lay the packs over each other; faults are collected in the result."""
    sections = Sections()
    for folder in folders:
        files, faults = read_pack(folder)
        sections.faults += faults
        sections.lay(files)
    return sections


def compile_packs(folders: list[Path]) -> Payload:
    """Compile the packs, first to last, each over the one before.

    Raises :class:`RuleError` with every fault found.
    """
    return compile_sections(read_packs(folders), folders)


def compile_sections(sections: Sections, folders: list[Path]) -> Payload:
    """Compile packs that are read already; raises :class:`RuleError` as :func:`compile_packs` does."""
    payload = _Compiler(sections).compile(folders, digest_files(folders)[:12])
    if sections.faults:
        raise RuleError(sections.faults)
    return payload


class _Compiler:
    def __init__(self, sections: Sections) -> None:
        self.sections = sections
        self.faults = sections.faults
        self.entries: list[tuple[Any, ...]] = []
        self.heads: dict[str, list[int]] = defaultdict(list)
        self.proper: dict[str, list[int]] = defaultdict(list)
        self.phrases: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self.counts: Counter[str] = Counter()
        self.categories = {key: held[2] for key, held in sections.items["category"].items()}

    def compile(self, folders: list[Path], digest: str) -> Payload:
        self.compile_entries()
        self.link_nouns()
        self.compile_places(folders)
        tokens = self.compile_tokens()
        links = self.compile_links()
        cues = self.compile_cues()
        words = {word: name for name, members in self.sections.words.items() for word in members}
        return Payload(
            version=self.sections.version,
            digest=digest,
            entries=tuple(self.entries),
            head_names=tuple(self.heads),
            head_refs=tuple(map(tuple, self.heads.values())),
            proper={name: refs[0] if len(refs) == 1 else tuple(refs) for name, refs in self.proper.items()},
            proper_words=self.first_words(),
            phrases=tuple(self.phrases),
            phrase_refs=tuple(map(tuple, self.phrases.values())),
            tokens=tuple(map(tuple, tokens)),
            links=tuple(map(tuple, links)),
            cues=tuple(map(tuple, cues)),
            categories=tuple((c.id, c.domain, c.oryx, c.iiss, c.app6, tuple(c.cues)) for c in self.categories.values()),
            words=words,
            values=dict(self.sections.values),
            counts=dict(self.counts),
        )

    # ---------------------------------------------------------------- names
    def compile_entries(self) -> None:
        held = self.sections.items["entry"]
        for key, (file, path, item) in held.items():
            kind = file.model.gazetteer
            category = item.category or file.model.category
            if kind in ("equipment", "unit", "class"):
                if category is None:
                    self.faults.append(file.fault(path, f"entry {key!r} has no category", "add 'category:' here or at the top"))
                    continue
                if category not in self.categories:
                    where = (*path, "category") if item.category else ("category",)
                    self.faults.append(file.fault(where, f"category {category!r} is not in the taxonomy", "use an id of taxonomy.yaml"))
                    continue
            if not (item.source or file.model.source):
                self.faults.append(file.fault(path, f"entry {key!r} has no source", "add 'source:' here or at the top"))
            if item.family and item.family not in held:
                self.faults.append(file.fault((*path, "family"), f"family {item.family!r} is no entry", "add it or correct the id"))
            if item.weak and kind not in ("class",) and not (item.examples and item.rejects) and not _is_ship(item, category):
                message = f"weak name of {key!r} has no examples and rejects"
                self.faults.append(file.fault((*path, "weak"), message, "add a sentence for each, so that the guard is tested"))
            self.add_entry(kind, category, item)
            self.counts[f"gazetteer {kind}"] += 1

    def add_entry(self, kind: str, category: str | None, item: Any) -> None:
        letter = _KINDS.get(kind) or _CLASS_KINDS.get((category or "").split("/")[0], "c")
        if kind == "actor" and item.kind not in _STATE_KINDS:
            letter = "G"
        if letter == "e" and item.head == "type":
            letter = "U"
        group = "operation/named" if kind == "operation" else category
        shared = self.categories[group].cues if group in self.categories and kind != "class" else []
        cues = frozenset(w.lower() for w in (*item.cues, *shared, *([book.LEANS] if item.lean else [])))
        attributes = dict(item.attributes)
        if item.hull:
            attributes["hull"] = item.hull
        if item.class_:
            attributes["class"] = item.class_
        actor = item.operator or (item.id if kind == "actor" else None)
        entry = Entry(
            item.id, item.name, kind, letter, category, actor if kind != "actor" or not item.country or item.kind == "armed-group" else item.country,
            item.origin, item.family or item.class_, item.echelon or self.echelon_of(category), item.country if kind != "actor" else (item.id if letter == "C" else item.country),
            item.admin, item.lat, item.lon, item.kind, 0, item.controller, tuple(sorted(attributes.items())), tuple(sorted(cues)), item.head, item.behind,
        )  # fmt: skip
        index = len(self.entries)
        self.entries.append(tuple(entry))
        weak = {w.casefold() for w in item.weak}
        names = [item.name, *item.aliases]
        for name in names:
            if name.casefold() not in weak:
                self.add_name(kind, index, name, 0)
        for name in item.weak:
            self.add_name(kind, index, name, book.WEAK)
        if kind == "actor":
            for name in item.adjectives:
                self.add_proper(name, index, book.ADJECTIVE)
            for name in item.demonyms:
                self.add_proper(name, index, book.DEMONYM)
            for name in ([item.capital] if item.capital else []) + item.metonyms:
                self.add_proper(name, index, book.METONYM)

    def first_words(self) -> dict[str, int]:
        """First word of each proper name → the most words that a name beginning with it has."""
        longest: dict[str, int] = {}
        for name in self.proper:
            words = WORD.findall(name)
            if words and len(words) > longest.get(words[0], 0):
                longest[words[0]] = len(words)
        return longest

    def link_nouns(self) -> None:
        """Turn `becomes` ids into indices: *fighters* behind the name of an aircraft are aircraft."""
        index_of = {row[0]: number for number, row in enumerate(self.entries)}
        for key, (file, path, item) in self.sections.items["entry"].items():
            if item.becomes and key in index_of:
                target = index_of.get(item.becomes)
                if target is None:
                    self.faults.append(file.fault((*path, "becomes"), f"becomes: {item.becomes!r} is no entry", "add it or correct the id"))
                    continue
                number = index_of[key]
                self.entries[number] = (*self.entries[number][:-1], target)

    @staticmethod
    def echelon_of(category: str | None) -> str | None:
        top, _, leaf = (category or "").partition("/")
        return leaf if top == "unit" and leaf in ECHELONS else None

    def add_name(self, kind: str, index: int, name: str, flags: int) -> None:
        if kind in ("place", "actor", "operation"):
            self.add_proper(name, index, flags)
            return
        for spelled in spellings(name):
            self.add_ref(self.heads, " ".join(spelled.lower().split()), index, flags | _case(spelled, bool(flags & book.WEAK)))
        if kind == "class":
            # Class nouns have no capital to tell them apart; their plural may be irregular and is generated whole.
            for spelled in spellings(plural(name)):
                self.add_ref(self.heads, spelled.lower(), index, flags)

    def add_proper(self, name: str, index: int, flags: int) -> None:
        base = " ".join(fold(name).cased.split())
        self.add_ref(self.proper, base, index, flags)
        for spelled in spellings(name)[1:]:
            self.add_ref(self.proper, spelled, index, flags)
        if base.upper() != base and len(base) > 3:
            self.add_ref(self.proper, base.upper(), index, flags)

    @staticmethod
    def add_ref(table: dict[str, list[int]], name: str, index: int, flags: int) -> None:
        if name:
            ref = index << book.FLAG_BITS | flags
            refs = table[name]
            if not any(old >> book.FLAG_BITS == index for old in refs):
                refs.append(ref)

    def compile_places(self, folders: list[Path]) -> None:
        """Add the places of the compiled GeoNames tables (`places/*.tsv.gz`, columns as their first line says)."""
        common: set[str] = set()
        for folder in folders:
            for path in sorted(folder.glob("places/*.txt")):
                common |= {line.strip() for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")}
        for folder in folders:
            for path in sorted(folder.glob("places/*.tsv.gz")):
                self.compile_place_table(path, common)

    def compile_place_table(self, path: Path, common: set[str]) -> None:
        for number, line in enumerate(gzip.decompress(path.read_bytes()).decode("utf-8").splitlines(), 1):
            if line.startswith("#") or not line:
                continue
            cells = line.split("\t")
            if len(cells) != 9:
                self.faults.append(Fault(path.name, number, 1, f"has {len(cells)} columns, not 9", "compile the table again"))
                return
            ident, name, alternates, lat, lon, country, admin, feature, population = cells
            index = len(self.entries)
            people = int(population or 0)
            self.entries.append(
                (ident, name, "place", "L", None, None, None, None, None, country or None, admin or None, float(lat), float(lon),
                 "admin1" if feature == "A" else "city", people, None, (), (), None)
            )  # fmt: skip
            self.counts["gazetteer place"] += 1
            for spelled in (name, *filter(None, alternates.split("|"))):
                base = " ".join(fold(spelled).cased.split())
                if len(base) < 3 or not base[0].isupper():
                    continue
                flags = book.WEAK if base.lower() in common or len(base) < 4 else 0
                self.add_ref(self.proper, base, index, flags)
                if "-" in base:
                    self.add_ref(self.proper, base.replace("-", " "), index, flags)
                if people >= 100_000:
                    self.add_ref(self.proper, base.upper(), index, flags)

    # ---------------------------------------------------------------- rules
    def expanded(self, file: RuleFile, path: tuple[int | str, ...], item: Any, known: dict[str, str] | None = None) -> str | None:
        define = {**(known or {}), **file.model.define}
        try:
            pattern = expand(item.pattern, define)
        except FragmentError as error:
            self.faults.append(file.fault((*path, "pattern"), f"rule {item.id!r}: {error}", "correct the name or define it"))
            return None
        if not item.examples or not item.rejects:
            message = f"rule {item.id!r} has no {'examples' if not item.examples else 'rejects'}"
            self.faults.append(file.fault(path, message, "add text that must and text that must not match"))
        return pattern

    def checked(self, file: RuleFile, path: tuple[int | str, ...], item: Any, pattern: str) -> bool:
        wrong = check_pattern(pattern)
        if wrong:
            self.faults.append(file.fault((*path, "pattern"), f"pattern of {item.id!r} {wrong}", "simplify the pattern"))
        return not wrong

    def compile_tokens(self) -> list[Token]:
        rules = []
        shared = {name: text for file in self.files("tokens") for name, text in file.model.define.items()}
        for file, path, item in self.sections.of("tokens"):
            pattern = self.expanded(file, path, item, shared)
            if pattern is not None and self.checked(file, path, item, pattern):
                kind = file.model.tokens
                rules.append(
                    Token(
                        item.id,
                        kind,
                        pattern,
                        item.case == "exact",
                        tuple(item.needs),
                        item.priority,
                        item.basis,
                        item.resolve,
                        dict(item.set),
                        start_keys(regex.compile(pattern), item.case == "exact"),
                    )
                )
                self.counts[f"tokens {kind}"] += 1
        return rules

    def files(self, kind: str) -> list[RuleFile]:
        seen: dict[str, RuleFile] = {}
        for file, _, _ in self.sections.of(kind):
            seen.setdefault(f"{file.pack}/{file.name}", file)
        return list(seen.values())

    def compile_links(self) -> list[Link]:
        rules = []
        letters_of = {**KIND_LETTERS, **KIND_SETS}
        shared = {name: text for file in self.files("links") for name, text in file.model.define.items()}
        for file, path, item in self.sections.of("links"):
            pattern = self.expanded(file, path, item, shared)
            if pattern is None:
                continue
            wrong: list[str] = []

            def fill(match: re.Match[str], wrong: list[str] = wrong) -> str:
                inner = placeholder(match[1])
                if inner is None:
                    wrong.append(match[1])
                    return ""
                role = match[2] or match[1]
                return inner if role == "_" else f"(?P<{role}>{inner})"

            source = pattern
            pattern = _PLACEHOLDER.sub(fill, pattern)
            if wrong:
                names = ", ".join((*KIND_LETTERS, *KIND_SETS))
                self.faults.append(file.fault((*path, "pattern"), f"{{{wrong[0]}}} names no kind of mention", f"use one of: {names}"))
                continue
            if self.checked(file, path, item, pattern):
                needs = top_level_needs(source, letters_of)
                starts = start_keys(regex.compile(pattern), False, tuple(START.values()))
                parts = link_parts(item.pattern, {**shared, **file.model.define})
                repeats = ")+" in source or ")*" in source
                rule = (item.id, pattern, item.priority, dict(item.set), tuple(item.distribute), tuple(item.absorb), item.score)
                rules.append(Link(*rule, needs, starts, parts, repeats))
                self.counts["links"] += 1
        rules.sort(key=lambda rule: -rule.priority)
        return rules

    def compile_cues(self) -> list[Cue]:
        cues: list[Cue] = []
        irregular = self.sections.irregular
        for file, path, item in self.sections.of("cues"):
            kind = file.model.cues
            allowed = CUE_VALUES[kind]
            if allowed is not None and item.value not in allowed:
                mend = f"use one of: {', '.join(allowed)}"
                self.faults.append(file.fault((*path, "value"), f"{item.value!r} is no value of {kind}", mend))
                continue
            if not (item.words or item.verbs or item.nouns or item.adjectives):
                self.faults.append(file.fault(path, f"cue {item.id!r} has no words", "add words, verbs, nouns or adjectives"))
                continue
            frame = {}
            if item.frame is not None:
                for key in _FRAME_KEYS:
                    role = getattr(item.frame, key)
                    if role is not None:
                        frame[key.rstrip("_")] = tuple(part.strip() for part in role.split("|"))
            index = len(cues)
            probability = tuple(item.probability) if item.probability else None
            cues.append(
                Cue(item.id, kind, item.value, item.direction, item.reach, tuple(item.pseudo), frame, item.measure, item.agent,
                    item.military, item.people, item.placed, item.forces, item.towards, item.only, item.priority, probability, tuple(file.model.stops))  # type: ignore[arg-type]
            )  # fmt: skip
            for word in item.words:
                self.add_phrase(word, index, "w")
            for word in item.pseudo:
                self.add_phrase(word, index, "-")
            for word in item.adjectives:
                self.add_phrase(word, index, "a")
            for word in item.nouns:
                self.add_phrase(word, index, "o")
                if plural(word) != word and not word.endswith("s"):
                    self.add_phrase(plural(word), index, "o")
            for verb in item.verbs:
                for form, tag in inflect(verb, irregular).items():
                    self.add_phrase(form, index, tag)
            self.counts[f"cues {kind}"] += len(item.words) + len(item.verbs) + len(item.nouns) + len(item.adjectives)
        return cues

    def add_phrase(self, phrase: str, cue: int, form: str) -> None:
        refs = self.phrases[fold_name(phrase)]
        if (cue, form) not in refs:
            refs.append((cue, form))


def _is_ship(item: Any, category: str | None) -> bool:
    """Whether the entry is one ship by name: all of them share one guard, which each file proves once."""
    return bool(item.operator or item.class_ or item.hull) and (category or "").startswith("ship/")


def _case(spelled: str, weak: bool) -> int:
    """What case the text must show for a name so spelled: a lower-case name none, an acronym capitals."""
    letters = [char for char in spelled if char.isalpha()]
    if not letters or not any(char.isupper() for char in letters):
        return 0
    digits = any(char.isdigit() for char in spelled)
    if digits:
        # Designators: `t-72` is still one, `m 4` is not; a trailing digit lets variant letters follow.
        loose = "-" in spelled or len(spelled) > 4
        return book.DESIGNATOR | (0 if loose and " " not in spelled else book.NEED_CAPITAL)
    if all(char.isupper() for char in letters) and (len(letters) <= 4 or (weak and len(letters) <= 5)):
        return book.NEED_UPPER
    return book.NEED_CAPITAL
