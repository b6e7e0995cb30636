"""A look at the zip of a workbook before anything parses it: kinds that are no xlsx, and archives built to exhaust memory.

A zip's directory states every size, and Python's reader stops at the stated size: so the sums here are bounds, not hopes.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

from inventory.review.errors import WorkbookError

MAX_FILE = 200 * 2**20  # bytes; a report of 100,000 facts with every column is below a tenth of that
MAX_TOTAL = 2 * 2**30  # bytes unpacked
MAX_MEMBERS = 5_000
# XML of a spreadsheet packs ten to thirty times, of blank formatted cells two hundred times; deflate ends at about 1,030.
MAX_RATIO = 400
SMALL = 32 * 2**20  # bytes; a member that unpacks to less is harmless at any ratio

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Compound File Binary: an old .xls, or an xlsx under a password


def read_bytes(path: Path) -> bytes:
    """The bytes of a file that is not too large.

    Raises:
        WorkbookError: it cannot be read or is too large.
    """
    try:
        size = path.stat().st_size
        if size > MAX_FILE:
            raise WorkbookError(path, f"has {size:,} bytes, more than {MAX_FILE:,}; delete sheets that were not reviewed")
        return path.read_bytes()
    except OSError as fault:
        raise WorkbookError(path, f"cannot be read: {fault.strerror or fault}; check its name and rights") from fault


def check_archive(path: Path, data: bytes) -> None:
    """Refuse what is no xlsx or could not be read within bounds. `path` only names the bytes.

    Raises:
        WorkbookError: with the mend in its text.
    """
    if not data:
        raise WorkbookError(path, "is empty; save the workbook again")
    if data.startswith(_OLE):
        raise WorkbookError(path, "is an old .xls or has a password; save it as .xlsx without one")
    if not data.startswith(b"PK"):
        raise WorkbookError(path, "is no Excel workbook; save it as .xlsx")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_members(path, archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as fault:
        raise WorkbookError(path, f"is damaged ({fault}); open it in a spreadsheet program and save it as .xlsx again") from fault


def _check_members(path: Path, members: list[zipfile.ZipInfo]) -> None:
    names = {member.filename for member in members}
    if "content.xml" in names and "xl/workbook.xml" not in names:
        raise WorkbookError(path, "is an OpenDocument sheet; save it as Excel workbook (.xlsx)")
    if "[Content_Types].xml" not in names:
        raise WorkbookError(path, "is no Excel workbook; save it as .xlsx")
    if len(members) > MAX_MEMBERS or len(names) != len(members):
        raise WorkbookError(path, f"has {len(members):,} parts, some perhaps twice; save the workbook anew from a spreadsheet program")
    total = sum(member.file_size for member in members)
    if total > MAX_TOTAL:
        raise WorkbookError(path, f"unpacks to {total:,} bytes, more than {MAX_TOTAL:,}; delete sheets that were not reviewed")
    for member in members:
        if member.file_size > SMALL and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            ratio = member.file_size // max(member.compress_size, 1)
            raise WorkbookError(
                path, f"its part {member.filename} unpacks {ratio}-fold, more than {MAX_RATIO}; copy the reviewed rows into a fresh report"
            )
        if member.flag_bits & 1:
            raise WorkbookError(path, f"its part {member.filename} is encrypted; save the workbook without a password")
