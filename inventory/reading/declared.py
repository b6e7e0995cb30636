"""What a page declares of itself: title, day of publication, publisher, language, address. Nothing is guessed.

A day counts as declared where the markup names it as the day of publication (schema.org, Open Graph, Dublin Core and the names that
publishing systems use), where the page's one `<time>` stands above its text, or where it is a part of the page's own address.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from inventory.reading.metadata import Metadata, parse_date

# Names of <meta> for the day of publication, the surest first; compared in lower case.
_PUBLISHED = (
    "article:published_time", "datepublished", "og:published_time", "article:published", "og:article:published_time",
    "dcterms.issued", "dc.date.issued", "dcterms.date", "dc.date", "dc.date.published", "citation_publication_date", "publication_date",
    "publish_date", "publishdate", "publish-date", "published_time", "pubdate", "parsely-pub-date", "sailthru.date",
    "article_date_original", "originalpublicationdate", "cxenseparse:recs:publishtime", "date",
)  # fmt: skip
_ARTICLES = frozenset((
    "article", "newsarticle", "reportagenewsarticle", "analysisnewsarticle", "backgroundnewsarticle", "opinionnewsarticle",
    "reviewnewsarticle", "report", "blogposting", "liveblogposting", "socialmediaposting", "techarticle", "scholarlyarticle",
))  # fmt: skip
_URL_DAY = re.compile(r"/((?:19|20)[0-9]{2})[/-]([01]?[0-9])[/-]([0-3]?[0-9])(?:[/-]|$)")
_SAVED_FROM = re.compile(r"<!-- saved from url=\([0-9]+\)(\S+) -->|\burl: (https?://\S+)", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_MODIFIED = re.compile(r"modif|updat|revis|expire|comment", re.IGNORECASE)
# A paragraph this long is where the text of an article has begun.
_PARAGRAPH = 120


def read_declared(root: Any, html: str, url: str | None = None) -> Metadata:
    """The metadata that a page declares. `url` is the address that it is known to come from; `html` the page as text. Never raises."""
    meta = _list_meta(root)
    items = list(_list_items(root))
    address = url or _find_url(root, meta, html)
    title = _first(_text(item.get("headline")) for item in items) or _first(meta.get(name) for name in ("og:title", "dc.title"))
    source = _first((meta.get("og:site_name"), *(_text(item.get("publisher")) for item in items), meta.get("dc.publisher")))
    return Metadata(
        title=title or _find_title(root, source),
        published=_find_published(root, meta, items, address),
        source=source or (urlsplit(address).hostname or "").removeprefix("www.") or None if address else source,
        url=address,
        language=_find_language(root, meta),
    )


def _list_meta(root: Any) -> dict[str, str]:
    """Name (or property, or itemprop) of each <meta>, in lower case, with the first content that it has."""
    found: dict[str, str] = {}
    for node in root.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop") or node.get("http-equiv")
        content = " ".join((node.get("content") or "").split())
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _list_items(root: Any) -> Iterator[dict[str, Any]]:
    """The articles that the page's JSON-LD describes; with several, the first is the page's own unless they are a list."""
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            pending: list[Any] = [json.loads((script.text or "").strip().rstrip(";"), strict=False)]
        except (ValueError, RecursionError):
            continue
        while pending:
            item = pending.pop(0)
            if isinstance(item, list):
                pending = [*item, *pending]
            elif isinstance(item, dict):
                kinds = item.get("@type")
                names = {str(kind).lower() for kind in (kinds if isinstance(kinds, list) else [kinds])}
                if names & _ARTICLES:
                    yield item
                pending += [item[key] for key in ("@graph", "mainEntity") if key in item]


def _find_published(root: Any, meta: dict[str, str], items: list[dict[str, Any]], url: str | None) -> dt.date | None:
    days = {day for item in items if (day := read_day(_text(item.get("datePublished")) or "")) is not None}
    if len(days) == 1:
        return days.pop()
    for name in _PUBLISHED:
        if name in meta and (day := read_day(meta[name])) is not None:
            return day
    for node in root.iter():
        if "datepublished" in (node.get("itemprop") or "").lower().split() or (node.tag == "time" and node.get("pubdate") is not None):
            day = read_day(node.get("datetime") or node.get("content") or node.text_content())
            if day is not None:
                return day
    return _find_time(root) or _find_url_day(url)


def _find_time(root: Any) -> dt.date | None:
    """The day of the <time> elements above the text, if it is one day, and if none like them gives another further down.

    A page that lists several is a list, tells of changes, or is a log whose entries have days of their own.
    """
    above: set[dt.date] = set()
    by_form: dict[tuple[str, str], set[dt.date]] = {}
    forms: set[tuple[str, str]] = set()
    has_begun = False
    for node in root.iter("time", "p"):
        if node.tag == "p":
            has_begun = has_begun or len(node.text_content().strip()) >= _PARAGRAPH
            continue
        parent = node.getparent()
        names = " ".join((one.get("class") or "") + " " + (one.get("itemprop") or "") for one in (node, parent) if one is not None)
        day = read_day(node.get("datetime") or "")
        outside = any(one.tag in ("aside", "nav", "footer") for one in node.iterancestors())
        if day is None or outside or _MODIFIED.search(names):
            continue
        form = (parent.tag if parent is not None else "", names)
        by_form.setdefault(form, set()).add(day)
        if not has_begun:
            above.add(day)
            forms.add(form)
    alone = all(len(by_form[form]) == 1 for form in forms)
    return above.pop() if len(above) == 1 and alone else None


def _find_url_day(url: str | None) -> dt.date | None:
    match = _URL_DAY.search(urlsplit(url).path) if url else None
    try:
        return dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def read_day(text: str) -> dt.date | None:
    """The day of an ISO 8601 date, or of one with the month in English words; as written, without regard to its zone.

    `04/05/2023` is no day: it may be in April or in May.
    """
    text = " ".join(text.split())
    day = parse_date(text)
    if day is not None or not text:
        return day
    if re.fullmatch(r"(?:19|20)[0-9]{6}(?:[T ]?[0-9]{4,6}.*)?", text):
        return parse_date(f"{text[:4]}-{text[4:6]}-{text[6:8]}")
    if (
        not re.search(r"[A-Za-z]{3}", text)
        or not re.search(r"\b[0-9]{4}\b", text)
        or not re.search(r"\b[0-9]{1,2}(?:st|nd|rd|th)?\b", text)
    ):
        return None
    if len(text) > 60:
        return None
    from dateutil import parser

    try:
        # Two defaults: what the text leaves open would be filled in with either, and must be the same in both.
        first, second = (
            parser.parse(text, default=dt.datetime(year, month, day), ignoretz=True) for year, month, day in ((2000, 1, 1), (2001, 2, 2))
        )
    except (ValueError, OverflowError, TypeError):
        return None
    return first.date() if first.date() == second.date() else None


def _find_url(root: Any, meta: dict[str, str], html: str) -> str | None:
    links = [node.get("href") for node in root.iter("link") if "canonical" in (node.get("rel") or "").lower().split()]
    saved = _SAVED_FROM.search(html[:4_096])
    for given in (*links, meta.get("og:url"), saved and (saved[1] or saved[2])):
        if given and _is_page(given.strip()):
            return str(given).strip()
    return None


def _is_page(url: str) -> bool:
    """Whether an address leads to one page: that of the front page is no one's own, though bad templates give it to every page."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.path.strip("/") != "" or parts.query != "")


def _find_title(root: Any, source: str | None) -> str | None:
    heads = [text for node in root.iter("h1") if (text := " ".join(node.text_content().split()))]
    if len(heads) == 1:
        return heads[0]
    title = next((" ".join((node.text or "").split()) for node in root.iter("title")), "")
    if source:
        title = re.sub(rf"\s+[-|–—·:]\s+{re.escape(source)}\s*$", "", title, flags=re.IGNORECASE)
    return title or (heads[0] if heads else None)


def _find_language(root: Any, meta: dict[str, str]) -> str | None:
    given = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang")
    return read_language(_first((given, meta.get("content-language"), meta.get("og:locale"), meta.get("dc.language"))))


def read_language(given: str | None) -> str | None:
    """A language tag as BCP 47 writes it: `en_GB` and `EN-gb` are `en-GB`; `None` for anything that is no tag, and for several."""
    if given is None or not _LANGUAGE.fullmatch(given.strip()):
        return None
    first, *rest = given.strip().replace("_", "-").split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part.title() if len(part) == 4 else part for part in rest)])


def _first(given: Any) -> str | None:
    return next((" ".join(one.split()) for one in given if one and one.strip()), None)


def _text(value: Any) -> str | None:
    """A value of JSON-LD as text: itself, its name, or the first of several."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value")
    return value if isinstance(value, str) else None
