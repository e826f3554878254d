"""The confirmation of a prolongation as a PDF."""

from functools import partial

from tenant_apps.documents.sheet_pdf import GAP, LINE, TITLE, Sheet, pdf_of
from tenant_apps.messaging.letter_pdf import BOLD
from tenant_apps.pawn.papers.prolonged_words import ProlongedWords
from tenant_apps.payments.receipt_pdf import foot


def prolonged_pdf(words: ProlongedWords) -> bytes:
    return pdf_of(title=words.title, write=partial(_write, words))


def _write(words: ProlongedWords, sheet: Sheet) -> None:
    sheet.lines(words.sender, first=BOLD)
    sheet.top += LINE
    sheet.lines(words.client)
    sheet.top += LINE
    sheet.text(words.title, size=TITLE, font=BOLD, height=9.0)
    sheet.top += GAP
    for label, value in words.facts:
        sheet.fact(label, value)
    for text in words.said:
        sheet.top += GAP
        sheet.paragraph(text)
    foot(sheet, mentions=words.mentions, link=words.link)
