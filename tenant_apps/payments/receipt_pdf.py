"""A receipt as a PDF: one A4 sheet, more where the lines need it."""

import io

from qrcode.image.base import BaseImage
from qrcode.main import QRCode
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from tenant_apps.messaging.letter_pdf import BOLD, HEIGHT, PLAIN, WIDTH, readable, width_of, wrapped
from tenant_apps.payments.receipt_words import ReceiptWords

# Millimetres from the left and the top of the sheet.
LEFT, RIGHT, TOP, BOTTOM = 20.0, 190.0, 20.0, 272.0
LINE, GAP = 5.6, 3.0
SIZE, SMALL, TITLE = 11.0, 9.0, 17.0
LABELS = 32.0
SUMS = 40.0
CODE = 38.0


def receipt_pdf(words: ReceiptWords) -> bytes:
    """Nothing is written to disk."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(WIDTH * mm, HEIGHT * mm))
    canvas.setTitle(readable(words.title))
    sheet = _Sheet(canvas)
    sheet.lines(words.sender, first=BOLD)
    sheet.top += LINE
    sheet.lines(words.payer)
    sheet.top += LINE
    sheet.text(words.title, size=TITLE, font=BOLD, height=9.0)
    sheet.top += GAP
    for label, value in words.facts:
        sheet.fact(label, value)
    sheet.top += GAP
    for label, became, amount in words.rows:
        sheet.row(label, amount, under=became)
    sheet.row(*words.total, font=BOLD)
    sheet.foot(words)
    canvas.showPage()
    canvas.save()
    return made.getvalue()


class _Sheet:
    """`top`: where the next line begins."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.top = TOP

    def text(
        self, line: str, *, left: float = LEFT, size: float = SIZE, font: str = PLAIN, height: float = LINE
    ) -> None:
        self._room(height)
        self._draw(line, left=left, size=size, font=font, height=height)
        self.top += height

    def lines(self, texts: tuple[str, ...], *, first: str = PLAIN) -> None:
        for number, line in enumerate(texts):
            for part in wrapped(line, SIZE, RIGHT - LEFT):
                self.text(part, font=PLAIN if number else first)

    def fact(self, label: str, value: str) -> None:
        self._room(LINE)
        self._draw(label, left=LEFT, size=SIZE, font=PLAIN, height=LINE)
        self.text(value, left=LEFT + LABELS)

    def row(self, label: str, amount: str, *, under: str = "", font: str = PLAIN) -> None:
        """A rule above, the words on the left, the sum on the right of their first line."""
        parts = wrapped(label, SIZE, RIGHT - LEFT - SUMS, font=font)
        self._room(GAP + LINE * (len(parts) + 1))
        self.canvas.setLineWidth(0.4)
        self.canvas.setStrokeGray(0.7)
        self.canvas.line(LEFT * mm, (HEIGHT - self.top) * mm, RIGHT * mm, (HEIGHT - self.top) * mm)
        self.top += GAP / 2
        shown = readable(amount)
        self._draw(shown, left=RIGHT - width_of(shown, SIZE, font=font), size=SIZE, font=font, height=LINE)
        for part in parts:
            self.text(part, font=font)
        if under:
            self.text(under, size=SMALL)
        self.top += GAP / 2

    def foot(self, words: ReceiptWords) -> None:
        """The code on the right, what is to be read on its left."""
        self.top += LINE * 2
        self._room(CODE)
        begins = self.top
        self._code(words.link)
        for mention in filter(None, words.mentions):
            for part in wrapped(mention, SMALL, RIGHT - LEFT - CODE - 6):
                self.text(part, size=SMALL, height=4.4)
            self.top += GAP
        self.top = max(self.top, begins + CODE)

    def _code(self, link: str) -> None:
        code: QRCode[BaseImage] = QRCode(border=0)
        code.add_data(link)
        rows = code.get_matrix()
        side = CODE / len(rows)
        # One shape: squares painted one by one show hairs of white between them.
        squares = self.canvas.beginPath()
        for y, row in enumerate(rows):
            for x, dark in enumerate(row):
                if dark:
                    left, low = RIGHT - CODE + x * side, HEIGHT - self.top - (y + 1) * side
                    squares.rect(left * mm, low * mm, side * mm, side * mm)
        self.canvas.drawPath(squares, stroke=0, fill=1)

    def _room(self, height: float) -> None:
        if self.top + height > BOTTOM:
            self.canvas.showPage()
            self.top = TOP

    def _draw(self, line: str, *, left: float, size: float, font: str, height: float) -> None:
        self.canvas.setFont(font, size)
        # The base of the letters, for a line whose ink stands in its middle.
        base = self.top + height / 2 + size * 0.35 / mm
        self.canvas.drawString(left * mm, (HEIGHT - base) * mm, readable(line))
