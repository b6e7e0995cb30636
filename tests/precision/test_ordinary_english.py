"""Ordinary English that is not about the military gives next to no equipment, unit or people.

The text is there on every machine: Python's own licence and the documentation strings of its standard library. In
more and longer text the figure is measured by hand; the changelog has it.
"""

from __future__ import annotations

import builtins
import importlib
import inspect
import warnings

import pytest

from inventory import Document, load_rulebook
from inventory.extraction.rows import list_mentions
from inventory.rulebook.book import Rulebook

# One false mention in so many words is the most that is allowed.
WORDS_A_FALSE_MENTION = 50_000
MODULES = """
    argparse ast asyncio calendar codecs collections configparser contextlib csv datetime difflib doctest email.message enum
    fractions ftplib functools gettext heapq html http.client imaplib inspect ipaddress itertools json locale logging
    mailbox math mimetypes optparse os pathlib pickle pickletools platform random re sched secrets selectors shelve shutil
    smtplib sqlite3 statistics string struct subprocess tempfile textwrap threading time timeit tokenize traceback types
    typing urllib.request uuid warnings weakref zipfile zlib
"""


def documentation() -> str:
    """The documentation strings of the standard library's modules, their classes and functions, each once."""
    texts: dict[str, None] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for module in (builtins, *map(importlib.import_module, MODULES.split())):
            things = [module, *(getattr(module, name, None) for name in sorted(dir(module)))]
            for thing in things:
                texts[inspect.getdoc(thing) or ""] = None
                if inspect.isclass(thing):
                    for name in sorted(vars(thing)):
                        texts[inspect.getdoc(getattr(thing, name, None)) or ""] = None
    return "\n\n".join(text for text in texts if len(text) > 60)


def licence() -> str:
    """Python's licence and credits."""
    return "\n\n".join(
        str(getattr(builtins, name, "")._Printer__setup() or "\n".join(getattr(builtins, name)._Printer__lines))  # type: ignore[union-attr]
        for name in ("license", "credits")
        if hasattr(builtins, name)
    )


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook()


def false_mentions(text: str, book: Rulebook) -> list[str]:
    return [
        f"{row.type} {row.text!r} ({row.id})"
        for row in list_mentions(Document(doc_id="t", text=text), book)
        if row.type in ("equipment", "unit", "personnel")
    ]


def test_documentation_of_the_standard_library(book: Rulebook) -> None:
    text = documentation()
    words = len(text.split())
    assert words > 50_000
    found = false_mentions(text, book)
    assert len(found) <= words // WORDS_A_FALSE_MENTION, found


def test_licence(book: Rulebook) -> None:
    text = licence()
    assert len(text.split()) > 1_000
    assert false_mentions(text, book) == []


@pytest.mark.parametrize(
    "text",
    [
        "The file is encoded in UTF-8, compressed with LZ77 and checked with CRC-32 and SHA-1.",
        "Get a shell for the superuser of the database, then force a restart.",
        "The package is licensed under CC-BY-SA-3.0 and was released on Apr-3-2008.",
        "IN NO EVENT SHALL SAM MILLER BE LIABLE FOR ANY SPECIAL, INDIRECT OR CONSEQUENTIAL DAMAGES OF ANY KIND WHATSOEVER.",
        "The load balancer sits in front of the control plane.",
        "Keep in mind the three Laws of Robotics. May a wish come true.",
        "The constant AF_X25 and the macro GCRY_KDF_SM3 are new.",
        "Programmers wrote it in FORTRAN, COBOL or RPG.",
        "Volunteer researchers found the species near the lake.",
    ],
)
def test_false_friends(text: str, book: Rulebook) -> None:
    assert false_mentions(text, book) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They fired an RPG at the convoy.", "RPG"),
        ("Two SM-3 interceptors left the ship.", "SM-3"),
        ("The software of the T-72 was replaced.", "T-72"),
        ("Three ZQ-900 drones and a T-72 tank were lost.", "ZQ-900"),
        ("KDF troops crossed the Kenyan border.", "KDF"),
    ],
)
def test_true_friends_are_kept(text: str, expected: str, book: Rulebook) -> None:
    assert any(repr(expected) in found for found in false_mentions(text, book))
