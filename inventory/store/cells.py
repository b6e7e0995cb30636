"""Cells that a database cannot hold as they are, and facts as rows: exact both ways."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

# NUL is refused by PostgreSQL, a lone surrogate by UTF-8. Both are written as SUBSTITUTE (U+001A) and four hex digits, as is U+001A itself.
_UNSAFE = re.compile("[\x00\x1a\ud800-\udfff]")
_ESCAPED = re.compile("\x1a([0-9a-f]{4})")
_INT64 = 2**63


def escape_text(text: str) -> str:
    """The text in a form that SQLite and PostgreSQL hold; nearly always the text itself."""
    return _UNSAFE.sub(lambda match: f"\x1a{ord(match[0]):04x}", text)


def unescape_text(text: str) -> str:
    """What :func:`escape_text` was given."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "\x1a" in text else text


class SafeText(sa.types.TypeDecorator[str]):
    """Text of any code points."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """Python to database."""
        return None if value is None else escape_text(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """Database to Python."""
        return None if value is None else unescape_text(value)


def dump_json(value: Any) -> str:
    """Compact JSON with sorted keys: equal values give equal text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def split_wide(cells: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    """The cells with numbers beyond 64 bits taken out, and those as JSON text (`None` if there are none)."""
    wide = {name: str(cell) for name, cell in cells.items() if isinstance(cell, int) and not -_INT64 <= cell < _INT64}
    return {name: None if name in wide else cell for name, cell in cells.items()}, dump_json(wide) if wide else None


def join_wide(cells: dict[str, Any], wide: str | None) -> dict[str, Any]:
    """What :func:`split_wide` was given."""
    return cells if wide is None else {**cells, **{name: int(digits) for name, digits in json.loads(wide).items()}}
