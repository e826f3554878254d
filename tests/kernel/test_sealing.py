"""Sealing, blind indexes and keyed digests: what is made for one purpose and caisse is worth nothing elsewhere."""

import base64
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.kernel.sealing import FORMAT, NONCE_BYTES, Keyring, SealBrokenError, WeakKeyError, parse_key

MASTER = bytes(range(32))
NIMES = Keyring(master=MASTER, holder="nimes")
PARIS = Keyring(master=MASTER, holder="paris")
OTHER_MASTER = Keyring(master=bytes(range(1, 33)), holder="nimes")


@given(st.text())
def test_what_is_sealed_opens_again(plain: str) -> None:
    assert NIMES.open(NIMES.seal(plain, purpose="message"), purpose="message") == plain


@given(st.text(min_size=1), st.data())
def test_a_single_bit_changed_breaks_the_seal(plain: str, data: st.DataObject) -> None:
    sealed = bytearray(NIMES.seal(plain, purpose="message"))
    at = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[at // 8] ^= 1 << (at % 8)
    with pytest.raises(SealBrokenError):
        NIMES.open(bytes(sealed), purpose="message")


@pytest.mark.parametrize(
    ("keyring", "purpose"), [(PARIS, "message"), (NIMES, "identifier"), (OTHER_MASTER, "message")]
)
def test_another_caisse_purpose_or_master_opens_nothing(keyring: Keyring, purpose: str) -> None:
    sealed = NIMES.seal("10 4399 2017", purpose="message")
    with pytest.raises(SealBrokenError):
        keyring.open(sealed, purpose=purpose)


@pytest.mark.parametrize(
    "sealed",
    [
        b"",
        b"\x02" + bytes(40),
        FORMAT + bytes(NONCE_BYTES),
        bytes(3),
        FORMAT,
    ],
)
def test_what_was_never_sealed_does_not_open(sealed: bytes) -> None:
    with pytest.raises(SealBrokenError):
        NIMES.open(sealed, purpose="message")


def test_the_same_text_is_sealed_differently_each_time_and_never_shows() -> None:
    first, second = (NIMES.seal("Anne", purpose="message") for _ in range(2))
    assert first != second
    assert b"Anne" not in first


def test_a_view_of_memory_opens_as_bytes_do() -> None:
    """What the driver hands over for a binary column."""
    assert NIMES.open(memoryview(NIMES.seal("x", purpose="message")), purpose="message") == "x"


@given(st.text(), st.text())
def test_digests_are_equal_exactly_when_texts_are(one: str, other: str) -> None:
    digest = NIMES.digest(one, purpose="login-index")
    assert (digest == NIMES.digest(other, purpose="login-index")) is (one == other)
    assert NIMES.matches(one, digest, purpose="login-index")


def test_a_digest_is_of_one_caisse_purpose_and_master() -> None:
    digests = {
        keyring.digest("1000000001", purpose=purpose)
        for keyring in (NIMES, PARIS, OTHER_MASTER)
        for purpose in ("login-index", "client-address")
    }
    assert len(digests) == 6
    assert all(len(digest) == 64 and digest.isalnum() for digest in digests)


@pytest.mark.parametrize("digest", ["", "0" * 64, "x" * 100])
def test_what_is_no_digest_matches_nothing(digest: str) -> None:
    assert not NIMES.matches("1000000001", digest, purpose="login-index")


def test_a_digest_that_a_browser_made_up_matches_nothing() -> None:
    assert not NIMES.matches("1000000001", "é" * 64, purpose="login-index")


_pairs = st.tuples(st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True), st.text("ab:_-", max_size=4))


@given(_pairs, _pairs)
def test_no_two_caisses_and_purposes_run_together_into_one_key(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    digests = [Keyring(master=MASTER, holder=holder).digest("x", purpose=why) for holder, why in (one, other)]
    assert (digests[0] == digests[1]) is (one == other)


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_key_is_read_in_both_alphabets(encode: type) -> None:
    key = bytes(range(224, 256))
    assert parse_key(encode(key).decode()) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not base64",
        "é" * 43,
        base64.b64encode(bytes(range(31))).decode(),
        base64.b64encode(bytes(range(33))).decode(),
        base64.b64encode(bytes(32)).decode(),
        base64.b64encode(b"ab" * 16).decode(),
        base64.b64encode(bytes(range(32))).decode()[:-1],
    ],
)
def test_a_weak_or_broken_key_is_refused(text: str) -> None:
    with pytest.raises(WeakKeyError):
        parse_key(text)


def test_a_random_key_is_taken() -> None:
    key = os.urandom(32)
    assert parse_key(base64.b64encode(key).decode()) == key
