"""The rows in `public`: who the caisses are, on which hosts, what each reports, and the script that makes a new one."""

import uuid
from typing import Any

from django.db import models
from django.utils import timezone
from django_tenants.models import DomainMixin, TenantMixin


class RowsAreTheMigratorsError(RuntimeError):
    """A caisse's row was saved through the web's own login, which may not."""


class Kind(models.TextChoices):
    """Chooses the URL tree."""

    FRONT = "front"
    GIE = "gie"
    CAISSE = "caisse"


class State(models.TextChoices):
    ACTIVE = "active"
    SUSPENDED = "suspended"


class Caisse(TenantMixin):
    """One tenant: a portal of a caisse, the GIE, or the front door (whose schema is `public`)."""

    auto_create_schema = False
    clone_mode = "NODATA"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120)
    town = models.CharField(max_length=80)
    # Town and name in small letters without accents, for sorting and searching: the database may have no ICU.
    folded_name = models.CharField(max_length=210)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.ACTIVE)
    listed = models.BooleanField(default=True)
    # Its colour on the front door, which reads no policy of a caisse; empty: the front door's own.
    accent = models.CharField(max_length=7, db_default="", default="")
    # 0: no policy is published yet, and the caisse does not answer.
    policy_version = models.PositiveIntegerField(default=0)
    # `public` has no table of policies: the front door's document stands here.
    front_document = models.JSONField(null=True)
    # For the day of several clusters: which one holds the schema.
    placement = models.CharField(max_length=40, default="main")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(kind__in=["front", "gie"]),
                name="one_front_door_and_one_gie",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="front", schema_name="public")
                | (~models.Q(kind="front") & ~models.Q(schema_name="public")),
                name="the_front_door_is_public",
            ),
            models.CheckConstraint(
                condition=models.Q(accent="") | models.Q(accent__regex=r"^#[0-9a-f]{6}$"),
                name="the_accent_is_a_colour",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise RowsAreTheMigratorsError("rows of caisses are written by tenants.provisioning")


class Domain(DomainMixin):
    """A host name, in its normal form (small letters, IDNA, no final dot), and the caisse it leads to."""


class CaisseReport(models.Model):
    """What a caisse last said of itself to the GIE, through `guichet_caisse_report`: counts and moments, no person.

    The GIE's role reads it; nobody else's does, and none writes it.
    """

    caisse = models.OneToOneField(Caisse, primary_key=True, on_delete=models.CASCADE, related_name="report")
    as_of = models.DateTimeField()
    # How long the job waited for a worker; None when no worker was waited for.
    lag_seconds = models.PositiveIntegerField(null=True)
    errors = models.PositiveIntegerField()
    warnings = models.PositiveIntegerField()
    # What its policy says, in the words of the policy.
    facts = models.JSONField()
    figures = models.JSONField()
    findings = models.JSONField()
    # Of its policy, the newest first.
    versions = models.JSONField()


class Blueprint(models.Model):
    """The script that makes a caisse's schema, dumped once for each set of migrations."""

    # The schema that was dumped; an unguessable name, so that replacing it in the script touches nothing else.
    schema_name = models.CharField(max_length=39, unique=True)
    # The migrations that the code has, and what the schema's table of migrations says.
    code_digest = models.CharField(max_length=64)
    state = models.CharField(max_length=32)
    script = models.TextField()
    made_at = models.DateTimeField(default=timezone.now)
