"""Users, their devices, and the counters of failed tries."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.models import Device

from guichet.tenancy.signing import keyring
from tenant_apps.clients.models import Client
from tenant_apps.identity.access_models import AccessCode, Recovery, WayException
from tenant_apps.identity.factor_models import PasskeyDevice, RecoveryCode, TrustedDevice
from tenant_apps.identity.pin_hashes import hash_pin, needs_new_pepper, pin_matches
from tenant_apps.identity.security_models import Confirmation, OpenSession, TermsAnswer
from tenant_apps.identity.totp import accepted_step, drift_of

__all__ = [
    "AccessCode",
    "Confirmation",
    "OpenSession",
    "PasskeyDevice",
    "PinDevice",
    "Recovery",
    "RecoveryCode",
    "SecretTried",
    "SmsDevice",
    "SpentDraw",
    "TermsAnswer",
    "TotpDevice",
    "TrustedDevice",
    "TryCounter",
    "User",
    "WayException",
    "totp_purpose",
]


class User(AbstractBaseUser):
    """Someone who signs in: a client, a member of staff, or an operator of the GIE.

    The identifier is found by its blind index and kept sealed: nothing in the table reads back.
    """

    class Kind(models.TextChoices):
        CLIENT = "client"
        STAFF = "staff"
        OPERATOR = "operator"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    login_index = models.CharField(max_length=64)
    identifier_sealed = models.BinaryField()
    client = models.OneToOneField(Client, null=True, on_delete=models.PROTECT, related_name="user")
    display_name = models.CharField(max_length=160)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    # One more ends every session of this user: see `_get_session_auth_hash`.
    session_epoch = models.PositiveIntegerField(default=0)
    # When the agency took the secret away; None once another is chosen. What follows goes as a first connection does.
    secret_forced_at = models.DateTimeField(null=True)

    objects = BaseUserManager["User"]()

    # What django-otp reads when the session begins.
    otp_device: Device | None = None
    # This very sign-in was told of at a page before the space.
    is_told_of_browser = False

    USERNAME_FIELD = "login_index"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="client", client__isnull=False)
                | (~models.Q(kind="client") & models.Q(client__isnull=True)),
                name="only_a_client_has_a_file",
            ),
            models.UniqueConstraint(fields=["login_index"], name="one_user_an_identifier"),
        ]
        # For the counts of a report, which read this index alone.
        indexes = [
            models.Index(fields=["last_login"], include=["kind", "is_active"], name="user_last_sign_in"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's own, made of the password, with the epoch: a session begun in an earlier one opens nothing.

        Sessions hold the user's id inside their data: to find them would be to read the whole table.
        """
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        value = f"{self.session_epoch}:{self.password}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()

    @property
    def is_activated(self) -> bool:
        """The person has chosen a secret of their own; until then a first connection is awaited."""
        return self.has_usable_password()

    @property
    def chooses_anew(self) -> bool:
        """The person had a secret, which the agency took away."""
        return self.secret_forced_at is not None and not self.is_activated

    @property
    def may_activate(self) -> bool:
        return self.is_active and not self.is_activated


class SmsDevice(Device):
    """A mobile phone that receives codes: one at a time, hashed, used once, with a lifetime."""

    # E.164.
    phone = models.CharField(max_length=16)
    code_digest = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True)
    # The moments of the last day's sendings, ascending, ISO 8601.
    sent = models.JSONField(default=list)

    @property
    def sent_at(self) -> list[datetime]:
        return [datetime.fromisoformat(text) for text in self.sent]

    def take_code(self, code: str, *, lifetime: timedelta, now: datetime) -> None:
        """Remember the code just made; the one before it is void."""
        self.code_digest = self._digest(code)
        self.code_expires_at = now + lifetime
        self._count_sending(now)
        self.save(update_fields=["code_digest", "code_expires_at", "sent"])

    def note_sending(self, *, now: datetime) -> None:
        """A code of an act to confirm has left: the limits count it too."""
        self._count_sending(now)
        self.save(update_fields=["sent"])

    def _count_sending(self, now: datetime) -> None:
        self.sent = [text for text in self.sent if now - datetime.fromisoformat(text) < timedelta(days=1)]
        self.sent.append(now.isoformat())

    @property
    def has_unused_code(self) -> bool:
        """The last code sent was not used, whether or not it is still valid."""
        return bool(self.code_digest)

    def has_live_code(self, *, now: datetime) -> bool:
        return self.has_unused_code and self.code_expires_at is not None and now < self.code_expires_at

    def verify_token(self, token: str) -> bool:
        """Called by `django_otp.verify_token`, which holds this row's lock: a code serves once."""
        live = self.has_live_code(now=timezone.now())
        right = keyring().matches(self._bound(token), self.code_digest, purpose="sms-code")
        if not (live and right):
            return False
        self.code_digest, self.code_expires_at = "", None
        self.save(update_fields=["code_digest", "code_expires_at"])
        return True

    def _digest(self, code: str) -> str:
        return keyring().digest(self._bound(code), purpose="sms-code")

    def _bound(self, code: str) -> str:
        return f"{self.pk}:{code}"


class TotpDevice(Device):
    """An application that computes a code every thirty seconds. Its key is sealed; no code serves twice."""

    # django-otp's own model, which two_factor imports, has the default name already.
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="totp_devices")
    key_sealed = models.BinaryField()
    # The step of the last code that was accepted: only later ones are.
    last_step = models.BigIntegerField(default=-1)
    # How many steps the clock of the application is known to be ahead of ours.
    drift = models.SmallIntegerField(default=0)

    def verify_token(self, token: str) -> bool:
        """Called by `django_otp.verify_token`, which holds this row's lock."""
        key = keyring().open(self.key_sealed, purpose=totp_purpose(self.user_id))
        step = accepted_step(key, code=token, now=timezone.now(), drift=self.drift, after=self.last_step)
        if step is None:
            return False
        self.last_step, self.drift = step, drift_of(step, now=timezone.now())
        self.save(update_fields=["last_step", "drift"])
        return True


def totp_purpose(user_id: int) -> str:
    """Sealed for its owner: a row copied to another user opens nothing."""
    return f"totp-key:{user_id}"


class PinDevice(Device):
    """A PIN as a second step. As the first, it stands where a password would."""

    pin_hash = models.CharField(max_length=128)

    def verify_token(self, token: str) -> bool:
        if not pin_matches(token, self.pin_hash):
            return False
        if needs_new_pepper(self.pin_hash):
            self.pin_hash = hash_pin(token)
            self.save(update_fields=["pin_hash"])
        return True


class SpentDraw(models.Model):
    """What has served: a display, a proof of work, a blind first step. The unique key decides between posts at once."""

    nonce = models.CharField(max_length=32, unique=True)
    expires_at = models.DateTimeField()


class SecretTried(models.Model):
    """A wrong secret and the account it was tried on, as digests of the day: shows one secret sprayed over many."""

    day = models.DateField()
    # Keyed with the day and cut short: what was typed cannot be read back, nor compared with another day's.
    secret = models.CharField(max_length=16)
    index = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "secret", "index"], name="one_row_a_day_secret_and_account"
            )
        ]


class TryCounter(models.Model):
    """Failed tries on one account or from one address, requests, closings. Unknown identifiers have counters too."""

    class Scope(models.TextChoices):
        ACCOUNT = "account"
        ADDRESS = "address"
        REQUEST = "request"
        # Many addresses of one owner, where addresses are plenty; and the caisse as a whole.
        NETWORK = "network"
        CAISSE = "caisse"

    scope = models.CharField(max_length=8, choices=Scope.choices)
    # A keyed digest of the identifier or of the address.
    key = models.CharField(max_length=64)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True)
    locked_until = models.DateTimeField(null=True)
    agency_only = models.BooleanField(default=False)
    day = models.DateField(null=True)
    day_total = models.PositiveIntegerField(default=0)
    # Waits in a row. The default is the table's own: rows are inserted without it.
    locks = models.PositiveIntegerField(db_default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="one_counter_a_key")]
        indexes = [
            models.Index(fields=["key"], condition=models.Q(agency_only=True), name="counter_agency_only")
        ]
