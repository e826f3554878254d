"""Letters as one PDF: A4, folded in three, for an envelope of the DL format with a window (NF Z 11-001).

The window of the envelope (110 mm × 220 mm) is 45 mm high and 100 mm wide, 20 mm from the right and from the bottom.
A sheet folded in three (99 mm × 210 mm) slides in it by 11 mm and 10 mm: what must always be read stands where the
window shows the sheet in every position, and what must never be read stands where it shows it in none.
"""

import io
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from csp.constants import SELF, UNSAFE_INLINE
from qrcode.image.base import BaseImage
from qrcode.main import QRCode
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tenant_apps.messaging.letter import Letter

# What the browsers' own viewers need on the page that they make of a PDF; it runs no script of ours.
PDF_VIEWER = {"object-src": [SELF], "style-src": [UNSAFE_INLINE]}
FONTS = Path(__file__).with_name("fonts")
PLAIN, BOLD = "DejaVuSansCondensed", "DejaVuSansCondensed-Bold"
# Millimetres from the left and the top of the sheet: left, top, right, bottom.
ALWAYS_SEEN = (100.0, 45.0, 190.0, 79.0)
EVER_SEEN = (90.0, 34.0, 200.0, 90.0)
WIDTH, HEIGHT = 210.0, 297.0
FOLDS = (99.0, 198.0)
LEFT, RIGHT, TOP, BOTTOM = 20.0, 190.0, 20.0, 277.0
SENDER_TOP, SENDER_WIDTH = 18.0, 65.0
ADDRESS_LEFT, ADDRESS_TOP, ADDRESS_WIDTH = 110.0, 52.0, 80.0
DATED_TOP, BODY_TOP = 102.0, 114.0
ADDRESS_LINE, BODY_LINE, CODE_LINE = 4.2, 5.6, 16.0
INDENT = 2.0
DRAWING = 26.0
# Points. La Poste reads addresses of 9 to 12 by machine.
SENDER_SIZE, BODY_SIZE, CODE_SIZE = 9.5, 11.0, 30.0
ADDRESS_SIZES = (10.5, 10.0, 9.5, 9.0)
_UNKNOWN = "?"
_STEP = re.compile(r"\d+\. ")


def letters_pdf(letters: Sequence[Letter], *, title: str) -> bytes:
    """One after another, each on pages of its own. Nothing is written to disk."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(WIDTH * mm, HEIGHT * mm))
    canvas.setTitle(title)
    canvas.setSubject(title)
    # The window wants the true size, and a back must not carry the next person's letter.
    canvas.setViewerPreference("PrintScaling", "None")
    canvas.setViewerPreference("Duplex", "Simplex")
    for letter in letters:
        _Pages(canvas).write(letter)
    canvas.save()
    return made.getvalue()


class _Pages:
    """Those of one letter. `top`: where the next line begins, in millimetres from the top of the sheet."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.top = TOP

    def write(self, letter: Letter) -> None:
        self._fold_marks()
        self._sender(letter.sender)
        self._address(letter.recipient)
        self.top = DATED_TOP
        dated = readable(letter.dated)
        self._put(dated, left=RIGHT - width_of(dated, BODY_SIZE), size=BODY_SIZE, height=BODY_LINE)
        self.top = BODY_TOP
        self._body(letter)
        self.canvas.showPage()

    def _put(self, line: str, *, left: float, size: float, height: float, font: str = PLAIN) -> None:
        """One line, which fits; the next one begins under it, on another page when this one is full."""
        if self.top + height > BOTTOM:
            self.canvas.showPage()
            self.top = TOP
        self.canvas.setFont(font, size)
        # The base of the letters, for a line whose ink stands in its middle.
        base = self.top + height / 2 + size * 0.35 / mm
        self.canvas.drawString(left * mm, (HEIGHT - base) * mm, line)
        self.top += height

    def _fold_marks(self) -> None:
        self.canvas.setLineWidth(0.4)
        self.canvas.setStrokeGray(0.6)
        for height in FOLDS:
            self.canvas.line(4 * mm, (HEIGHT - height) * mm, 8 * mm, (HEIGHT - height) * mm)

    def _sender(self, lines: Sequence[str]) -> None:
        self.top = SENDER_TOP
        for number, line in enumerate(lines):
            font = PLAIN if number else BOLD
            for part in wrapped(line, SENDER_SIZE, SENDER_WIDTH, font=font):
                self._put(part, left=LEFT, size=SENDER_SIZE, height=ADDRESS_LINE, font=font)

    def _address(self, lines: Sequence[str]) -> None:
        size, fitted = fitting(lines)
        self.top = min(ADDRESS_TOP, ALWAYS_SEEN[3] - ADDRESS_LINE * len(fitted))
        for line in fitted:
            self._put(line, left=ADDRESS_LEFT, size=size, height=ADDRESS_LINE)

    def _body(self, letter: Letter) -> None:
        # The first paragraph says what the letter is about.
        for number, paragraph in enumerate(letter.body.split("\n\n")):
            if letter.code and paragraph.strip() == letter.code:
                self._code(letter.code)
            elif letter.page and paragraph.strip() == letter.page:
                self._drawing(letter.page)
            else:
                self._paragraph(paragraph, font=PLAIN if number else BOLD)
            self.top += BODY_LINE / 2

    def _paragraph(self, paragraph: str, *, font: str) -> None:
        for line in paragraph.strip("\n").splitlines():
            left = LEFT + INDENT * (len(line) - len(line.lstrip()))
            # What follows the number of a step stands under its words.
            step = _STEP.match(line.strip())
            hang = width_of(step[0], BODY_SIZE, font=font) if step else 0.0
            for number, part in enumerate(wrapped(line.strip(), BODY_SIZE, RIGHT - left - hang, font=font)):
                inset = left + hang if number else left
                self._put(part, left=inset, size=BODY_SIZE, height=BODY_LINE, font=font)

    def _code(self, code: str) -> None:
        left = (WIDTH - width_of(code, CODE_SIZE, font=BOLD)) / 2
        self._put(readable(code), left=left, size=CODE_SIZE, height=CODE_LINE, font=BOLD)

    def _drawing(self, address: str) -> None:
        rows = drawn(address)
        side = DRAWING / len(rows)
        if self.top + DRAWING > BOTTOM:
            self.canvas.showPage()
            self.top = TOP
        for row, marks in enumerate(rows):
            for column, dark in enumerate(marks):
                if dark:
                    left, base = LEFT + column * side, HEIGHT - self.top - (row + 1) * side
                    self.canvas.rect(left * mm, base * mm, side * mm, side * mm, stroke=0, fill=1)
        self.top += DRAWING


def drawn(address: str) -> list[list[bool]]:
    """A QR code (ISO/IEC 18004), dark where true, without its margin: the paper around it is white."""
    code: QRCode[BaseImage] = QRCode(border=0)
    code.add_data(address)
    rows: list[list[bool]] = code.get_matrix()
    return rows


def fitting(lines: Sequence[str]) -> tuple[float, list[str]]:
    """The lines of an address, in the largest type in which none must be broken; in the smallest one they are."""
    shown = [readable(line) for line in lines]
    for size in ADDRESS_SIZES:
        if all(width_of(line, size) <= ADDRESS_WIDTH for line in shown):
            return size, shown
    size = ADDRESS_SIZES[-1]
    return size, [part for line in shown for part in wrapped(line, size, ADDRESS_WIDTH)]


def wrapped(text: str, size: float, width: float, *, font: str = PLAIN) -> list[str]:
    """Broken at spaces, never at one that binds; a word that is wider than the line, an address of a page say, wherever
    it must be.
    """
    lines = _between_words(readable(text), size, width, font=font)
    return [part for line in lines for part in _within_words(line, size, width, font=font)]


def _between_words(text: str, size: float, width: float, *, font: str) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".lstrip(" ")
        if lines[-1] and width_of(longer, size, font=font) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _within_words(line: str, size: float, width: float, *, font: str) -> list[str]:
    parts = []
    while width_of(line, size, font=font) > width:
        fits = next(end for end in range(len(line), 0, -1) if width_of(line[:end], size, font=font) <= width)
        parts.append(line[:fits])
        line = line[fits:]
    return [*parts, line]


def width_of(text: str, size: float, *, font: str = PLAIN) -> float:
    """In millimetres."""
    _types()
    return float(stringWidth(text, font, size)) / mm


def readable(text: str) -> str:
    """What our type has no letter for is marked."""
    known = _types()
    return "".join(mark if ord(mark) in known else _UNKNOWN for mark in unicodedata.normalize("NFC", text))


@cache
def _types() -> frozenset[int]:
    """Read once a process; the letters that they have."""
    fonts = [TTFont(name, str(FONTS / f"{name}.ttf")) for name in (PLAIN, BOLD)]
    for font in fonts:
        registerFont(font)
    return frozenset(fonts[0].face.charToGlyph)
