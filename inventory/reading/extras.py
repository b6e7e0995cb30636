"""Libraries that are not installed with the core: import them when needed, or say how to get them."""

from __future__ import annotations

from importlib import import_module, metadata
from typing import Any

from inventory.reading.errors import ReadError, say


def load_extra(module: str, distribution: str, label: str, extra: str = "ingest") -> Any:
    """The module. Raises :class:`ReadError` 'missing extra' where it, or something it needs, is not installed."""
    try:
        return import_module(module)
    except ImportError as error:
        missing = error.name or distribution
        what = f"needs {distribution}, which is not installed"
        if missing.partition(".")[0] not in (distribution, module.partition(".")[0]):
            what = f"needs {distribution}, which cannot be loaded ({error})"
        raise ReadError("missing extra", say(label, 1, what, f"pip install military-inventory[{extra}]")) from None


def name_reader(distribution: str) -> str:
    """Name and version as the document's row gives them, such as `pypdf 7.1.1`."""
    return f"{distribution} {metadata.version(distribution)}"
