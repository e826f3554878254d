"""RFC 6238, with the values of its appendix B."""

from base64 import b32encode
from datetime import UTC, datetime, timedelta

import pytest

from tenant_apps.identity.totp import (
    MOST_DRIFT,
    TotpKeyRefusedError,
    accepted_step,
    code_at,
    drift_of,
    step_of,
)

KEY = b32encode(b"12345678901234567890").decode()
NOW = datetime(2026, 10, 21, 12, 0, tzinfo=UTC)
HERE = step_of(NOW)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
    ],
)
def test_the_values_of_the_standard(seconds: int, code: str) -> None:
    assert code_at(KEY, step_of(datetime.fromtimestamp(seconds, tz=UTC))) == code


@pytest.mark.parametrize("early", [-1, 0, 1])
def test_a_code_of_the_step_before_or_after_is_accepted(early: int) -> None:
    step = HERE + early
    assert accepted_step(KEY, code=code_at(KEY, step), now=NOW, drift=0, after=-1) == step


@pytest.mark.parametrize("early", [-2, 2])
def test_a_code_of_two_steps_away_is_not(early: int) -> None:
    assert accepted_step(KEY, code=code_at(KEY, HERE + early), now=NOW, drift=0, after=-1) is None


def test_a_code_is_accepted_once_and_none_before_it() -> None:
    assert accepted_step(KEY, code=code_at(KEY, HERE), now=NOW, drift=0, after=HERE) is None
    assert accepted_step(KEY, code=code_at(KEY, HERE - 1), now=NOW, drift=0, after=HERE) is None


def test_a_clock_that_drifts_is_followed_a_step_at_a_time() -> None:
    drift, last = 0, -1
    for sign_in in range(1, MOST_DRIFT + 1):
        now = NOW + timedelta(days=sign_in)
        step = accepted_step(KEY, code=code_at(KEY, step_of(now) + sign_in), now=now, drift=drift, after=last)
        assert step is not None
        drift, last = drift_of(step, now=now), step
    assert drift == MOST_DRIFT


def test_it_is_not_followed_for_ever() -> None:
    far = step_of(NOW) + MOST_DRIFT + 1
    assert accepted_step(KEY, code=code_at(KEY, far), now=NOW, drift=MOST_DRIFT, after=-1) is None


@pytest.mark.parametrize("code", ["", "28708", "287082 ", "٢٨٧٠٨٢", "\x00" * 6, "x" * 300])
def test_what_is_no_code_is_refused(code: str) -> None:
    assert accepted_step(KEY, code=code, now=NOW, drift=0, after=-1) is None


def test_a_key_that_is_not_base32_is_named() -> None:
    with pytest.raises(TotpKeyRefusedError):
        code_at("not base 32 !", HERE)
