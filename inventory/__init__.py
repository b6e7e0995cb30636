"""Who has how many of what, where, when, in which status, said by whom: facts from news, press releases and reports.

    >>> import inventory
    >>> facts = inventory.extract("Russia has massed 100 tanks near Kupiansk.")
    >>> facts[0].item, facts[0].count_min, facts[0].actor_id, facts[0].place
    ('tank', 100, 'RUS', 'Kupyansk')

The public names are loaded when first used, so that `import inventory` stays light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inventory.api import extract, mentions
    from inventory.model import Document, Fact, Issue
    from inventory.reading import read_documents
    from inventory.report.workbook import write_workbook as write_report
    from inventory.rulebook.book import Rulebook
    from inventory.rulebook.faults import RuleError
    from inventory.rulebook.load import load_rulebook
    from inventory.table import Facts

__version__ = "0.1.0"
__all__ = [
    "Document", "Fact", "Facts", "Issue", "RuleError", "Rulebook", "extract", "load_rulebook", "mentions", "read_documents",
    "write_report",
]  # fmt: skip

_HOMES = {
    "Document": "inventory.model", "Fact": "inventory.model", "Issue": "inventory.model", "Facts": "inventory.table",
    "extract": "inventory.api", "mentions": "inventory.api", "load_rulebook": "inventory.rulebook.load",
    "Rulebook": "inventory.rulebook.book", "RuleError": "inventory.rulebook.faults", "read_documents": "inventory.reading",
    "write_report": "inventory.report.workbook",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(home), "write_workbook" if name == "write_report" else name)
