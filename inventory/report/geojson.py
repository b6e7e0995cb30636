"""Facts and places as GeoJSON (RFC 7946), for maps."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

from inventory.model import Fact, encode_value
from inventory.report.atomic import atomic_path
from inventory.report.cells import Link
from inventory.report.places import list_places
from inventory.table import escape_surrogates, record_of

Features = Literal["facts", "places"]


def write_geojson(facts: Iterable[Fact], path: Path | str, *, features: Features = "facts") -> None:
    """Write a FeatureCollection, one feature a line: a point (longitude, latitude; WGS 84) a fact, or a place with what is there.

    The properties of a fact are all its columns, of a place those of the sheet Places. What has no valid coordinates is a feature
    without a geometry, as RFC 7946 (3.2) provides for: nothing is left out. Lone surrogates are JSON escapes. Written atomically.

    Raises:
        OutputError: the file cannot be written.
    """
    records = _place_records(facts) if features == "places" else map(record_of, facts)
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write('{"type": "FeatureCollection", "features": [')
        for number, record in enumerate(records):
            stream.write(("," if number else "") + "\n" + _feature(record))
        stream.write("\n]}\n")


def _feature(record: dict[str, Any]) -> str:
    feature: dict[str, Any] = {"type": "Feature", "geometry": _point(record.get("lat"), record.get("lon")), "properties": record}
    if record.get("fact_id"):
        feature = {"type": "Feature", "id": record["fact_id"], **feature}
    return escape_surrogates(json.dumps(feature, ensure_ascii=False, allow_nan=False))


def _point(lat: float | None, lon: float | None) -> dict[str, Any] | None:
    if lat is None or lon is None or not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        return None
    return {"type": "Point", "coordinates": [lon, lat]}


def _place_records(facts: Iterable[Fact]) -> Iterator[dict[str, Any]]:
    for place in list_places(facts):
        yield {name: value.target if isinstance(value, Link) else encode_value(value) for name, value in place._asdict().items()}
