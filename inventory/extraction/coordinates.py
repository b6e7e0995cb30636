"""Coordinates in the text → decimal degrees, WGS 84."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

_BANDS = "CDEFGHJKLMNPQRSTUVWX"
# Degrees by which a square that its zone's edge cuts may stick out (100 km at 60° north is 1.8°; the point is near its square's edge).
_SLACK = 0.5


def read_coordinates(how: str, groups: Mapping[str, str | None]) -> tuple[float, float] | None:
    """Latitude and longitude that the groups of a coordinate rule write, or `None` when there is no such point."""
    if how == "mgrs":
        return _mgrs((groups.get("mgrs") or "").replace(" ", ""))
    try:
        lat, lon = float(groups["lat"] or ""), float(groups["lon"] or "")
    except (KeyError, ValueError):
        return None
    if how == "dms":
        if any(float(groups.get(part) or 0) >= 60 for part in ("latm", "lats", "lonm", "lons")):
            return None
        lat += float(groups.get("latm") or 0) / 60 + float(groups.get("lats") or 0) / 3600
        lon += float(groups.get("lonm") or 0) / 60 + float(groups.get("lons") or 0) / 3600
    if groups.get("ns") == "S":
        lat = -lat
    if groups.get("ew") == "W":
        lon = -lon
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    return round(lat, 6), round(lon, 6)


def _mgrs(reference: str) -> tuple[float, float] | None:
    import mgrs  # late: a compiled library that few documents need

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            lat, lon = mgrs.MGRS().toLatLon(reference)
    except (mgrs.core.MGRSError, ValueError):
        return None
    return (round(lat, 5), round(lon, 5)) if _in_zone(reference, lat, lon) else None


def _in_zone(reference: str, lat: float, lon: float) -> bool:
    """Whether a point lies in its own grid zone; the library reads squares that a zone does not have as points far away."""
    digits = 2 if reference[1].isdigit() else 1
    zone, band = int(reference[:digits]), reference[digits]
    south = 8.0 * _BANDS.index(band) - 80
    if not south - _SLACK <= lat <= south + (12 if band == "X" else 8) + _SLACK:
        return False
    # Norway and Svalbard widen some zones of the bands V and X by up to half.
    half = 9 if band in "VX" else 3
    return abs((lon - (6 * zone - 183) + 180) % 360 - 180) <= half + _SLACK
