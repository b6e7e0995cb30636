"""Saved web pages: the article without menus and comments, and what the page declares of itself."""

from __future__ import annotations

from inventory.reading.blobs import Blob
from inventory.reading.declared import read_declared
from inventory.reading.decode import decode_markup
from inventory.reading.drafts import Draft
from inventory.reading.errors import Remark, note, say
from inventory.reading.extras import load_extra, name_reader
from inventory.reading.markup import AROUND, Tree, flatten_tree, parse_html

# Less than this share of all words on the page is not believed to be the article, if the page is small (in characters).
_LEAST_SHARE = 0.2
_SMALL = 3_000


def read_page(raw: bytes, blob: Blob) -> Draft:
    """The article of a page. Raises :class:`ReadError` ('missing extra', 'encoding', 'not text')."""
    trafilatura = load_extra("trafilatura", "trafilatura", blob.label)
    html, remark = decode_markup(raw, blob.label, blob.charset)
    notes = [remark] if remark else []
    tree = parse_html(html, blob.label)
    if tree is None:
        return Draft("", blob.key, blob.label, 1, name_reader("trafilatura"), raw, blob.metadata, tuple(notes))
    metadata = read_declared(tree.root, html, blob.metadata.url)
    text, why = _find_article(tree, trafilatura)
    if why is not None:
        notes.append(note("whole page", say(blob.label, 1, f"{why}; all of its text is taken, menus perhaps included", "check the rows")))
    cut = None
    if tree.cut:
        cut = Remark("note: cut", say(blob.label, 1, "nests more than 256 elements deep; text below is lost", "save it as text"))
    return Draft(text, blob.key, blob.label, 1, name_reader("trafilatura"), raw, metadata, tuple(notes), cut=cut)


def _find_article(tree: Tree, trafilatura: object) -> tuple[str, str | None]:
    """The article's text; or that of the whole page, and why."""
    everything = flatten_tree(tree.root, AROUND) or flatten_tree(tree.root)
    if tree.flattened:
        return everything, "nests more than 256 elements deep"
    # fast: no second opinion of other extractors, which on a page with little text would bring the menus back in.
    found = trafilatura.bare_extraction(  # type: ignore[attr-defined]
        tree.root, favor_precision=True, include_comments=False, include_tables=True, deduplicate=False, with_metadata=False
    )
    # Its paragraphs are lines, and a line may look wrapped where it ends without a stop; the rules under table heads are no text.
    lines = [line for line in (found.text or "").splitlines() if line.strip(" |-")] if found is not None else []
    text = "\n\n".join(" ".join(line.split()) for line in lines)
    if not text.strip() or (len(everything) < _SMALL and len(text) < _LEAST_SHARE * len(everything)):
        return everything, "has no article that can be told from the rest"
    return text, None
