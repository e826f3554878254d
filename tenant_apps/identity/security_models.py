"""What « Ma sécurité » rests on: open sessions, confirmations of sensitive acts, answers to the terms of use.

Loaded by `tenant_apps.identity.models`, which the framework knows.
"""

import uuid
from datetime import datetime

from django.db import models

from guichet.tenancy.append_only import AppendOnly
from guichet.tenancy.signing import keyring


class OpenSession(models.Model):
    """A session as its owner is shown it: which device, since when. When it was last used, the session itself knows."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="open_sessions")
    # What the table of sessions holds of the key (guichet.web.sessions): it opens nothing.
    digest = models.CharField(max_length=40, unique=True)
    begun_at = models.DateTimeField()
    # Two words of ours, such as « Firefox » and « Android »; empty where they are not known.
    browser = models.CharField(max_length=20, blank=True)
    system = models.CharField(max_length=20, blank=True)


class Confirmation(models.Model):
    """A sensitive act that its author is asked to confirm, or has confirmed; it serves once.

    `act` is a keyed digest of what is confirmed, for whom and from which form: another amount, another payee or another
    form is another act. What the page shows is sealed.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="confirmations")
    act = models.CharField(max_length=64)
    shown_sealed = models.BinaryField()
    # How: a second factor of the policy, or `secret` where there is none.
    method = models.CharField(max_length=8)
    created_at = models.DateTimeField()
    # Of the code while it is awaited; of the confirmation once it is given.
    expires_at = models.DateTimeField()
    code_digest = models.CharField(max_length=64, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "act"], name="confirmation_of_an_act")]

    def is_awaited(self, *, now: datetime) -> bool:
        return self.confirmed_at is None and now < self.expires_at

    def bound(self, code: str) -> str:
        """A code says for which row and which act it was made."""
        return f"{self.pk}:{self.act}:{code}"

    def code_is_right(self, code: str) -> bool:
        return bool(self.code_digest) and keyring().matches(
            self.bound(code), self.code_digest, purpose="step-up-code"
        )


class TermsAnswer(AppendOnly):
    """What a person answered to a version of the terms of use. The latest counts; nothing is ever taken back."""

    # Not a foreign key: the row outlives the account.
    who = models.UUIDField()
    version = models.CharField(max_length=40)
    # SHA-256 of the text in both languages, as it was shown.
    digest = models.CharField(max_length=64)
    language = models.CharField(max_length=2)
    accepted = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["who", "version", "-at"], name="terms_answer_of_somebody")]
