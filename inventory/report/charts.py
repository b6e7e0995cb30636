"""Charts over ranges of cells: they follow when a cell is edited."""

from __future__ import annotations

from openpyxl.chart import BarChart
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumRef, NumVal, StrData, StrRef, StrVal
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.series import Series
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from inventory.report.cells import plain_text, shown_text
from inventory.report.page import ChartPlan, Page, Range

_FILL = "3B6EA5"
_GRID = "D0D7DE"
_INTO_LAST = 720_000  # how far a chart reaches into its last column, in EMU (360,000 a centimetre)
_MAX_LABEL = 40  # characters of a label kept beside the range; the chart shows what stands in the cells


def add_charts(worksheet: Worksheet, page: Page) -> None:
    """Draw the charts of a page onto its worksheet."""
    for plan in page.charts:
        chart = _make_chart(plan, page)
        chart.anchor = _make_anchor(plan.frame)  # type: ignore[assignment]  # the stubs know names of cells only
        worksheet.add_chart(chart)


def _make_anchor(frame: Range) -> TwoCellAnchor:
    # Tied to cells at both ends: the width of a column depends on the fonts that a machine has.
    start = AnchorMarker(col=frame.first_column - 1, row=frame.first_row - 1)
    return TwoCellAnchor(editAs="oneCell", _from=start, to=AnchorMarker(col=frame.last_column - 1, colOff=_INTO_LAST, row=frame.last_row))


def _make_chart(plan: ChartPlan, page: Page) -> BarChart:
    chart = BarChart()
    chart.type = "bar" if plan.kind == "bar" else "col"
    chart.gapWidth = 45
    chart.legend = None
    chart.title = _make_title(plan.title)
    chart.series.append(_make_series(plan, page))
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False  # or no program but Excel draws them
        axis.txPr = _small_text(800)
        axis.title = None
    chart.x_axis.majorTickMark = "none"
    chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=_GRID, w=6350)))
    chart.y_axis.number_format = "#,##0"
    chart.y_axis.scaling.min = 0
    if plan.kind == "bar":
        chart.x_axis.scaling.orientation = "maxMin"  # the first row on top
        chart.y_axis.crosses = "max"  # and the numbers below nevertheless
    return chart


def _make_series(plan: ChartPlan, page: Page) -> Series:
    # The values are kept beside the range, as Excel does: programs that only show a file draw from them.
    labels = [shown_text(plain_text(page.value(*cell)))[:_MAX_LABEL] for cell in plan.labels.cells()]
    values = [page.value(*cell) for cell in plan.values.cells()]
    points = [NumVal(idx=index, v=str(value or 0)) for index, value in enumerate(values)]
    text = StrData(ptCount=len(labels), pt=[StrVal(idx=index, v=label) for index, label in enumerate(labels)])
    numbers = NumData(formatCode="#,##0", ptCount=len(values), pt=points)
    series = Series(
        idx=0, order=0,
        cat=AxDataSource(strRef=StrRef(f=_reference(page.name, plan.labels), strCache=text)),
        val=NumDataSource(numRef=NumRef(f=_reference(page.name, plan.values), numCache=numbers)),
        spPr=GraphicalProperties(solidFill=_FILL),
    )  # fmt: skip
    series.invertIfNegative = False
    series.dLbls = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False, showPercent=False)
    series.dLbls.txPr = _small_text(800)
    return series


def _reference(sheet: str, cells: Range) -> str:
    first, last = get_column_letter(cells.first_column), get_column_letter(cells.last_column)
    return f"'{sheet}'!${first}${cells.first_row}:${last}${cells.last_row}"


def _make_title(text: str) -> Title:
    title = Title(overlay=False, layout=Layout(manualLayout=ManualLayout(xMode="edge", yMode="edge", x=0.02, y=0.02)))
    properties = CharacterProperties(sz=1100, b=True, solidFill="1F3347")
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=properties), r=[RegularTextRun(rPr=properties, t=text)])
    title.tx = Text(rich=RichText(p=[paragraph]))
    return title


def _small_text(size: int) -> RichText:
    properties = CharacterProperties(sz=size, latin=Font(typeface="Calibri"))
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=properties), endParaRPr=properties)])
