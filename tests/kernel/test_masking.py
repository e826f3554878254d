"""What is shown of an identifier, a number or an address: its end, and nothing that could be used."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.kernel.masking import masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("+33639981234", "••• 234"),
        ("1043992017", "••• 017"),
        ("2951099126111", "••• 111"),
        ("P770318", "••• 318"),
        ("adele.morand@example.org", "a•••@example.org"),
        ("a@example.org", "a•••@example.org"),
        ("@example.org", "•••@example.org"),
        ("017", "•••"),
        ("7", "•••"),
        ("", ""),
    ],
)
def test_the_end_of_it_is_shown_and_the_rest_is_not(text: str, shown: str) -> None:
    assert masked(text).replace("\u202f", " ") == shown


@given(st.text(alphabet="0123456789ABCDEF", min_size=4, max_size=30))
def test_three_signs_at_most_are_shown_and_the_length_is_not_told(text: str) -> None:
    assert len(masked(text)) == len("••• 234")
    assert masked(text).endswith(text[-3:])
