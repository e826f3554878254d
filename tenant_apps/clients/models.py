"""The client's file."""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

# What the counter searches by; the indexes below are made of the very same expressions.
NAME_WORDS = SearchVector("folded_name", config="simple")
BARE_NUMBER = Upper(
    Func(F("number"), Value("[^0-9A-Za-z]+"), Value(""), Value("g"), function="regexp_replace"),
    output_field=models.CharField(),
)


class Client(models.Model):
    """A person known to the caisse."""

    class Title(models.TextChoices):
        MADAM = "madam", _("Mme")
        SIR = "sir", _("M.")
        NONE = "none", ""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=20)
    title = models.CharField(max_length=8, choices=Title.choices, default=Title.NONE)
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    # Small letters without accents, for sorting and searching: the database may have no ICU.
    folded_name = models.CharField(max_length=170)
    birth_date = models.DateField(null=True)
    email = models.EmailField(blank=True)
    # E.164, for instance +33639981234.
    mobile = models.CharField(max_length=16, blank=True)
    # Up to four lines as on an envelope, without postcode and town (NF Z 10-011: 38 characters each).
    postal_lines = models.CharField(max_length=160, blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    town = models.CharField(max_length=60, blank=True)
    # Empty: France.
    country = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=2, default="fr")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number"], name="one_client_a_number")]
        # For sorting, and for finding by the first letters, which needs this class of operators in most collations.
        indexes = [
            models.Index(fields=["folded_name"], name="client_folded", opclasses=["varchar_pattern_ops"]),
            # PostgreSQL's own text search, which needs no extension, finds the beginnings of words in any order.
            GinIndex(NAME_WORDS, name="client_name_words"),
            models.Index(BARE_NUMBER, name="client_bare_number"),
        ]

    @property
    def greeting_name(self) -> str:
        """How a letter or a screen speaks to the person: title and last name, or both names."""
        title = self.get_title_display()
        return f"{title} {self.last_name}" if title else f"{self.first_name} {self.last_name}"

    @property
    def full_name(self) -> str:
        """As on an envelope."""
        return " ".join(part for part in (self.get_title_display(), self.first_name, self.last_name) if part)

    @property
    def postal_address(self) -> list[str]:
        """The lines under the name; none when no address is on file."""
        lines = [*self.postal_lines.splitlines(), f"{self.postcode} {self.town}".strip(), self.country]
        return [line for line in lines if line]
