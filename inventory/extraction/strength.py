"""How many people a counted formation has on paper: derived from its army's tables, never from the text."""

from __future__ import annotations

from collections.abc import Mapping


def derive_people(
    actor: str | None, echelon: str | None, low: int | None, high: int | None, strengths: Mapping[str, str]
) -> tuple[int | None, int | None] | None:
    """Least and most people of `low` to `high` formations of an army, or `None` where no table gives any.

    `actor`: ISO 3166-1 alpha-3 code; `echelon` as in the taxonomy; a formation without a number counts as one; an open
    bound stays open. `strengths`: `USA battalion` → `300..1000` (`rules/echelon-strengths.yaml`, which cites its sources).
    """
    least, _, most = strengths.get(f"{actor} {echelon}", "").partition("..")
    if not least or not most or low == 0:
        return None
    if low is None and high is None:
        low = high = 1
    return (None if low is None else low * int(least), None if high is None else high * int(most))
