"""Typed readers of the environment: a missing or weak value stops the start, and says how to mend it."""

import ipaddress
import math
from collections import Counter
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from guichet.kernel.sealing import WeakKeyError, parse_key

ROOT = Path(__file__).resolve().parents[4]
SECRET_LENGTH = 50
# The least information, in bits over the whole secret, that random text of that length clears with ease.
SECRET_BITS = 150
NONE = "none"

env = environ.Env()
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def required(name: str, *, meaning: str) -> str:
    value: str = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. It is {meaning}.")
    return value


def secret(name: str, *, meaning: str) -> str:
    """A long, random text."""
    value = required(name, meaning=meaning)
    bits = -sum(count * math.log2(count / len(value)) for count in Counter(value).values())
    if len(value) < SECRET_LENGTH or bits < SECRET_BITS:
        raise ImproperlyConfigured(
            f"{name} is too weak. It is {meaning}: at least {SECRET_LENGTH} random characters, "
            'for instance from: python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
        )
    return value


def key(name: str, *, meaning: str) -> bytes:
    """32 random bytes, in base64."""
    return _parsed(name, required(name, meaning=meaning), meaning=meaning)


def keys(name: str, *, meaning: str) -> tuple[bytes, ...]:
    """Comma-separated, each as `key` reads it; none by default."""
    return tuple(_parsed(name, text.strip(), meaning=meaning) for text in env.list(name, default=[]))


def _parsed(name: str, value: str, *, meaning: str) -> bytes:
    try:
        return parse_key(value)
    except WeakKeyError as error:
        raise ImproperlyConfigured(
            f"{name}: {error}. It is {meaning}, for instance from: "
            'python3 -c "import base64, os; print(base64.b64encode(os.urandom(32)).decode())"'
        ) from error


def networks(name: str) -> list[Network]:
    """Comma-separated addresses or networks, for instance `10.0.0.0/8`; or `none`, said on purpose."""
    written: list[str] = [text.strip() for text in env.list(name, default=[])]
    try:
        return [] if written == [NONE] else [ipaddress.ip_network(text) for text in written]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}. Give addresses or networks, with commas.") from error


def share(name: str, *, default: float) -> float:
    """From 0 to 1."""
    value: str = env.str(name, default=str(default))
    try:
        found = float(value)
    except ValueError:
        found = math.nan
    if not 0 <= found <= 1:
        raise ImproperlyConfigured(f"{name} is {value!r}: give a number from 0 to 1.")
    return found
