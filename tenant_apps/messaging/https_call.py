"""One HTTPS call to an address of the GIE's list, and to no other."""

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import certifi
import urllib3

from tenant_apps.messaging.domain.providers import SmsGateway
from tenant_apps.messaging.transports import ProviderDownError, TransportError

# What is read of an answer: a provider has little to say.
MOST_BYTES = 16 * 1024
# Of a name with several, so many are tried: each has the whole time to connect.
MOST_ADDRESSES = 2


class _NobodyThereError(ProviderDownError):
    """Nothing was sent: another address of the same name may be tried."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


def call(*, gateway: SmsGateway, address: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """With the certificate checked, without redirects, within the gateway's limits of time.

    `address` is the gateway's with its places filled in. Raises ProviderDownError when nobody answers, TransportError.
    Neither says what was asked: the address and the headers hold who we are.
    """
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or 443
    # The very addresses that were looked at: a name that answers otherwise a moment later leads nowhere else.
    *others, last = _addresses_of(host, port, private=gateway.private)
    for each in others:
        try:
            return _ask(each, gateway=gateway, address=address, headers=headers, body=body)
        except _NobodyThereError:
            continue
    return _ask(last, gateway=gateway, address=address, headers=headers, body=body)


def _ask(where: str, *, gateway: SmsGateway, address: str, headers: Mapping[str, str], body: bytes) -> Answer:
    parts = urlsplit(address)
    pool = urllib3.HTTPSConnectionPool(
        where,
        parts.port or 443,
        server_hostname=parts.hostname,
        assert_hostname=parts.hostname,
        cert_reqs="CERT_REQUIRED",
        ca_certs=gateway.ca_file or certifi.where(),
        timeout=urllib3.Timeout(connect=gateway.connect_seconds, read=gateway.read_seconds),
        retries=False,
        maxsize=1,
    )
    path = parts.path or "/"
    try:
        answer = pool.urlopen(
            gateway.method,
            f"{path}?{parts.query}" if parts.query else path,
            body=body,
            headers={"Host": parts.netloc, **headers},
            redirect=False,
            preload_content=False,
        )
        return Answer(answer.status, answer.read(MOST_BYTES))
    except urllib3.exceptions.NewConnectionError:
        raise _NobodyThereError("nobody listens at the provider's address") from None
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise ProviderDownError(type(error).__name__) from None
    finally:
        pool.close()


def _addresses_of(host: str, port: int, *, private: bool) -> list[str]:
    """At least one. Raises ProviderDownError when the name is not found, TransportError when it leads inside."""
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError:
        raise ProviderDownError("the name of the provider is not found") from None
    if not private and not all(ipaddress.ip_address(each).is_global for each in found):
        raise TransportError("the provider's name leads to a private address")
    return found[:MOST_ADDRESSES]
