"""Gazetteers and place tables → entries and the tables of names that lead to them."""

from __future__ import annotations

import gzip
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

from inventory.model import ECHELONS
from inventory.rulebook import book
from inventory.rulebook.book import WORD, Entry
from inventory.rulebook.entries import PlaceTable
from inventory.rulebook.faults import Fault
from inventory.rulebook.sections import Sections
from inventory.rulebook.variants import plural, spellings
from inventory.text.fold import fold

# Kinds of entries by gazetteer; class nouns take theirs from the category.
_KINDS = {"equipment": "E", "unit": "U", "actor": "C", "place": "L", "operation": "O", "ignore": "-"}
_CLASS_KINDS = {"personnel": "P", "unit": "e", "materiel": "M"}
# Bodies that act for their state; every other side acts for itself, whatever country it sits in.
_OF_A_STATE = frozenset({"ministry", "agency", "legislature", "general-staff", "government", "intelligence"})
_STATE_KINDS = frozenset({"state", "territory", "de-facto", "historic"})


def flag_emoji(iso2: str) -> str:
    """The flag of a state as two regional indicator symbols (Unicode Technical Standard 51, annex B)."""
    return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in iso2)


class NameCompiler:
    """Compiles what has a name; `heads` and `proper` lead from a name to the entries (and flags) that it stands for."""

    def __init__(self, sections: Sections) -> None:
        self.sections = sections
        self.faults = sections.faults
        self.entries: list[tuple[Any, ...]] = []
        self.places = PlaceTable()
        self.heads: dict[str, int | tuple[int, ...]] = {}
        self.proper: dict[str, int | tuple[int, ...]] = {}
        self.counts: Counter[str] = Counter()
        self.shared: dict[str | tuple[Any, ...], Any] = {}
        self.common: set[str] = set()  # words that are also names of places
        self.categories = {key: held[2] for key, held in sections.items["category"].items()}

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
        actor = item.operator
        country = item.country
        if kind == "actor":
            # An armed group is a side of its own; any other body of a state counts as that state.
            actor = (item.operator or item.id) if not country or item.kind not in _OF_A_STATE else country
            country = item.id if letter == "C" else country
        entry = Entry(
            id=item.id,
            name=item.name,
            type=kind,
            kind=letter,
            category=category,
            actor=actor,
            origin=item.origin,
            family=item.family or item.class_,
            echelon=item.echelon or self.echelon_of(category),
            country=country,
            admin=item.admin,
            lat=item.lat,
            lon=item.lon,
            feature=item.kind,
            population=item.prominence,
            controller=item.controller,
            attributes=tuple(sorted(attributes.items())),
            cues=tuple(sorted(cues)),
            head=item.head,
            behind=item.behind,
            institution=item.institution,
        )
        index = len(self.entries)
        # What many entries say alike (category, country, cues) is kept once: equal values read from YAML are objects of their own.
        self.entries.append(tuple(self.shared.setdefault(value, value) if isinstance(value, str | tuple) else value for value in entry))
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
            if item.iso2:
                self.add_proper(flag_emoji(item.iso2), index, book.ADJECTIVE)
            for name in item.demonyms:
                self.add_proper(name, index, book.DEMONYM)
            for name in (*([item.capital] if item.capital else []), *item.metonyms):
                self.add_proper(name, index, book.METONYM)

    def first_words(self) -> tuple[dict[str, int], frozenset[str]]:
        """First word of proper names → the most words that a name beginning with it has; and those that are not capitalised.

        A name that is its own first word is left out where no longer one begins so: the table of names has it.
        """
        longest: dict[str, int] = {}
        small: set[str] = set()
        for name in self.proper:
            words = WORD.findall(name)
            if not words:
                continue
            first = words[0]
            if not first[0].isupper():
                small.add(first)
            if len(words) > longest.get(first, 0 if first != name else 1):
                longest[first] = len(words)
        return longest, frozenset(small)

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
            # *SM-3* is sure, *SM3* is also an algorithm: so short a code without its hyphen needs company.
            # So is what is left of a Cyrillic one (*С-400* is sure, *C400* a model of computer) and *Type42*, a kind of font.
            short = len(spelled) < 4 or (len(spelled) < 6 and not name.isascii()) or spelled.lower().startswith("type")
            weak = book.WEAK if short and spelled != name and spelled.isalnum() else 0
            self.add_ref(self.heads, " ".join(spelled.lower().split()), index, flags | weak | _case(spelled, bool(flags & book.WEAK)))
        if kind in ("class", "ignore"):
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
    def add_ref(table: dict[str, int | tuple[int, ...]], name: str, index: int, flags: int) -> None:
        """A name of one entry holds its reference bare: a list for each of 400,000 names would take 40 MB."""
        if not name:
            return
        ref = index << book.FLAG_BITS | flags
        held = table.get(name)
        if held is None:
            table[name] = ref
            return
        refs = (held,) if isinstance(held, int) else held
        if not any(old >> book.FLAG_BITS == index for old in refs):
            table[name] = (*refs, ref)

    def country_of(self, index: int) -> str | None:
        """The country of an entry by its number, whether from YAML or a place table."""
        return Entry(*self.entries[index]).country if index < len(self.entries) else self.places.country_of(index - len(self.entries))

    def compile_places(self, folders: list[Path]) -> None:
        """Add the places of the compiled GeoNames tables (`places/*.tsv.gz`, columns as their first line says)."""
        common = self.common
        for folder in folders:
            for path in sorted(folder.glob("places/*.txt")):
                common |= {line.strip() for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")}
        for folder in folders:
            for path in sorted(folder.glob("places/*.tsv.gz")):
                self.compile_place_table(path, common)

    def compile_place_table(self, path: Path, common: set[str]) -> None:
        at = 0
        wrong: str | None = None
        try:
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    at += 1
                    if not line.startswith("#") and line != "\n":
                        wrong = self.compile_place(line.rstrip("\n").split("\t"), common)
                    if wrong:
                        break
        except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
            wrong = f"cannot be read: {error}"
        if wrong:
            self.faults.append(Fault(path.name, max(at, 1), 1, wrong, "compile the table again"))

    def compile_place(self, cells: list[str], common: set[str]) -> str | None:
        """Add one place; what is wrong with the row, if anything is."""
        if len(cells) != 9:
            return f"has {len(cells)} columns, not 9"
        ident, name, alternates, lat, lon, country, admin, feature, population = cells
        try:
            float(lat), float(lon)
            people = int(population or 0)
        except ValueError as error:
            return f"holds no number where one belongs: {error}"
        index = len(self.entries) + len(self.places)
        self.places.add(ident, name, lat, lon, country, admin, feature, population)
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
        return None


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
        if " " in spelled and all(char.isupper() for char in letters):
            return book.DESIGNATOR | book.NEED_UPPER  # *TK 3*, not *Tk 3*
        if not loose and len(letters) > 1 and all(char.isupper() for char in letters):
            return book.DESIGNATOR | book.NEED_UPPER  # *GO20*, not *Go20*
        return book.DESIGNATOR | (0 if loose and " " not in spelled else book.NEED_CAPITAL)
    if all(char.isupper() for char in letters) and (len(letters) <= 4 or (weak and len(letters) <= 5)):
        return book.NEED_UPPER
    if spelled[0].islower() and " " in spelled:
        return 0  # *frigate Parramatta*: the class word before the name says enough
    return book.NEED_CAPITAL
