"""The alphabet of an SMS."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.kernel.gsm import to_gsm


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Nîmes", "Nimes"),
        ("à l’agence, élève, où", "à l'agence, élève, où"),
        ("5\u00a0minutes\u202f!", "5 minutes !"),
        ("« façade » … – cœur", '" facade " ... - coeur'),
        ("日", "?"),
    ],
)
def test_words_keep_their_sense_in_the_alphabet(written: str, sent: str) -> None:
    assert to_gsm(written) == sent


@given(st.text())
def test_what_was_brought_to_the_alphabet_stays_as_it_is(text: str) -> None:
    once = to_gsm(text)
    assert to_gsm(once) == once
