"""Coordinates in the text → decimal degrees, WGS 84."""

from __future__ import annotations

from collections.abc import Mapping


def read_coordinates(how: str, groups: Mapping[str, str | None]) -> tuple[float, float] | None:
    """Latitude and longitude that the groups of a coordinate rule write, or `None` when there is no such point."""
    if how == "mgrs":
        return _mgrs((groups.get("mgrs") or "").replace(" ", ""))
    try:
        lat, lon = float(groups["lat"] or ""), float(groups["lon"] or "")
    except (KeyError, ValueError):
        return None
    if how == "dms":
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
        lat, lon = mgrs.MGRS().toLatLon(reference)
    except (mgrs.core.MGRSError, ValueError):
        return None
    return round(lat, 5), round(lon, 5)
