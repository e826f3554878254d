"""Codes and first passwords that are read on paper or on a phone, and typed."""

from collections.abc import Callable, Sequence

# Small letters and digits that are not read for one another: 31 of them.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
# 59 bits: a first password outlives any guessing that the lockout lets through.
FIRST_PASSWORD_LENGTH = 12
GROUP = 4
_BETWEEN = " \u00a0\u202f\t-–."

Choice = Callable[[Sequence[str]], str]


def draw(*, length: int, alphabet: str, choice: Choice) -> str:
    """`choice` must be unpredictable: `secrets.choice`."""
    return "".join(choice(alphabet) for _ in range(length))


def in_groups(code: str, *, between: str) -> str:
    """« 4815 1623 »: groups of about four, none of a single mark."""
    count = max(round(len(code) / GROUP), 1)
    size = -(-len(code) // count)
    return between.join(code[start : start + size] for start in range(0, len(code), size))


def without_spaces(typed: str) -> str:
    """What was printed between the groups may be typed, or not."""
    return "".join(mark for mark in typed if mark not in _BETWEEN)


def first_password_as_sent(typed: str) -> str:
    """A phone makes the first letter large, a reader drops the dashes: neither changes the password."""
    return without_spaces(typed).lower()
