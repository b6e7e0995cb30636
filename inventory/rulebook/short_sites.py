"""Military sites by the short name that news uses: *at Incirlik* for Incirlik Air Base."""

from __future__ import annotations

import re

from inventory.rulebook import book
from inventory.rulebook.book import Entry
from inventory.rulebook.compile_names import NameCompiler
from inventory.text.fold import fold

# What a site is called besides its name, at the end of it.
_HEAD = re.compile(
    r" (?:(?:international |main |naval |military |army )?air(?:port| ?base| station| force base|field)"
    r"|(?:naval|military|submarine|army) base|naval (?:air )?station|barracks|garrison|proving ground"
    r"|(?:military )?training (?:area|ground|range|cent(?:re|er))|missile (?:base|site|range))$",
    re.IGNORECASE,
)
_LEAST = 4  # letters of a short name
# The bases of a country whose single-word names are mostly those of people (*Andrews*, *Scott*, *Nellis*).
_PERSONAL = frozenset({"USA"})


def add_short_sites(names: NameCompiler) -> None:
    """Add the short name of each site, for use behind a preposition of place.

    Not where a place of the same country has the name: the base lies by that town. A namesake elsewhere is one more candidate, which the
    text has to decide.
    """
    for index, row in enumerate(names.entries):
        entry = Entry(*row)
        if entry.type != "place" or entry.lat is None or (found := _HEAD.search(entry.name)) is None:
            continue
        short = " ".join(fold(entry.name[: found.start()]).cased.split())
        alone = " " not in short
        if len(short) < _LEAST or not short[0].isupper() or short.lower() in names.common or (alone and entry.country in _PERSONAL):
            continue
        held = names.proper.get(short)
        refs = () if held is None else (held,) if isinstance(held, int) else held
        if any(names.country_of(ref >> book.FLAG_BITS) == entry.country for ref in refs):
            continue
        names.add_ref(names.proper, short, index, 0 if refs else book.WEAK)
