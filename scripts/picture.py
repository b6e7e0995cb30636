"""Make docs/images/workbook.png and docs/images/summary.png anew: the README's pictures of a real workbook.

    python scripts/picture.py [reports/out/inventory.xlsx] [--document border-buildup-essequibo.txt]

The first shows the rows of one document on Facts with the columns below, the second the first page of Summary, both as LibreOffice prints
them; nothing else of the workbook is changed. Needs LibreOffice (`soffice`) and `pdftoppm` (Debian: libreoffice-calc, poppler-utils).
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

ROOT = Path(__file__).resolve().parents[1]
# Column → width in characters.
SHOWN = {
    "item": 17, "count_min": 14, "count_max": 14, "actor": 15, "place": 13, "date_start": 11, "status": 11, "modality": 11,
    "claimant": 15, "confidence": 12, "evidence": 62,
}  # fmt: skip
POINTS_A_LINE = 13.5
LETTERS_A_UNIT = 1.3  # a column's unit is the width of a digit; letters are narrower
DOTS_AN_INCH = 96
MARGIN = 0.12


def make_picture(workbook: Path, document: str, target: Path, rows: int) -> None:
    """Print the rows of `document` and cut the picture to them."""
    book = load_workbook(workbook, rich_text=True)
    sheet = book["Facts"]
    for other in book.sheetnames:
        if other != sheet.title:
            del book[other]
    names = [cell.value for cell in sheet[1]]
    place = names.index("doc_id")
    shown = 0
    for cells in sheet.iter_rows():
        line = sheet.row_dimensions[cells[0].row]
        if cells[0].row > 1 and (cells[place].value != document or shown == rows):
            line.hidden = True
            continue
        shown += cells[0].row > 1
        printed = [(str(cell.value or ""), SHOWN[name]) for cell, name in zip(cells, names, strict=True) if name in SHOWN]
        lines = max(-(-len(text) // int(width * LETTERS_A_UNIT)) for text, width in printed)
        line.height = max(1, min(lines, 4)) * POINTS_A_LINE + 4
    if not shown:
        raise SystemExit(f"{workbook} has no facts of a document {document!r}")
    for number, name in enumerate(names, 1):
        column = sheet.column_dimensions[get_column_letter(number)]
        column.hidden = name not in SHOWN
        column.width = SHOWN.get(str(name), 8)
    sheet.print_area = None
    sheet.oddHeader.left.text = sheet.oddHeader.center.text = sheet.oddHeader.right.text = None
    sheet.oddFooter.left.text = sheet.oddFooter.center.text = sheet.oddFooter.right.text = None
    sheet.page_setup.paperSize, sheet.page_setup.orientation = 8, "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    for side in ("left", "right", "top", "bottom", "header", "footer"):
        setattr(sheet.page_margins, side, MARGIN)
    with tempfile.TemporaryDirectory() as folder:
        book.save(Path(folder, "shown.xlsx"))
        _print_page(Path(folder, "shown.xlsx"), target, folder)


def make_summary(workbook: Path, target: Path) -> None:
    """Print the first page of the workbook, which is the Summary, without the header and footer."""
    with tempfile.TemporaryDirectory() as folder:
        _print_page(workbook, target, folder, top=0.55, bottom=1.5)


def _print_page(workbook: Path, target: Path, folder: str, top: float = 0.0, bottom: float = 0.0) -> None:
    """The first page of a workbook as a picture; `top` and `bottom` inches of the paper are left out."""
    office = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    subprocess.run([*office, "--convert-to", "pdf", "--outdir", folder, str(workbook)], check=True, capture_output=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    pdf = Path(folder, workbook.stem + ".pdf")
    wide, high = _used_dots(pdf, folder)
    left_out = int(top * DOTS_AN_INCH)
    high -= left_out + int(bottom * DOTS_AN_INCH)
    print_dots = [
        "pdftoppm",
        "-png",
        "-r",
        str(DOTS_AN_INCH),
        "-singlefile",
        "-x",
        "0",
        "-y",
        str(left_out),
        "-W",
        str(wide),
        "-H",
        str(high),
    ]
    subprocess.run([*print_dots, str(pdf), str(target.with_suffix(""))], check=True)


def _used_dots(pdf: Path, folder: str) -> tuple[int, int]:
    """Width and height of what is printed on the first page, with a margin: the rest of the paper is white."""
    subprocess.run(["pdftoppm", "-gray", "-r", str(DOTS_AN_INCH), "-singlefile", str(pdf), f"{folder}/gray"], check=True)
    _, size, _, dots = Path(folder, "gray.pgm").read_bytes().split(b"\n", 3)
    wide, high = map(int, size.split())
    lines = [dots[line * wide : (line + 1) * wide] for line in range(high)]
    bottom = max(number for number, line in enumerate(lines) if min(line) < 250)
    right = max(number for number in range(wide) if min(line[number] for line in lines[: bottom + 1]) < 250)
    margin = 1 + int(MARGIN * DOTS_AN_INCH)
    return min(wide, right + margin), min(high, bottom + margin)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the README's picture of the workbook anew.")
    parser.add_argument("workbook", nargs="?", type=Path, default=ROOT / "reports/out/inventory.xlsx")
    parser.add_argument("--document", default="border-buildup-essequibo.txt")
    parser.add_argument("--rows", type=int, default=16)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "docs/images/workbook.png")
    given = parser.parse_args()
    make_picture(given.workbook, given.document, given.output, given.rows)
    make_summary(given.workbook, given.output.with_name("summary.png"))


if __name__ == "__main__":
    main()
