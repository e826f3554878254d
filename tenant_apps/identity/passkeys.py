"""Passkeys: made, and asked to sign. The protocol is that of the library; what is remembered and refused is ours.

No credential is ever named to the browser that asks to sign: the authenticator finds its own for this host, and the
question is the same whoever is asked (ADR 20).
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import webauthn
from django.db import transaction
from webauthn.helpers import bytes_to_base64url, parse_attestation_object, parse_registration_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationFormat,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from guichet.tenancy.connection import connection
from guichet.tenancy.signing import keyring
from tenant_apps.identity.ceremonies import LIFETIME, Answer, RelyingParty
from tenant_apps.identity.factors import NOBODY
from tenant_apps.identity.models import PasskeyDevice, User
from tenant_apps.identity.passkey_notices import tell_of_copied_passkey
from tenant_apps.journal.record import record

MOST, NAME_LENGTH = 5, 64
COPIED = "passkey.copied"
# What a browser answers that was asked for no attestation; others would have us read certificates of strangers.
FORMATS = (AttestationFormat.NONE, AttestationFormat.PACKED)
# An answer longer than any real one is not read.
LONGEST = 16_384
# What the library raises on what is no answer at all, besides its own.
UNREADABLE = (
    WebAuthnException,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
)
_MILLISECONDS = int(LIFETIME.total_seconds() * 1000)


@dataclass(frozen=True, slots=True)
class Made:
    """A new key, before it is anybody's."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    aaguid: UUID


def handle_of(user: User) -> bytes:
    """What the authenticator keeps of the person for good: opaque, of this caisse alone, and made with no key of ours,
    since a key that is replaced would leave every authenticator with the handle of nobody.
    """
    return hashlib.sha256(f"passkey-handle:{connection.schema_name}:{user.uuid}".encode()).digest()


def passkeys_of(*, user: User) -> list[PasskeyDevice]:
    """The oldest first."""
    return list(PasskeyDevice.objects.filter(user=user, confirmed=True).order_by("id"))


def creation_options(*, user: User, name: str, challenge: bytes, party: RelyingParty) -> dict[str, object]:
    """For `navigator.credentials.create`. `name`: what the authenticator lists the key under."""
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=handle_of(user),
        user_name=name,
        user_display_name=name,
        challenge=challenge,
        timeout=_MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=bytes(each.credential_id)) for each in passkeys_of(user=user)
        ],
    )
    return _as_dict(options)


def request_options(*, challenge: bytes, party: RelyingParty) -> dict[str, object]:
    """For `navigator.credentials.get`: the same for everybody."""
    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=_MILLISECONDS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _as_dict(options)


def made_by(answer: Answer) -> Made | None:
    """The key that the browser has made; None for anything else."""
    if answer.challenge is None or len(answer.credential) > LONGEST:
        return None
    try:
        parsed = parse_registration_credential_json(answer.credential)
        if parse_attestation_object(parsed.response.attestation_object).fmt not in FORMATS:
            return None
        found = webauthn.verify_registration_response(
            credential=parsed,
            expected_challenge=answer.challenge,
            expected_rp_id=answer.party.id,
            expected_origin=answer.party.origin,
            require_user_verification=True,
        )
    except UNREADABLE:
        return None
    aaguid = UUID(found.aaguid) if found.aaguid else UUID(int=0)
    return Made(found.credential_id, found.credential_public_key, found.sign_count, aaguid)


@transaction.atomic
def signed_by(*, answer: Answer, owner: User | None, anybody: bool, now: datetime) -> PasskeyDevice | None:
    """The passkey that has signed the challenge; of `owner` alone, unless `anybody`'s will do.

    One query for a known, an unknown and somebody else's credential alike; the row is held, so that of two answers with
    the same count one is refused.
    """
    credential_id, handle = _named_in(answer)
    rows = PasskeyDevice.objects.select_for_update(of=("self",)).select_related("user__client")
    owned = rows if anybody else rows.filter(user_id=owner.pk if owner else NOBODY)
    device: PasskeyDevice | None = owned.filter(
        credential_id=credential_id, confirmed=True, user__is_active=True
    ).first()
    if device is None or handle != handle_of(device.user):
        return None
    count = _count_in(answer, device)
    if count is None:
        return None
    if (count or device.sign_count) and count <= device.sign_count:
        # Somebody else may have a copy of the key, and has used it (WebAuthn 2, 6.1.1).
        record(kind=COPIED, at=now, subject=str(device.user.uuid))
        tell_of_copied_passkey(user=device.user, name=device.name, now=now)
        return None
    device.sign_count, device.last_used_at = count, now
    device.save(update_fields=["sign_count", "last_used_at"])
    return device


def _named_in(answer: Answer) -> tuple[bytes, bytes]:
    """The credential and the handle, as they are claimed; empty for what cannot be read."""
    if len(answer.credential) > LONGEST:
        return b"", b""
    try:
        parsed = webauthn.helpers.parse_authentication_credential_json(answer.credential)
    except UNREADABLE:
        return b"", b""
    return parsed.raw_id, parsed.response.user_handle or b""


def _count_in(answer: Answer, device: PasskeyDevice) -> int | None:
    """The authenticator's count of signatures, when this very challenge is rightly signed at this very host."""
    if answer.challenge is None:
        return None
    try:
        verified = webauthn.verify_authentication_response(
            credential=answer.credential,
            expected_challenge=answer.challenge,
            expected_rp_id=answer.party.id,
            expected_origin=answer.party.origin,
            credential_public_key=device.public_key,
            # Compared by the caller, who tells the owner.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except UNREADABLE:
        return None
    return verified.new_sign_count


def credential_digest(answer: Answer) -> str:
    """What the journal calls a credential that nobody has."""
    return keyring().digest(bytes_to_base64url(_named_in(answer)[0]), purpose="passkey-tried")


def _as_dict(options: object) -> dict[str, object]:
    written: dict[str, object] = json.loads(webauthn.options_to_json(options))  # type: ignore[arg-type]  # one of the library's two kinds
    return written
