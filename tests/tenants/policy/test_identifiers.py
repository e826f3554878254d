"""One form for each identifier, whatever was typed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.policy.formats.nir import nir_key
from tenants.policy.identifiers import IdentifierFormat, IdentifierRefused, format_of
from tests.tenants.policy.documents import policy


def _format(**rules: Any) -> IdentifierFormat:
    return format_of(policy({"identifier": rules}).identifier)


DIGITS = _format(kind="digits", min_length=10, max_length=11, printed_around=["spaces", "dots", "dashes"])
STRICT = _format(kind="digits", min_length=12, max_length=12, printed_around=[])
NUMBER = _format(kind="client_number", min_length=7, max_length=9, letters=True)
EMAIL = _format(kind="email")
EITHER = _format(kind="email_or_client_number", min_length=7, max_length=7, letters=True)
NIR = _format(kind="nir")
ALL = [DIGITS, STRICT, NUMBER, EMAIL, EITHER, NIR]

ACCEPTED = [
    (DIGITS, "1043992017", "1043992017"),
    (DIGITS, " 10 4399 2017\n", "1043992017"),
    (DIGITS, "10.4399-20.17", "1043992017"),
    (DIGITS, "10\u00a04399\u202f2017", "1043992017"),
    (DIGITS, "10\u20114399\u22122017", "1043992017"),
    (DIGITS, "１０４３９９２０１７", "1043992017"),  # full-width digits are what is tried
    (DIGITS, "\u200e1043992017\ufeff", "1043992017"),
    (DIGITS, "00000000001", "00000000001"),
    (STRICT, "501000000008", "501000000008"),
    (NUMBER, "p-771204", "P771204"),
    (NUMBER, "Ｐ 771204", "P771204"),  # a full-width letter is what is tried
    (EMAIL, " Adele.MORAND@Example.ORG ", "adele.morand@example.org"),
    (EMAIL, "lucie\uff20example.org", "lucie@example.org"),
    (EMAIL, "lucie@crédit.example.org", "lucie@xn--crdit-csa.example.org"),
    (EMAIL, "lucie@XN--CRDIT-CSA.example.org", "lucie@xn--crdit-csa.example.org"),
    (EMAIL, "lucie+gage@example.org", "lucie+gage@example.org"),
    (EMAIL, "LÉA@example.org", "léa@example.org"),
    (EITHER, "P-771204", "P771204"),
    (EITHER, "Adele.Morand@example.org", "adele.morand@example.org"),
    (NIR, "2 95 10 99 126 111 93", "2951099126111"),
    (NIR, "2951099126111", "2951099126111"),
    (NIR, "253072b07300470", "253072B073004"),
    (NIR, "253072A07300443", "253072A073004"),
    (NIR, "2 95 50 99 126 111", "2955099126111"),
]
REFUSED = [
    (DIGITS, "", "empty"),
    (DIGITS, " \t\u00a0", "empty"),
    (DIGITS, "\u200b\ufeff", "empty"),
    (DIGITS, "...", "characters"),
    (DIGITS, "65", "too_short"),
    (DIGITS, "104399201", "too_short"),
    (DIGITS, "104399201756", "too_long"),
    (DIGITS, "1" * 300, "too_long"),
    (DIGITS, "10439920a7", "characters"),
    (DIGITS, "1043992017\x00", "characters"),
    (DIGITS, "10/43992017", "characters"),
    (DIGITS, "10439920😀7", "characters"),
    (DIGITS, "١٠٤٣٩٩٢٠١٧", "characters"),
    (STRICT, "5010 0000 0008", "characters"),
    (STRICT, "50100000000", "too_short"),
    (NUMBER, "É771204", "characters"),
    (EMAIL, "lucie", "format"),
    (EMAIL, "@example.org", "format"),
    (EMAIL, "lucie@", "format"),
    (EMAIL, "lucie@localhost", "format"),
    (EMAIL, "lucie@127.0.0.1", "format"),
    (EMAIL, "lucie@exa mple.org", "format"),
    (EMAIL, "lucie@example..org", "format"),
    (EMAIL, "lu cie@example.org", "format"),
    (EMAIL, ".lucie@example.org", "format"),
    (EMAIL, "lucie@arnal@example.org", "format"),
    (EMAIL, f"{'l' * 65}@example.org", "format"),
    (EMAIL, f"lucie@{'e' * 300}.org", "too_long"),
    (EMAIL, "lucie\r\nBcc: x@example.org", "format"),
    (EITHER, "771204", "too_short"),
    (NIR, "295109912611199", "key"),
    (NIR, "253072C07300443", "format"),
    (NIR, "2951399126111", "format"),
    (NIR, "3951099126111", "format"),
    (NIR, "2951000126111", "format"),
    (NIR, "2951099126000", "format"),
    (NIR, "29510991261119", "too_short"),
    (NIR, "2951099126111931", "too_long"),
]


@pytest.mark.parametrize(("rules", "typed", "normal"), ACCEPTED)
def test_a_way_to_write_an_identifier_comes_to_its_one_form(
    rules: IdentifierFormat, typed: str, normal: str
) -> None:
    assert rules.normalise(typed) == normal
    assert rules.normalise(normal) == normal


@pytest.mark.parametrize(("rules", "typed", "code"), REFUSED)
def test_what_cannot_be_an_identifier_is_refused_with_its_reason(
    rules: IdentifierFormat, typed: str, code: str
) -> None:
    with pytest.raises(IdentifierRefused) as refused:
        rules.normalise(typed)
    assert refused.value.code == code
    assert refused.value.message % refused.value.params == str(refused.value)


def test_the_sentence_gives_the_lengths_and_never_the_identifier() -> None:
    with pytest.raises(IdentifierRefused) as refused:
        DIGITS.normalise("104399")
    assert str(refused.value) == "Cet identifiant a 10 ou 11 chiffres. Vous en avez saisi 6."
    with pytest.raises(IdentifierRefused) as refused:
        NIR.normalise("295109912611199")
    assert "2951" not in str(refused.value)


@given(st.sampled_from(ALL), st.text(max_size=400))
def test_any_text_at_all_is_brought_to_one_form_or_refused(rules: IdentifierFormat, typed: str) -> None:
    try:
        normal = rules.normalise(typed)
    except IdentifierRefused:
        return
    assert rules.normalise(normal) == normal
    assert not any(mark.isspace() or mark == "\x00" for mark in normal)


_PRINTED = st.lists(
    st.tuples(
        st.sampled_from("0123456789"), st.sampled_from(["", " ", "\u00a0", "\u202f", ".", "-", "\u2013"])
    ),
    min_size=10,
    max_size=11,
)


@given(_PRINTED, st.booleans())
def test_digits_are_the_same_whatever_is_printed_around(printed: list[tuple[str, str]], wide: bool) -> None:
    digits = "".join(digit for digit, _ in printed)
    shown = "".join(digit + mark for digit, mark in printed)
    if wide:
        shown = shown.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    assert DIGITS.normalise(shown) == digits


_ADDRESSES = st.emails().filter(lambda address: len(address) < 200)


@given(_ADDRESSES)
def test_case_never_makes_two_people_of_one_address(address: str) -> None:
    forms = set()
    for written in (address, address.upper(), address.lower(), address.title()):
        try:
            forms.add(EMAIL.normalise(written))
        except IdentifierRefused as refused:
            forms.add(refused.code)
    assert len(forms) == 1


@given(
    st.from_regex(
        r"[12][0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[1-8][0-9]|2[AB])[0-9]{3}[0-9]{2}[1-9]", fullmatch=True
    )
)
def test_a_nir_is_accepted_with_its_own_key_and_no_other(nir: str) -> None:
    key = nir_key(nir)
    assert 1 <= key <= 97
    assert NIR.normalise(f"{nir}{key:02d}") == NIR.normalise(nir) == nir
    with pytest.raises(IdentifierRefused):
        NIR.normalise(f"{nir}{key % 97 + 1:02d}")


@pytest.mark.parametrize("typed", ["abc", "adele.morand", "P-7703189"])
def test_half_an_address_is_not_told_that_it_is_a_number_of_the_wrong_length(typed: str) -> None:
    with pytest.raises(IdentifierRefused) as refused:
        EITHER.normalise(typed)
    assert str(refused.value).startswith("Tapez votre adresse e-mail en entier")
