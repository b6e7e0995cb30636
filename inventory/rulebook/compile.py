"""Rule files of one or more packs → one :class:`Payload`, or every fault at once."""

from __future__ import annotations

from pathlib import Path

from inventory.rulebook.book import Payload
from inventory.rulebook.compile_names import NameCompiler
from inventory.rulebook.compile_rules import RuleCompiler
from inventory.rulebook.faults import RuleError
from inventory.rulebook.packs import digest_files
from inventory.rulebook.sections import Sections, read_packs
from inventory.rulebook.short_sites import add_short_sites

__all__ = ["Sections", "compile_packs", "compile_sections", "read_packs"]


def compile_packs(folders: list[Path]) -> Payload:
    """Compile the packs, first to last, each over the one before.

    Raises :class:`RuleError` with every fault found.
    """
    return compile_sections(read_packs(folders), folders)


def compile_sections(sections: Sections, folders: list[Path]) -> Payload:
    """Compile packs that are read already; raises :class:`RuleError` as :func:`compile_packs` does."""
    payload = _payload(sections, digest_files(folders)[:12], folders)
    if sections.faults:
        raise RuleError(sections.faults)
    return payload


def _payload(sections: Sections, digest: str, folders: list[Path]) -> Payload:
    names, rules = NameCompiler(sections), RuleCompiler(sections)
    names.compile_entries()
    names.link_nouns()
    names.compile_places(folders)
    add_short_sites(names)
    place_rows, place_ends = names.places.pack()
    tokens = rules.compile_tokens()
    links = rules.compile_links()
    cues = rules.compile_cues()
    patterns = rules.compile_patterns()
    proper_words, proper_small = names.first_words()
    return Payload(
        version=sections.version,
        digest=digest,
        entries=tuple(names.entries),
        place_rows=place_rows,
        place_ends=place_ends,
        head_names=tuple(names.heads),
        head_refs=tuple((refs,) if isinstance(refs, int) else refs for refs in names.heads.values()),
        proper=names.proper,
        proper_words=proper_words,
        proper_small=proper_small,
        phrases=tuple(rules.phrases),
        phrase_refs=tuple(map(tuple, rules.phrases.values())),
        tokens=tuple(map(tuple, tokens)),
        links=tuple(map(tuple, links)),
        cues=tuple(map(tuple, cues)),
        categories=tuple((c.id, c.domain, c.oryx, c.iiss, c.app6, tuple(c.cues)) for c in names.categories.values()),
        words={word: name for name, members in sections.words.items() for word in members},
        values=dict(sections.values),
        patterns=patterns,
        counts=dict(names.counts + rules.counts),
    )
