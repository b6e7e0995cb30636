"""How a report looks: fonts, fills, formats, and the conditional looks that also read in grey."""

from __future__ import annotations

from typing import Literal, NamedTuple

from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.table import TableStyleInfo

Look = Literal["loss", "unsure", "alert", "corrected", "rejected", "whole"]

FONT = "Calibri"
SIZE = 10
LINE_POINTS = 12.9  # height of a line of the font above
_INK = "FF1F3347"
_RULE = "FFD0D7DE"
_LINK = "FF0B5394"
_INPUT_INK = "FF2F5D3A"
_INPUT = "FFFFFDF0"
_EDGE = Side("thin", color=_RULE)
_BOX = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
# Part of the Summary → size, bold, colour, fill.
_ROLES: dict[str, tuple[float, bool, str, str]] = {
    "title": (18, True, _INK, ""), "lead": (SIZE, False, "FF555555", ""), "label": (9, False, "FF555555", "FFF2F5F8"),
    "figure": (18, True, _INK, "FFF2F5F8"), "block": (12, True, _INK, ""), "head": (SIZE, True, "FFFFFFFF", _INK),
    "body": (SIZE, False, "FF000000", ""), "total": (SIZE, True, "FF000000", "FFF2F5F8"),
}  # fmt: skip

# "_)" leaves the width of a bracket free, or a number touches the text beside it. (An indent would do the same, but
# LibreOffice 7 forgets it in rows that a conditional format crosses.)
NUMBER_FORMATS = {"int": "#,##0_)", "plain": "0_)", "float": "0.00_)", "coordinate": "0.0000_)", "date": "yyyy-mm-dd", "text": "@"}
_RIGHT = ("int", "float", "coordinate", "plain")
# Weight and slant carry the meaning, the fill only supports it: the sheets are printed and copied in grey.
_LOOKS = {
    "loss": DifferentialStyle(font=Font(bold=True, color="FF7F1D1D"), fill=PatternFill(bgColor="FFFBE3DC", fill_type="solid")),
    "unsure": DifferentialStyle(font=Font(italic=True, color="FF444444"), fill=PatternFill(bgColor="FFE4E4E4", fill_type="solid")),
    "alert": DifferentialStyle(font=Font(bold=True, color="FF5C4400"), fill=PatternFill(bgColor="FFFFF0C2", fill_type="solid")),
    "corrected": DifferentialStyle(font=Font(bold=True, color="FF1B4D2B"), fill=PatternFill(bgColor="FFDDF0E0", fill_type="solid")),
    "whole": DifferentialStyle(font=Font(bold=True), fill=PatternFill(bgColor="FFEDF1F5", fill_type="solid")),
    "rejected": DifferentialStyle(font=Font(strike=True, color="FF777777")),
}
TABLE_STYLE = "TableStyleLight1"


class FormatKey(NamedTuple):
    """What tells one cell format from another. `unlocked` cells take input on a protected sheet; `role` is a part of the Summary."""

    type: str
    quoted: bool = False
    heading: bool = False
    unlocked: bool = False
    role: str = ""


class Formats:
    """The cell formats of a workbook, each registered once; :meth:`index` gives the `s` attribute of a cell."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._known: dict[FormatKey, int] = {}

    def index(self, key: FormatKey) -> int:
        """The index of the cell format, made at its first use."""
        if key not in self._known:
            cell = Cell(self._workbook.worksheets[0], row=1, column=1)
            _dress(cell, key)
            self._known[key] = cell.style_id
        return self._known[key]


def _dress(cell: Cell, key: FormatKey) -> None:
    if key.role:
        _dress_role(cell, key)
        return
    if key.heading:
        cell.font = Font(name=FONT, size=SIZE, bold=True, color="FFFFFFFF")
        cell.fill = PatternFill("solid", fgColor=_INPUT_INK if key.unlocked else _INK)
        # Over numbers the heading stands right like them, but clear of the filter button.
        right = key.type in _RIGHT
        cell.alignment = Alignment(horizontal="right" if right else "left", vertical="center", indent=2 if right else 0)
        return
    cell.font = Font(name=FONT, size=SIZE, underline="single", color=_LINK) if key.type == "link" else Font(name=FONT, size=SIZE)
    # The bands of the table style are not drawn by every program; a hair line under each row is.
    cell.border = Border(bottom=Side("hair", color=_RULE))
    cell.alignment = Alignment(
        horizontal="right" if key.type in _RIGHT else "left", vertical="top", wrap_text=key.type in ("str", "text", "link")
    )
    cell.number_format = NUMBER_FORMATS.get(key.type, "General")
    if key.unlocked:
        cell.protection = Protection(locked=False)
        cell.fill = PatternFill("solid", fgColor=_INPUT)
        cell.border = _BOX
        cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
    if key.quoted:
        cell.quotePrefix = True


def _dress_role(cell: Cell, key: FormatKey) -> None:
    size, bold, color, fill = _ROLES[key.role]
    cell.font = Font(name=FONT, size=size, bold=bold, color=color, underline="single" if key.type == "link" else None)
    if fill:
        cell.fill = PatternFill("solid", fgColor=fill)
    right = key.type in _RIGHT and key.role not in ("figure", "label")
    cell.alignment = Alignment(horizontal="right" if right else "left", vertical="top" if key.role == "body" else "center",
                               indent=1 if right and key.role == "head" else 0,
                               wrap_text=key.role == "head" or (key.role == "body" and key.type == "str"))  # fmt: skip
    if key.role in ("body", "total"):
        cell.border = Border(bottom=Side("hair", color=_RULE))
    cell.number_format = NUMBER_FORMATS.get(key.type, "General").removesuffix("_)" if key.role == "figure" else "")
    if key.quoted:
        cell.quotePrefix = True


def table_style() -> TableStyleInfo:
    """Banded rows, no banded columns."""
    return TableStyleInfo(name=TABLE_STYLE, showRowStripes=True, showColumnStripes=False, showFirstColumn=False, showLastColumn=False)


def look_rule(look: Look, formula: str) -> Rule:
    """A conditional format that gives cells the look where the formula holds."""
    return Rule(type="expression", dxf=_LOOKS[look], formula=[formula])
