"""The normal form of a host name."""

import idna

LONGEST_HOST = 253


class HostRefusedError(ValueError):
    """Not a host name."""


def normal_host(raw: str) -> str:
    """Small letters, no port, no final dot, IDNA: « NÎMES.example.org.:8000 » gives `xn--nmes-0pa.example.org`.

    Raises HostRefusedError.
    """
    host = raw.strip().lower()
    if not host.startswith("["):
        host = host.partition(":")[0]
    host = host.removesuffix(".")
    if not host or len(host) > LONGEST_HOST:
        raise HostRefusedError("empty or too long")
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except (idna.IDNAError, UnicodeError) as error:
        raise HostRefusedError("not a name that IDNA can write") from error
