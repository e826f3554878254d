"""A receipt as a PDF: one A4 sheet, more where the lines need it."""

from functools import partial

from qrcode.image.base import BaseImage
from qrcode.main import QRCode
from reportlab.lib.units import mm

from tenant_apps.documents.sheet_pdf import GAP, LEFT, LINE, RIGHT, SMALL, TITLE, Sheet, pdf_of
from tenant_apps.messaging.letter_pdf import BOLD, HEIGHT, wrapped
from tenant_apps.payments.receipt_words import ReceiptWords

CODE = 38.0


def receipt_pdf(words: ReceiptWords) -> bytes:
    """Nothing is written to disk."""
    return pdf_of(title=words.title, write=partial(_write, words))


def _write(words: ReceiptWords, sheet: Sheet) -> None:
    sheet.lines(words.sender, first=BOLD)
    sheet.top += LINE
    sheet.lines(words.payer)
    sheet.top += LINE
    sheet.text(words.title, size=TITLE, font=BOLD, height=9.0)
    sheet.top += GAP
    for label, value in words.facts:
        sheet.fact(label, value)
    sheet.top += GAP
    for row in words.rows:
        sheet.row(row.label, row.amount, parts=row.parts, notes=row.notes)
    sheet.row(*words.total, font=BOLD)
    for left in words.left:
        sheet.top += GAP / 2
        sheet.paragraph(left)
    foot(sheet, mentions=words.mentions, link=words.link)


def foot(sheet: Sheet, *, mentions: tuple[str, ...], link: str) -> None:
    """The code of `link` on the right, what is to be read on its left."""
    sheet.top += LINE * 2
    sheet.room(CODE)
    begins = sheet.top
    _code(sheet, link)
    for mention in filter(None, mentions):
        for part in wrapped(mention, SMALL, RIGHT - LEFT - CODE - 6):
            sheet.text(part, size=SMALL, height=4.4)
        sheet.top += GAP
    sheet.top = max(sheet.top, begins + CODE)


def _code(sheet: Sheet, link: str) -> None:
    code: QRCode[BaseImage] = QRCode(border=0)
    code.add_data(link)
    rows = code.get_matrix()
    side = CODE / len(rows)
    # One shape: squares painted one by one show hairs of white between them.
    squares = sheet.canvas.beginPath()
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                left, low = RIGHT - CODE + x * side, HEIGHT - sheet.top - (y + 1) * side
                squares.rect(left * mm, low * mm, side * mm, side * mm)
    sheet.canvas.drawPath(squares, stroke=0, fill=1)
