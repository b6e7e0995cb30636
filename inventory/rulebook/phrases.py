"""What a cue phrase stands for, sorted once: sentences ask the same few things of every phrase that they hold."""

from __future__ import annotations

from inventory.model import STATUS_GROUPS
from inventory.rulebook.compiled import Cue

# Types of cue that can stand for the verb, noun or predicate of a clause.
_VERBAL = frozenset({"status", "attribution", "verb"})
_COLOURS = frozenset({"modality", "measure", "status", "verb"})
# Statuses of verbs behind which a number alone means things: *Spain has three*, *lost two*; not *covers 40*.
_OF_THINGS = frozenset({*STATUS_GROUPS["transfer"], *STATUS_GROUPS["loss"], "in_service", "used"})


class Phrase:
    """The cues of one phrase.

    `forms` pairs each cue with the form of it that the phrase is; a form `-` is a phrase that only looks like its cue.
    """

    __slots__ = (
        "according", "base_form", "colours", "cumulative", "flow", "forms", "measures", "military", "modalities", "predicate", "pseudo",
        "saying", "statuses", "strikes", "tags", "takes_things", "types", "undisclosed", "verbal",
    )  # fmt: skip

    def __init__(self, forms: list[tuple[Cue, str]]) -> None:
        real = [(cue, form) for cue, form in forms if form != "-"]
        self.forms = forms
        self.types = frozenset(cue.type for cue, _ in forms)
        self.verbal = not _VERBAL.isdisjoint(self.types)
        self.colours = not _COLOURS.isdisjoint(self.types)
        self.saying = "attribution" in self.types
        self.tags = "".join(sorted({letter for cue, form in forms if cue.type in _VERBAL for letter in form}))
        """The letters of all forms in which it can stand for a verb, noun or predicate."""
        self.predicate = "w" in self.tags and not set(self.tags) & set("bspng")
        """Whether it is a whole phrase only (*on alert*), in no form a verb."""
        self.base_form = any(set(form) & set("bs") for _, form in forms)
        self.pseudo = len(real) < len(forms)
        self.military = any(cue.military for cue, _ in real)
        self.statuses = [cue for cue, _ in real if cue.type == "status"]
        self.strikes = any(cue.value in ("used", "struck") for cue in self.statuses)
        self.takes_things = any(
            "item" in cue.frame.get("object", ()) and cue.value in _OF_THINGS for cue in self.statuses if not cue.by_subject
        )
        self.modalities = [cue for cue, _ in real if cue.type == "modality"]
        self.measures = [cue for cue, _ in real if cue.type == "measure"]
        self.according = next((cue for cue, form in forms if cue.type == "attribution" and form == "w" and cue.value == "according"), None)
        self.cumulative = any(cue.value == "cumulative" for cue, _ in forms)
        self.flow = any(cue.type == "measure" and cue.value == "flow" for cue, _ in forms)
        self.undisclosed = any(cue.id == "undisclosed-number" for cue, _ in real)
