"""The contract, and the receipt of its objects, as PDF. No letter is smaller than the law wants (CMF D514-9, II)."""

from functools import partial

from tenant_apps.documents.sheet_pdf import GAP, LEFT, LINE, SMALL, TITLE, Sheet, pdf_of
from tenant_apps.messaging.letter_pdf import BOLD
from tenant_apps.pawn.papers.contract_words import ContractWords

LABELS = 66.0
ROOM_TO_SIGN = 28.0
RIGHT_HALF = 110.0
DENSE = 4.4


def contract_pdf(words: ContractWords) -> bytes:
    return pdf_of(title=_title(words), write=partial(_contract, words))


def _title(words: ContractWords) -> str:
    return (
        f"Contrat de prêt sur gage n° {words.number}"
        if words.number
        else "Contrat de prêt sur gage, à signer"
    )


def pawn_receipt_pdf(words: ContractWords, *, again: str = "") -> bytes:
    """`again`: what marks one that is not the first."""
    title = f"Reconnaissance de dépôt n° {words.number}"
    return pdf_of(title=title, write=partial(_receipt, words, title, again))


def _contract(words: ContractWords, sheet: Sheet) -> None:
    _head(words, sheet, _title(words))
    if words.mention:
        sheet.paragraph(words.mention, font=BOLD)
        sheet.top += GAP
    _facts(words, sheet)
    _objects(words, sheet)
    sheet.heading("Ce que le prêt coûte jusqu’à l’échéance")
    for label, how, amount in words.costs:
        sheet.row(label, amount, notes=[how] if how else [])
    sheet.row(*words.total, font=BOLD)
    sheet.heading("Taux et frais du tarif")
    for name, value in words.rates:
        sheet.row(name, value)
    for title, said in words.terms:
        sheet.heading(title)
        for sentence in said:
            sheet.paragraph(sentence, size=SMALL, height=DENSE)
            sheet.top += GAP / 2
    _signatures(words, sheet)


def _receipt(words: ContractWords, title: str, again: str, sheet: Sheet) -> None:
    _head(words, sheet, title)
    if again:
        sheet.paragraph(again, font=BOLD)
        sheet.top += GAP
    sheet.paragraph("La caisse a reçu en gage les objets ci-dessous, pour le prêt dont voici les conditions.")
    sheet.top += GAP
    _facts(words, sheet)
    _objects(words, sheet)
    for heading, said in words.terms:
        if heading == words.terms[1][0]:
            sheet.heading(heading)
            for sentence in said:
                sheet.paragraph(sentence, size=SMALL, height=DENSE)
    _signatures(words, sheet)


def _head(words: ContractWords, sheet: Sheet, title: str) -> None:
    sheet.lines(words.sender, first=BOLD)
    sheet.top += LINE
    sheet.lines(words.borrower)
    sheet.top += LINE
    sheet.text(title, size=TITLE, font=BOLD, height=9.0)
    sheet.top += GAP


def _facts(words: ContractWords, sheet: Sheet) -> None:
    for label, value in words.facts:
        sheet.fact(label, value, labels=LABELS)


def _objects(words: ContractWords, sheet: Sheet) -> None:
    sheet.heading("Objets mis en gage, et leur estimation")
    for what, appraised in words.objects:
        sheet.row(what, appraised)


def _signatures(words: ContractWords, sheet: Sheet) -> None:
    """Together, on one sheet."""
    sheet.room(ROOM_TO_SIGN + LINE * 2)
    sheet.top += LINE
    sheet.text(words.signed)
    top = sheet.top
    sheet.text("L’emprunteur", left=LEFT)
    sheet.top = top
    sheet.text("Pour la caisse", left=RIGHT_HALF)
    sheet.top += ROOM_TO_SIGN
