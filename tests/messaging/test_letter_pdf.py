"""Letters on paper: the address in the window of the envelope, nothing else there, and every letter of French."""

import io
import logging
import re
from dataclasses import dataclass, replace

import pytest
from pypdf import PdfReader

from tenant_apps.messaging.letter import Letter
from tenant_apps.messaging.letter_pdf import (
    ADDRESS_WIDTH,
    ALWAYS_SEEN,
    CODE_SIZE,
    EVER_SEEN,
    SENDER_WIDTH,
    drawn,
    letters_pdf,
    width_of,
    wrapped,
)

MM = 72 / 25.4
SHEET = (210.0, 297.0)
LETTER = Letter(
    sender=("Caisse Alpha", "1 rue de l’Œuvre", "44000 Nantes", "Téléphone\u202f: 02 61 91 00 00"),
    recipient=("Mme Léa Girard-Lopez", "8 rue du Puits", "30000 Nîmes"),
    dated="Nantes, le 1er mai 2026",
    body="Objet\u202f: votre première connexion\n\nBonjour,\n\nVoici votre code\u202f:\n\n    1234 5678\n\nC’est tout.",
    code="1234 5678",
)


@dataclass(frozen=True)
class Piece:
    """What was printed, from where on (millimetres from the left and the top, to the base of the line), how large."""

    text: str
    left: float
    base: float
    size: float

    @property
    def right(self) -> float:
        return self.left + width_of(self.text, self.size)

    def within(self, place: tuple[float, float, float, float]) -> bool:
        left, top, right, bottom = place
        ascent = self.size / MM
        return left <= self.left and self.right <= right and top <= self.base - ascent and self.base <= bottom

    def touches(self, place: tuple[float, float, float, float]) -> bool:
        left, top, right, bottom = place
        ascent = self.size / MM
        return self.left < right and self.right > left and self.base - ascent < bottom and self.base > top


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def pieces(letter: Letter) -> list[Piece]:
    """Of the first page."""
    found: list[Piece] = []

    def note(text: str, _cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            found.append(Piece(text.strip(), tm[4] / MM, SHEET[1] - tm[5] / MM, size))

    read(letters_pdf([letter], title="essai")).pages[0].extract_text(visitor_text=note)
    return found


ADDRESSES = [
    LETTER.recipient,
    (
        "M. Jean-Baptiste de La Rochefoucauld",
        "Chez Mme Œillet",
        "Bâtiment C",
        "12 bis rue",
        "Lieu-dit",
        "30000 NÎMES",
    ),
    ("Mme Ann Lee", "a", "b", "c", "d", "30000 Nîmes", "Royaume-Uni"),
    (
        "Mme Wilhelmina Vanderschueren",
        "RÉSIDENCE LES JARDINS DU GRAND BOULEVARD MARÉCHAL FOCH ESCALIER B",
        "30000 Nîmes",
    ),
    ("Mme Sans Adresse",),
]


@pytest.mark.parametrize("recipient", ADDRESSES, ids=["short", "six lines", "abroad", "wide", "name alone"])
def test_the_address_is_read_through_the_window_however_the_sheet_has_slid(
    recipient: tuple[str, ...],
) -> None:
    found = pieces(replace(LETTER, recipient=recipient))
    words = " ".join(recipient).split()
    address = [each for each in found if each.touches(EVER_SEEN)]
    assert " ".join(each.text for each in address).split() == words
    for each in address:
        assert each.within(ALWAYS_SEEN), each
        assert 9 <= each.size <= 12


def test_nothing_else_shows_through_the_window() -> None:
    """A sender of long lines, and many of them; the code above all."""
    sender = ("Caisse de Crédit Municipal de la Ville de Nantes et de Loire-Atlantique",) * 5
    found = pieces(replace(LETTER, sender=sender))
    assert [each.text for each in found if each.touches(EVER_SEEN)] == list(LETTER.recipient)
    (code,) = [each for each in found if each.text == LETTER.code]
    assert code.size == CODE_SIZE
    assert code.base > 99


def test_a_line_breaks_at_no_space_that_binds() -> None:
    """A colon stood alone at the head of a line."""
    words = "Voici le code qui vous laisse en choisir un nouveau\u202f: 1\u00a0234 euros"
    for width in range(20, 100):
        lines = wrapped(words, 11, width)
        assert not any(line.startswith((":", "234")) for line in lines)
        assert " ".join(lines) == words
        assert max(width_of(line, 11) for line in lines) <= width


def test_a_drawing_to_scan_holds_the_address_and_stands_clear_of_everything() -> None:
    """Read back square by square."""
    page = "https://caisse.example.org/premiere-connexion/"
    body = f"Objet\u202f: essai\n\nScannez\u202f:\n\n    {page}\n\nC’est tout."
    sheet = read(letters_pdf([replace(LETTER, body=body, page=page)], title="essai")).pages[0]
    content = sheet.get_contents()
    assert content is not None
    squares = re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re", content.get_data().decode("latin-1"))
    left, bottom = (min(float(each[axis]) for each in squares) for axis in (0, 1))
    side = float(squares[0][2])
    places = {(round((float(x) - left) / side), round((float(y) - bottom) / side)) for x, y, *_ in squares}
    rows = drawn(page)
    assert places == {
        (column, len(rows) - 1 - row)
        for row, marks in enumerate(rows)
        for column, dark in enumerate(marks)
        if dark
    }
    assert page not in sheet.extract_text()
    place = (left / MM, SHEET[1] - bottom / MM - 26, left / MM + 26, SHEET[1] - bottom / MM)
    printed = pieces(replace(LETTER, body=body, page=page))
    assert not any(piece.touches(place) for piece in printed)
    assert place[1] > EVER_SEEN[3]


def test_every_letter_of_french_and_of_its_neighbours_is_printed() -> None:
    words = "À Œuvre cœur Ÿ ç É ô ù ï « oui » 12 € l’été Łukasz Świątek Ștefan Đorđe Παππάς Иван — …"
    page = read(letters_pdf([replace(LETTER, body=words)], title="essai")).pages[0].extract_text()
    for word in words.split():
        assert word in page


def test_what_no_type_of_ours_has_is_marked_and_stands_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        pdf = letters_pdf([replace(LETTER, recipient=("王小明", "e\u0301te\u0301"))], title="essai")
    page = read(pdf).pages[0].extract_text()
    assert "???" in page
    assert "été" in page
    assert "王" not in caplog.text


def test_each_letter_has_pages_of_its_own() -> None:
    long = replace(LETTER, body="Objet\n\n" + "\n\n".join(f"Paragraphe {number}." for number in range(40)))
    letters = [LETTER, long, replace(LETTER, recipient=("M. Dernier",), code="", body="Objet\n\nFin.")]
    pages = [page.extract_text() for page in read(letters_pdf(letters, title="essai")).pages]
    assert [("Girard" in page, "Dernier" in page) for page in pages] == [
        (True, False),
        (True, False),
        (False, False),
        (False, True),
    ]
    assert "1234 5678" in pages[0]
    assert not any("1234 5678" in page for page in pages[1:])


def test_a_sheet_is_a4_and_its_measures_leave_the_window_free() -> None:
    box = read(letters_pdf([LETTER], title="essai")).pages[0].mediabox
    assert (round(float(box.width) / MM), round(float(box.height) / MM)) == (210, 297)
    assert EVER_SEEN[0] >= 20 + SENDER_WIDTH
    assert ALWAYS_SEEN[2] - ADDRESS_WIDTH >= ALWAYS_SEEN[0]
