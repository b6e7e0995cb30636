"""How a report looks: fonts, fills, formats, and the conditional looks that also read in grey."""

from __future__ import annotations

from typing import Literal, NamedTuple

from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.table import TableStyleInfo

Look = Literal["loss", "unsure", "alert"]

FONT = "Calibri"
SIZE = 10
LINE_POINTS = 12.9  # height of a line of the font above
_INK = "FF1F3347"
_RULE = "FFD0D7DE"
_LINK = "FF0B5394"

# "_)" leaves the width of a bracket free, or a number touches the text beside it. (An indent would do the same, but
# LibreOffice 7 forgets it in rows that a conditional format crosses.)
NUMBER_FORMATS = {"int": "#,##0_)", "plain": "0_)", "float": "0.00_)", "coordinate": "0.0000_)", "date": "yyyy-mm-dd"}
_RIGHT = ("int", "float", "coordinate", "plain")
# Weight and slant carry the meaning, the fill only supports it: the sheets are printed and copied in grey.
_LOOKS = {
    "loss": DifferentialStyle(font=Font(bold=True, color="FF7F1D1D"), fill=PatternFill(bgColor="FFFBE3DC", fill_type="solid")),
    "unsure": DifferentialStyle(font=Font(italic=True, color="FF444444"), fill=PatternFill(bgColor="FFE4E4E4", fill_type="solid")),
    "alert": DifferentialStyle(font=Font(bold=True, color="FF5C4400"), fill=PatternFill(bgColor="FFFFF0C2", fill_type="solid")),
}
TABLE_STYLE = "TableStyleLight1"


class FormatKey(NamedTuple):
    """What tells one cell format from another."""

    type: str
    quoted: bool = False
    heading: bool = False


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
    if key.heading:
        cell.font = Font(name=FONT, size=SIZE, bold=True, color="FFFFFFFF")
        cell.fill = PatternFill("solid", fgColor=_INK)
        # Over numbers the heading stands right like them, but clear of the filter button.
        right = key.type in _RIGHT
        cell.alignment = Alignment(horizontal="right" if right else "left", vertical="center", indent=2 if right else 0)
        return
    cell.font = Font(name=FONT, size=SIZE, underline="single", color=_LINK) if key.type == "link" else Font(name=FONT, size=SIZE)
    # The bands of the table style are not drawn by every program; a hair line under each row is.
    cell.border = Border(bottom=Side("hair", color=_RULE))
    cell.alignment = Alignment(horizontal="right" if key.type in _RIGHT else "left", vertical="top", wrap_text=key.type == "str")
    cell.number_format = NUMBER_FORMATS.get(key.type, "General")
    if key.quoted:
        cell.quotePrefix = True


def table_style() -> TableStyleInfo:
    """Banded rows, no banded columns."""
    return TableStyleInfo(name=TABLE_STYLE, showRowStripes=True, showColumnStripes=False, showFirstColumn=False, showLastColumn=False)


def look_rule(look: Look, formula: str) -> Rule:
    """A conditional format that gives cells the look where the formula holds."""
    return Rule(type="expression", dxf=_LOOKS[look], formula=[formula])
