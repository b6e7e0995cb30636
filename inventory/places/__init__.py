"""Place mentions → one gazetteer entry with coordinates, or an honest "ambiguous"."""

from inventory.places.resolve import Resolved, resolve_place

__all__ = ["Resolved", "resolve_place"]
