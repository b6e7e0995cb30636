"""HTML as a tree, and a tree as plain text with its paragraphs; knows nothing of pages or articles."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from inventory.reading.decode import scrub_surrogates
from inventory.reading.extras import load_extra

# Elements that begin and end a line of their own (HTML Living Standard, section 15.3, display: block and list-item).
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html",
    "legend", "li", "listing", "main", "menu", "nav", "ol", "option", "p", "plaintext", "pre", "search", "section", "summary",
    "table", "tbody", "tfoot", "thead", "tr", "ul", "xmp",
))  # fmt: skip
# What a reader of the page does not see as text.
UNSEEN = frozenset((
    "head", "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "applet", "canvas", "audio",
    "video", "select", "datalist", "title",
))  # fmt: skip
# What stands around the article of a page.
AROUND = frozenset((
    "nav", "header", "footer", "aside", "form", "button", "dialog", "menu",
))  # fmt: skip
_SPACES = re.compile(r"[ \t\r\n\f]+")
_LINES = re.compile(r" *\n[ \n]*")
# Elements that only group or dress: without them, a page that nests too deeply for the parser can be read.
_DRESSING = re.compile(
    r"</?(?:div|span|font|center|section|article|main|b|i|u|em|strong|small|big|table|tbody|tr|td|ul|ol|li|blockquote|a)\b[^<>]*>", re.I
)
_LINE_ENDS = re.compile(r"<(?:/?(?:div|center|section|article|main|table|tbody|tr|ul|ol|li|blockquote)|br)\b", re.I)
# XML, and so the tree, holds no control characters.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")


class Tree(NamedTuple):
    """A parsed page. `flattened` when it nested too deeply and its groups were taken out; `cut` when even then text was lost."""

    root: Any
    flattened: bool = False
    cut: bool = False


def parse_html(text: str, label: str) -> Tree | None:
    """The tree of a page or fragment, `None` for one without elements and text. Raises :class:`ReadError` 'missing extra'."""
    lxml_html = load_extra("lxml.html", "trafilatura", label)
    text = _CONTROLS.sub(" ", scrub_surrogates(text))
    root, deep = _parse(lxml_html, text)
    if root is None or not deep:
        return None if root is None else Tree(root)
    # libxml2 drops without a word what lies deeper than 256 elements, and allows 2,048 at most. So the elements that make the depth go.
    plain = _DRESSING.sub(lambda match: "<br>" if _LINE_ENDS.match(match[0]) else "", text)
    root, deep = _parse(lxml_html, plain)
    return None if root is None else Tree(root, flattened=True, cut=deep)


def _parse(lxml_html: Any, text: str) -> tuple[Any, bool]:
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = lxml_html.document_fromstring(text.encode(), parser=parser)
    except (ValueError, lxml_html.etree.LxmlError):  # "Document is empty": nothing but white space or comments
        return None, False
    return root, any("depth" in entry.message.lower() for entry in parser.error_log)


def flatten_tree(root: Any, without: frozenset[str] = frozenset()) -> str:
    """The text that a browser shows: blocks on lines of their own with a blank line between, cells of a table row separated by bars.

    `without` names further elements to leave out, with all that is in them.
    """
    skipped = UNSEEN | without
    parts: list[str] = []
    kept = 0  # depth inside <pre>, whose white space counts
    # Not a recursion: the depth of a tree is its author's choice.
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        tag = node.tag if isinstance(node.tag, str) else ""
        if leaving:
            kept -= tag == "pre"
            if tag in BLOCKS:
                parts.append("\n" if tag in ("tr", "li", "dt", "dd", "option") else "\n\n")
            if node.tail and node is not root:
                parts.append(node.tail if kept else _SPACES.sub(" ", node.tail))
            continue
        stack.append((node, True))
        if not tag or tag in skipped or _is_hidden(node):
            continue
        if tag == "br" or (tag in BLOCKS and not _is_at_line_start(parts)):
            parts.append("\n")
        elif tag in ("td", "th") and node.getprevious() is not None:
            parts.append(" | ")
        kept += tag == "pre"
        if node.text:
            parts.append(node.text if kept else _SPACES.sub(" ", node.text))
        stack.extend((child, False) for child in reversed(node))
    return tidy_lines("".join(parts))


def _is_at_line_start(parts: list[str]) -> bool:
    last = next((part for part in reversed(parts) if part.strip(" ")), "\n")
    return last.rstrip(" ").endswith("\n")


def tidy_lines(text: str) -> str:
    """No white space at the ends of lines, one space between words, at most one blank line between lines."""
    text = re.sub(r"[ \t\f\v]+", " ", text)
    return _LINES.sub(lambda match: "\n\n" if match[0].count("\n") > 1 else "\n", text).strip()


def flatten_html(text: str, label: str) -> str:
    """The text of a fragment of HTML, such as a mail or the content of a feed's entry."""
    tree = parse_html(text, label)
    return "" if tree is None else flatten_tree(tree.root)


def _is_hidden(node: Any) -> bool:
    return node.get("hidden") is not None or "display:none" in (node.get("style") or "").replace(" ", "").lower()
