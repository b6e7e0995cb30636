"""Bytes of any supported kind to documents: `.txt`, `.md`, `.jsonl`, `.csv`, `.tsv`, folders, patterns, `-`.

Nothing that a file holds makes reading raise: what cannot be read becomes an :class:`inventory.model.Issue`.
"""

from inventory.reading.documents import read_documents
from inventory.reading.errors import NOTE, ReadError, UsageError
from inventory.reading.limits import DEFAULT_LIMITS, Limits

__all__ = ["DEFAULT_LIMITS", "NOTE", "Limits", "ReadError", "UsageError", "read_documents"]
