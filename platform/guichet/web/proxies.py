"""Whose word is taken for the client's address, the protocol and the request's number: the declared proxies' only."""

import ipaddress
import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_FORWARDED",
    "HTTP_X_REQUEST_ID",
)
_WITH_PORT = re.compile(r"\[(?P<six>[^\[\]]+)\](?::\d{1,5})?|(?P<four>[\d.]+):\d{1,5}")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# gunicorn behind a socket file has no peer address; the proxy that opened the file is then the peer.
NO_ADDRESS = "0.0.0.0"  # noqa: S104  # not bound to: the name of an unknown peer


class ProxyMiddleware:
    """Drops what an undeclared peer claims in forwarding headers; sets `request.client_address`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        peer = request.META.get("REMOTE_ADDR") or NO_ADDRESS
        claimed = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if not _trusted(peer):
            for header in _FORWARDED:
                request.META.pop(header, None)
            claimed = ""
        request.client_address = _nearest_untrusted(peer, claimed)  # type: ignore[attr-defined]  # set here for all
        return self.get_response(request)


def client_address(request: HttpRequest) -> str:
    """The address that brakes and journal use."""
    address: str = request.client_address  # type: ignore[attr-defined]  # set by ProxyMiddleware
    return address


def _trusted(address: str) -> bool:
    try:
        parsed = _parsed(address)
    except ValueError:
        return False
    return any(parsed in network for network in settings.TRUSTED_PROXIES)


def _nearest_untrusted(peer: str, claimed: str) -> str:
    """Read from the right: each trusted proxy vouches for the address before it, and no further."""
    current = peer
    for text in reversed([part.strip() for part in claimed.split(",") if part.strip()]):
        if not _trusted(current):
            break
        try:
            current = str(_parsed(text))
        except ValueError:
            break
    return current


def _parsed(text: str) -> _Address:
    """As proxies write it: alone, with a port, or in brackets with or without one. Raises ValueError."""
    written = _WITH_PORT.fullmatch(text)
    parsed = ipaddress.ip_address(written["six"] or written["four"] if written else text)
    # A socket of both families names a peer of the older one so.
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return mapped or parsed
