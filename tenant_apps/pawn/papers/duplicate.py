"""What marks a paper that was printed before. In French: see contract_words."""

from datetime import datetime

from django.utils import timezone

from guichet.kernel.formatting import date_long


def marked(*, now: datetime, first: datetime) -> str:
    """A receipt of objects."""
    return f"{printed_again(now=now, first=first)} : lui seul permet de reprendre les objets."


def printed_again(*, now: datetime, first: datetime) -> str:
    day, before = (date_long(timezone.localdate(each), "fr") for each in (now, first))
    return f"DUPLICATA imprimé le {day}. L’original a été remis le {before}"
