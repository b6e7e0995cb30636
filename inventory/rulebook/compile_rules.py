"""Token, link and cue rules → checked patterns and the phrases that lead to the cues."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import Any

import regex

from inventory.rulebook.book import Cue, Link, Token
from inventory.rulebook.files import RuleFile
from inventory.rulebook.follows import follow_pairs
from inventory.rulebook.fragments import FragmentError, check_pattern, expand
from inventory.rulebook.kinds import CONT, KIND_LETTERS, KIND_SETS, START, placeholder
from inventory.rulebook.literals import needed_literals
from inventory.rulebook.parts import link_parts
from inventory.rulebook.schema import CUE_VALUES, Frame
from inventory.rulebook.sections import Sections
from inventory.rulebook.starts import mention_sets, start_keys, top_level_needs
from inventory.rulebook.variants import inflect, plural
from inventory.text.fold import fold_name

# A list of words in a pattern of a words file; `{2,3}` only repeats.
_LIST = re.compile(r"\{([a-z_]+)\}")
_PLACEHOLDER = re.compile(r"\{([a-z]+)(?::([a-z_]+))?\}")
_LETTERS = str.maketrans({mark: letter for letter, mark in START.items()})
_MARKS = "".join((*START.values(), *CONT.values()))
# A token pattern that begins with no more pairs of letters than this begins with certain words.
_FEW = 60
_FRAME_KEYS = tuple(Frame.model_fields)


class RuleCompiler:
    """Compiles what has a pattern or words; `phrases` leads from a phrase to the cues (and forms) that it stands for."""

    def __init__(self, sections: Sections) -> None:
        self.sections = sections
        self.faults = sections.faults
        self.phrases: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self.counts: Counter[str] = Counter()

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
                        start_keys(regex.compile(pattern), item.case == "exact", few=_FEW),
                        follow_pairs(pattern),
                        needed_literals(pattern),
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
                firsts, seconds = (kinds and kinds.translate(_LETTERS) for kinds in mention_sets(pattern, "".join(START.values())))
                rules.append(Link(*rule, needs, starts, parts, repeats, firsts, seconds, needed_literals(pattern, _MARKS)))
                self.counts["links"] += 1
        rules.sort(key=lambda rule: -rule.priority)
        return rules

    def compile_patterns(self) -> dict[str, str]:
        """The patterns of the words files by name, with the words of a list where its name stands in braces."""
        found = {}
        for name, (file, path, pattern) in self.sections.patterns.items():
            wrong: list[str] = []

            def fill(match: re.Match[str], wrong: list[str] = wrong) -> str:
                words = self.sections.values.get(match[1])
                if not words:
                    wrong.append(match[1])
                    return ""
                return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))})"

            expanded = _LIST.sub(fill, pattern)
            problem = f"names no list: {{{wrong[0]}}}" if wrong else check_pattern(expanded, empty=True)  # *$* looks back from a word
            if problem:
                self.faults.append(file.fault(path, f"pattern {name!r} {problem}", "correct the pattern or define the list"))
            found[name] = expanded
        self.counts["patterns"] += len(found)
        return found

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
                    item.means, item.military, item.people, item.placed, item.forces, item.towards, item.only, item.by_subject,
                    item.priority, probability, tuple(file.model.stops))
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
