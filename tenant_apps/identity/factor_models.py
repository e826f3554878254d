"""What second factors rest on besides a phone, an application and a PIN: passkeys, recovery codes, trusted devices.

Loaded by `tenant_apps.identity.models`, which the framework knows.
"""

import uuid
from typing import ClassVar

from django.db import models
from django_otp.models import Device

from guichet.tenancy.signing import keyring


class PasskeyDevice(Device):
    """A key pair of WebAuthn: the authenticator keeps the private half, the row the public one, sealed for its owner.

    Several a person: one for each thing that holds one. `name` is the person's own word for it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    credential_id = models.BinaryField(unique=True, max_length=1023)
    key_sealed = models.BinaryField()
    # How often the authenticator says that the key has signed; 0 for those that do not count.
    sign_count = models.PositiveBigIntegerField(default=0)
    # The model of the authenticator, zeros where it does not say.
    aaguid = models.UUIDField()
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    def verify_token(self, token: str) -> bool:
        """No code is one: a passkey answers a challenge (`tenant_apps.identity.passkeys`)."""
        return False

    @property
    def public_key(self) -> bytes:
        """Raises SealBrokenError when the row is not its owner's, or the key not that of this credential."""
        return bytes.fromhex(keyring().open(self.key_sealed, purpose=self.purpose))

    def take_key(self, public_key: bytes) -> None:
        self.key_sealed = keyring().seal(public_key.hex(), purpose=self.purpose)

    @property
    def purpose(self) -> str:
        return f"passkey:{self.user_id}:{bytes(self.credential_id).hex()}"


class RecoveryCode(models.Model):
    """One code on paper that stands for a lost second factor, once. Kept as a keyed digest, bound to its owner."""

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class TrustedDevice(models.Model):
    """A browser whose owner need not pass the second step for some days. The cookie holds what `digest` is made of."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="trusted_devices")
    digest = models.CharField(max_length=64, unique=True)
    # Of the owner's sessions: whatever ends them all ends this.
    epoch = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    # Two words of ours, such as « Firefox » and « Android »; empty where they are not known.
    browser = models.CharField(max_length=20, blank=True)
    system = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "epoch"], name="trusted_device_of_a_user")]
