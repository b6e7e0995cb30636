"""What can be wrong with a review as a whole; what is wrong with one row is a reject (:mod:`inventory.review.rejects`)."""

from __future__ import annotations

from pathlib import Path


class ReviewError(Exception):
    """A reviewed workbook, or a request about reviews, that cannot be used. The text names the thing and the mend."""


class WorkbookError(ReviewError):
    """A file that is no workbook, is damaged, or is built to exhaust whoever opens it. `path` is the file."""

    def __init__(self, path: Path | str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = Path(path)
