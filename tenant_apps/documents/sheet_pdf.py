"""A document's sheets of A4: lines, facts, sums under one another."""

import io
from collections.abc import Callable, Sequence

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from tenant_apps.messaging.letter_pdf import BOLD, HEIGHT, PLAIN, WIDTH, readable, width_of, wrapped

# Millimetres from the left and the top of the sheet.
LEFT, RIGHT, TOP, BOTTOM = 20.0, 190.0, 20.0, 272.0
LINE, GAP = 5.6, 3.0
SIZE, SMALL, TITLE = 11.0, 9.0, 17.0
LABELS = 32.0
SUMS = 40.0
INDENT = 4.0


def pdf_of(*, title: str, write: Callable[["Sheet"], None]) -> bytes:
    """Nothing is written to disk."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(WIDTH * mm, HEIGHT * mm))
    canvas.setTitle(readable(title))
    write(Sheet(canvas))
    canvas.showPage()
    canvas.save()
    return made.getvalue()


class Sheet:
    """`top`: where the next line begins, in millimetres from the top; what does not fit goes on to another sheet."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.top = TOP

    def text(
        self, line: str, *, left: float = LEFT, size: float = SIZE, font: str = PLAIN, height: float = LINE
    ) -> None:
        self.room(height)
        self._draw(line, left=left, size=size, font=font, height=height)
        self.top += height

    def lines(self, texts: tuple[str, ...], *, first: str = PLAIN) -> None:
        for number, line in enumerate(texts):
            for part in wrapped(line, SIZE, RIGHT - LEFT):
                self.text(part, font=PLAIN if number else first)

    def fact(self, label: str, value: str, *, labels: float = LABELS) -> None:
        for number, part in enumerate(wrapped(value, SIZE, RIGHT - LEFT - labels) or [""]):
            self.room(LINE)
            if not number:
                self._draw(label, left=LEFT, size=SIZE, font=PLAIN, height=LINE)
            self.text(part, left=LEFT + labels)

    def heading(self, line: str) -> None:
        """With room for what it is above."""
        self.room(LINE * 3)
        self.top += GAP
        self.text(line, font=BOLD)

    def paragraph(self, text: str, *, size: float = SIZE, font: str = PLAIN, height: float = LINE) -> None:
        for part in wrapped(text, size, RIGHT - LEFT, font=font):
            self.text(part, size=size, font=font, height=height)

    def row(
        self,
        label: str,
        amount: str,
        *,
        parts: Sequence[tuple[str, str]] = (),
        notes: Sequence[str] = (),
        font: str = PLAIN,
    ) -> None:
        """A rule above, the words on the left, the sum on the right of their first line. Below: the parts of the sum,
        each with its own, left of it; then notes.
        """
        words = wrapped(label, SIZE, RIGHT - LEFT - SUMS, font=font)
        below = [line for note in notes for line in wrapped(note, SMALL, RIGHT - LEFT - SUMS)]
        self.room(GAP + LINE * (len(words) + max(len(parts) + len(below), 1)))
        self.canvas.setLineWidth(0.4)
        self.canvas.setStrokeGray(0.7)
        self.canvas.line(LEFT * mm, (HEIGHT - self.top) * mm, RIGHT * mm, (HEIGHT - self.top) * mm)
        self.top += GAP / 2
        self._sum(amount, right=RIGHT, size=SIZE, font=font)
        for line in words:
            self.text(line, font=font)
        for name, share in parts:
            self._sum(share, right=RIGHT - SUMS, size=SMALL, font=PLAIN)
            self.text(name, left=LEFT + INDENT, size=SMALL)
        for line in below:
            self.text(line, size=SMALL)
        self.top += GAP / 2

    def room(self, height: float) -> None:
        if self.top + height > BOTTOM:
            self.canvas.showPage()
            self.top = TOP

    def _sum(self, amount: str, *, right: float, size: float, font: str) -> None:
        """It ends at `right`, on the line that begins now."""
        shown = readable(amount)
        left = right - width_of(shown, size, font=font)
        self._draw(shown, left=left, size=size, font=font, height=LINE)

    def _draw(self, line: str, *, left: float, size: float, font: str, height: float) -> None:
        self.canvas.setFont(font, size)
        # The base of the letters, for a line whose ink stands in its middle.
        base = self.top + height / 2 + size * 0.35 / mm
        self.canvas.drawString(left * mm, (HEIGHT - base) * mm, readable(line))
