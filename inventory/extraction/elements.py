"""The elements of a sentence: its mentions, its verbs and its other words, in a row."""

from __future__ import annotations

from inventory.extraction.state import CueHit, Mention

NOMINAL = "EcPUeMACGLNOTr"


class Element:
    """One element of the shape: a mention, a verb or another word."""

    __slots__ = ("cue", "end", "forms", "kind", "mention", "start", "voice", "word")

    def __init__(
        self, kind: str, start: int, end: int, word: str = "", mention: Mention | None = None, cue: CueHit | None = None, forms: str = ""
    ) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.word = word
        self.mention = mention
        self.cue = cue
        self.forms = forms
        self.voice = ""

    def __repr__(self) -> str:
        return f"{self.kind}:{self.word or self.mention}"


class Sentence:
    """A sentence with what was found in it; offsets are those of the folded text."""

    __slots__ = ("block", "cues", "elements", "end", "hot", "index_of", "kinds", "mentions", "shape", "start")

    def __init__(self, start: int, end: int, block: int = 0, hot: bool = True) -> None:
        self.start = start
        self.end = end
        self.block = block
        self.hot = hot
        self.mentions: list[Mention] = []
        self.kinds: set[str] = set()
        """The kinds of its mentions."""
        self.cues: list[CueHit] = []
        self.elements: list[Element] = []
        self.index_of: dict[int, int] = {}
        """Which element stands for the mention that starts at an offset."""
        self.shape = ""
