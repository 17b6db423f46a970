"""The receipt's rows on paper: a PDF like the agency's, with two embedded monospaced fonts."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from podatelna.ubyport.receipt import (
    MARGIN,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    ReceiptSheet,
    Row,
    receipt_rows,
)

if TYPE_CHECKING:
    from fpdf import FPDF
    from fpdf.fonts import TTFFont

FAMILY = "podatelna mono"
"""Stands in for Consolas, which is not free: 0.55 em to a sign, where Consolas has 0.5498."""
REGULAR, BOLD = "", "B"
FONTS = {
    REGULAR: Path(__file__).parent / "fonts" / "PodatelnaMono-Regular.ttf",
    BOLD: Path(__file__).parent / "fonts" / "PodatelnaMono-Bold.ttf",
}
UNPRINTABLE = "?"
"""Printed for what the fonts lack: other scripts, which the agency's own filter drops earlier."""


def print_receipt(sheet: ReceiptSheet, *, only_refused: bool = False) -> bytes:
    """The receipt as a PDF 1.4 without title, author, form or signature; equal sheets, equal bytes.

    Each row is one string at the left margin, so extracted text keeps the rows and their spaces.
    """
    from fpdf import FPDF  # noqa: PLC0415 - takes 0.3 s, and most calls want no receipt

    pdf = FPDF(unit="pt", format=(PAGE_WIDTH, PAGE_HEIGHT))
    pdf.pdf_version = "1.4"
    pdf.set_producer("podatelna")
    pdf.set_creation_date(sheet.delivered)
    printable = {style: _add_font(pdf, style) for style in FONTS}
    _draw(pdf, receipt_rows(sheet, only_refused=only_refused), printable)
    return bytes(pdf.output())


def _add_font(pdf: "FPDF", style: str) -> frozenset[str]:
    """Make the font known to the document; the signs that it has."""
    pdf.add_font(FAMILY, style, FONTS[style])
    font = cast("TTFFont", pdf.fonts[FAMILY + style])
    # The shipped outlines carry their bounds; measuring them again would be a third of the time.
    font.ttfont.recalcBBoxes = False
    return frozenset(map(chr, font.cmap))


def _draw(pdf: "FPDF", rows: Iterable[Row], printable: Mapping[str, frozenset[str]]) -> None:
    y = 0.0
    for row in rows:
        if row.new_page:
            pdf.add_page()
            y = MARGIN
        y += row.step
        if row.text:
            style = BOLD if row.bold else REGULAR
            pdf.set_font(FAMILY, style, row.size)
            pdf.text(MARGIN, y, _printable(row.text, printable[style]))


def _printable(text: str, signs: frozenset[str]) -> str:
    for missing in set(text) - signs:
        text = text.replace(missing, UNPRINTABLE)
    return text
