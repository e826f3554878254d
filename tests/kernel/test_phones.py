"""Mobile numbers as people type them, brought to one form; what can receive no code is refused, and why is said."""

import pytest

from guichet.kernel.phones import PhoneRefusedError, french_mobile, written


@pytest.mark.parametrize(
    "typed",
    [
        "06 12 34 56 78",
        "0612345678",
        "06.12.34.56.78",
        "06-12-34-56-78",
        "+33 6 12 34 56 78",
        "+33 (0)6 12 34 56 78",
        "0033612345678",
        " 06\u00a012\u202f34 56 78\t",
        "０６１２３４５６７８",
        "\u202a06 12 34 56 78\u202c",
    ],
)
def test_however_it_is_typed_it_is_one_number(typed: str) -> None:
    assert french_mobile(typed, fiction=False) == "+33612345678"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0692 12 34 56", "+262692123456"),
        ("0639 01 23 45", "+262639012345"),
        ("0690 12 34 56", "+590690123456"),
        ("0694 12 34 56", "+594694123456"),
        ("0696 12 34 56", "+596696123456"),
        ("+262 692 12 34 56", "+262692123456"),
        ("+687 75 12 34", "+687751234"),
        ("+689 87 12 34 56", "+68987123456"),
        ("+508 55 12 34", "+508551234"),
        ("+681 82 12 34", "+681821234"),
    ],
)
def test_overseas_is_france_too(typed: str, number: str) -> None:
    assert french_mobile(typed, fiction=False) == number


@pytest.mark.parametrize("typed", ["06 39 98 12 34", "+33639981234", "0639980000"])
def test_a_number_of_fiction_is_taken_where_it_is_let_through_and_nowhere_else(typed: str) -> None:
    assert french_mobile(typed, fiction=True).startswith("+3363998")
    with pytest.raises(PhoneRefusedError) as refused:
        french_mobile(typed, fiction=False)
    assert refused.value.why == "not_a_number"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "not_a_number"),
        ("abc", "not_a_number"),
        ("06 12 34 56 7", "not_a_number"),
        ("06 12 34 56 78 9", "not_a_number"),
        ("06 39 98 12 34 5", "not_a_number"),
        ("06 39 98 12 3", "not_a_number"),
        ("112", "not_a_number"),
        ("3639", "not_a_number"),
        ("75 12 34", "not_a_number"),
        ("06 12 34 56 78 poste 3", "not_a_number"),
        ("06 12 34 56 78;ext=4", "not_a_number"),
        ("061234567%", "not_a_number"),
        ("0612345678 ou 0698765432", "not_a_number"),
        ("0" * 300, "not_a_number"),
        ("+41 79 123 45 67", "not_french"),
        ("+32 470 12 34 56", "not_french"),
        ("04 65 71 20 30", "not_a_mobile"),
        ("0262 12 34 56", "not_a_mobile"),
    ],
)
def test_what_can_receive_no_code_is_refused_and_why_is_said(typed: str, why: str) -> None:
    with pytest.raises(PhoneRefusedError) as refused:
        french_mobile(typed, fiction=True)
    assert refused.value.why == why
    assert not typed or typed not in str(refused.value)


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("+33639981234", "06 39 98 12 34"),
        ("+262692123456", "+262 692 12 34 56"),
        ("anything", "anything"),
    ],
)
def test_a_number_is_written_as_it_is_read_out(number: str, read: str) -> None:
    assert written(number).replace("\xa0", " ") == read
