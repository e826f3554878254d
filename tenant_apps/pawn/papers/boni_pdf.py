"""The receipt of a boni as a PDF, with room for two signatures."""

from functools import partial

from tenant_apps.documents.sheet_pdf import GAP, LEFT, LINE, TITLE, Sheet, pdf_of
from tenant_apps.messaging.letter_pdf import BOLD
from tenant_apps.pawn.papers.boni_words import BoniWords

LABELS = 66.0
ROOM_TO_SIGN = 28.0
RIGHT_HALF = 110.0


def boni_pdf(words: BoniWords, *, again: str = "") -> bytes:
    """`again`: what marks one that is not the first."""
    return pdf_of(title=words.title, write=partial(_write, words, again))


def _write(words: BoniWords, again: str, sheet: Sheet) -> None:
    sheet.lines(words.sender, first=BOLD)
    sheet.top += LINE
    sheet.lines(words.payee)
    sheet.top += LINE
    sheet.text(words.title, size=TITLE, font=BOLD, height=9.0)
    sheet.top += GAP
    if again:
        sheet.paragraph(again, font=BOLD)
        sheet.top += GAP
    for label, value in words.facts:
        sheet.fact(label, value, labels=LABELS)
    sheet.top += GAP
    for label, amount in words.sums:
        sheet.row(label, amount)
    sheet.row(*words.total, font=BOLD)
    sheet.top += GAP
    sheet.paragraph(words.said)
    sheet.room(ROOM_TO_SIGN + LINE * 2)
    sheet.top += LINE
    top = sheet.top
    sheet.text("Date et signature du client", left=LEFT)
    sheet.top = top
    sheet.text("Pour la caisse", left=RIGHT_HALF)
    sheet.top += ROOM_TO_SIGN
