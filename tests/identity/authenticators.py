"""An authenticator in software: makes passkeys and signs challenges, as a phone does."""

import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client as Browser
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


class Authenticator:
    """Holds one passkey. `count` is what it says of its signatures: a copy of it would say less."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.id = secrets.token_bytes(32)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.handle = b""
        self.count = 0
        self.flags = PRESENT | VERIFIED

    def creates(self, options: dict[str, Any]) -> str:
        self.handle = base64url_to_bytes(options["user"]["id"])
        public = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
        made = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        data = self._data(self.flags | WITH_KEY) + made
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._written(
            clientDataJSON=self._client_data("webauthn.create", options), attestationObject=attestation
        )

    def signs(self, options: dict[str, Any]) -> str:
        self.count += 1
        data, client = self._data(self.flags), self._client_data("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._written(
            clientDataJSON=client, authenticatorData=data, signature=signature, userHandle=self.handle
        )

    def _data(self, flags: int) -> bytes:
        site = self.host.partition(":")[0].encode()
        return hashlib.sha256(site).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client_data(self, kind: str, options: dict[str, Any]) -> bytes:
        words = {"type": kind, "challenge": options["challenge"], "origin": f"http://{self.host}"}
        return json.dumps(words).encode()

    def _written(self, **response: bytes) -> str:
        parts = {name: bytes_to_base64url(value) for name, value in response.items()}
        return json.dumps(
            {
                "id": bytes_to_base64url(self.id),
                "rawId": bytes_to_base64url(self.id),
                "type": "public-key",
                "response": parts,
            }
        )


def asked(browser: Browser, page: str) -> dict[str, Any]:
    """The question that the script of the page fetches."""
    options: dict[str, Any] = browser.post(f"{page}question/").json()
    return options


def answers(browser: Browser, page: str, authenticator: Authenticator, **typed: str) -> Any:
    """The question, its answer, and what the page makes of it."""
    return browser.post(page, {"credential": authenticator.signs(asked(browser, page)), **typed})
