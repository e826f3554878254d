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

    objects = BaseUserManager["User"]()

    # What django-otp reads when the session begins.
    otp_device: "SmsDevice | None" = None

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

    def __str__(self) -> str:
        return str(self.uuid)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's own, made of the password, with the epoch: a session begun in an earlier one opens nothing.

        Sessions hold the user's id inside their data: to find them would be to read the whole table.
        """
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        value = f"{self.session_epoch}:{self.password}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()


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
        self.sent = [text for text in self.sent if now - datetime.fromisoformat(text) < timedelta(days=1)]
        self.sent.append(now.isoformat())
        self.save(update_fields=["code_digest", "code_expires_at", "sent"])

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


class TryCounter(models.Model):
    """Failed tries on one account, or from one address. Unknown identifiers have counters too."""

    class Scope(models.TextChoices):
        ACCOUNT = "account"
        ADDRESS = "address"

    scope = models.CharField(max_length=8, choices=Scope.choices)
    # A keyed digest of the identifier or of the address.
    key = models.CharField(max_length=64)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True)
    locked_until = models.DateTimeField(null=True)
    agency_only = models.BooleanField(default=False)
    day = models.DateField(null=True)
    day_total = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="one_counter_a_key")]
