"""The places that facts name, and what is there."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from inventory.model import LOSSES, Column, Fact
from inventory.reconcile.terms import find_day
from inventory.report.cells import Value
from inventory.report.links import make_link

_MAX_ITEMS = 25
_ABSENT = frozenset({"negated", "denied"})
# Zoom of the map by how exactly the place is known; levels of the OpenStreetMap tile scheme.
_ZOOM = {"exact": 14, "site": 13, "city": 11, "region": 8, "country": 5, "water": 7}

PLACE_COLUMNS: tuple[Column, ...] = (
    Column("place", "str", "Canonical name of the place."),
    Column("place_id", "str", "GeoNames id or rule-pack id of the place."),
    Column("admin", "str", "First-level division of the place."),
    Column("country", "str", "Country of the place, ISO 3166-1 alpha-3."),
    Column("lat", "float", "Latitude, decimal degrees, WGS 84."),
    Column("lon", "float", "Longitude, decimal degrees, WGS 84."),
    Column("geo_precision", "enum", "How exactly the coordinates are known.", ("exact", "site", "city", "region", "country", "water")),
    Column("facts", "int", "Number of facts that name the place."),
    Column("sources", "int", "Number of different publishers (documents, where no publisher is known)."),
    Column("latest", "date", "Latest date that a fact of the place is about."),
    Column("items", "str", "What is told of there, most often first; in brackets what is only lost there, or not asserted."),
    Column("map", "str", "The place on OpenStreetMap; opens in a browser, nothing is loaded before."),
)


class Place(NamedTuple):
    """One row of the Places sheet; the fields are those of :data:`PLACE_COLUMNS`."""

    place: str | None
    place_id: str | None
    admin: str | None
    country: str | None
    lat: float | None
    lon: float | None
    geo_precision: str | None
    facts: int
    sources: int
    latest: dt.date | None
    items: str
    map: Value


def list_places(facts: Iterable[Fact]) -> list[Place]:
    """Every distinct place, ordered by country and name. Facts without a place or coordinates are left out."""
    groups: defaultdict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.place_id or fact.place or fact.lat is not None:
            key = (fact.place_id,) if fact.place_id else (fact.place, fact.country, fact.lat, fact.lon)
            groups[key].append(fact)
    return sorted(map(_place, groups.values()), key=lambda place: (place.country or "~", place.place or "~", place.place_id or ""))


def map_link(lat: float | None, lon: float | None, precision: str | None) -> str | None:
    """The address of the point on OpenStreetMap, or `None` without valid coordinates (decimal degrees, WGS 84)."""
    if lat is None or lon is None or not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        return None
    at = [f"{degrees:.5f}".rstrip("0").rstrip(".") for degrees in (lat, lon)]
    return f"https://www.openstreetmap.org/?mlat={at[0]}&mlon={at[1]}#map={_ZOOM.get(precision or '', 9)}/{at[0]}/{at[1]}"


def _place(facts: list[Fact]) -> Place:
    first = next((fact for fact in facts if fact.lat is not None and fact.lon is not None), facts[0])
    return Place(
        first.place,
        first.place_id,
        first.admin,
        first.country,
        first.lat,
        first.lon,
        first.geo_precision,
        len(facts),
        len({fact.source or fact.doc_id for fact in facts}),
        max((day for fact in facts if (day := find_day(fact))), default=None),
        _items(facts),
        make_link(map_link(first.lat, first.lon, first.geo_precision)),
    )


def _items(facts: list[Fact]) -> str:
    by_item: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        # Where something came from, or is said not to be, it is not.
        if fact.modality not in _ABSENT and fact.place_relation not in ("from", "via"):
            by_item[fact.item].append(fact)
    ranked = sorted(by_item.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    names = [item + _note(group) for item, group in ranked[:_MAX_ITEMS]]
    if len(ranked) > _MAX_ITEMS:
        names.append(f"… {len(ranked) - _MAX_ITEMS} more")
    return "; ".join(names)


def _note(facts: list[Fact]) -> str:
    asserted = [fact for fact in facts if fact.modality == "asserted"]
    if not asserted:
        return f" ({facts[0].modality})"
    return " (lost)" if all(fact.status in LOSSES for fact in asserted) else ""
