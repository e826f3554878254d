"""The loans of the demo have the history that they would have had: their clients were told as the days came."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone

from tenant_apps.demo.loans import load_loans
from tenant_apps.messaging.models import Message
from tenant_apps.pawn.models import Contract, Notice
from tenant_apps.pawn.remind import remind
from tenants.models import Caisse
from tests.pawn.loans.lending import apply_grid

OBJECTS = """
[ring]
category = "ring"
description = "Bague en or"
appraisal = "3000.00"
"""
LOANS = """
kept_at = "Alpha"
clients = []

[[loans]]
key = "soon"
client = "C-1"
lent = "700"
months = 6
due_in = 5
objects = ["ring"]

[[loans]]
key = "grace"
client = "C-1"
lent = "800"
months = 6
due_in = -20
objects = ["ring"]

[[loans]]
key = "announced"
client = "C-1"
lent = "900"
months = 6
due_in = -120
objects = ["ring"]
steps = [{ day = -5, act = "announce", sale_in = 12 }]
"""


@pytest.fixture
def loans(in_alpha: Caisse, settings: LazySettings, tmp_path: Path) -> datetime:
    apply_grid()
    (tmp_path / "loans").mkdir()
    (tmp_path / "loans" / "objects.toml").write_text(OBJECTS, encoding="utf-8")
    (tmp_path / "loans" / "alpha.toml").write_text(LOANS, encoding="utf-8")
    settings.FIXTURES = tmp_path
    now = timezone.make_aware(datetime.combine(timezone.localdate(), time(12)))
    assert load_loans(schema="alpha", now=now) == 3
    return now


def told(lent: int) -> list[tuple[str, int]]:
    """What, and how many days after the term."""
    found = Notice.objects.filter(contract__amount_lent=lent).select_related("contract").order_by("id")
    return [(each.kind, (timezone.localdate(each.at) - each.contract.due_on).days) for each in found]


def test_its_clients_were_told_as_each_day_came_and_nothing_leaves_for_it_now(loans: datetime) -> None:
    before = [("due_soon", -30), ("due_soon", -7)]
    assert told(700) == before
    assert told(800) == [*before, ("due", 0), ("in_grace", 16)]
    *others, sale = told(900)
    announced_on = Contract.objects.get(amount_lent=900).announced_on
    assert (others, sale[0]) == ([*before, ("due", 0), ("in_grace", 16)], "sale")
    assert timezone.localdate(Notice.objects.get(kind="sale").at) == announced_on
    assert not Message.objects.filter(kind__startswith="pawn_").exists()
    mine = Contract.objects.filter(tariff__isnull=False)
    assert remind(now=loans + timedelta(minutes=15)) == 0
    assert set(mine.values_list("state", flat=True)) == {"running", "in_grace", "for_sale"}


def test_a_second_run_tells_nothing_again(loans: datetime) -> None:
    before = Notice.objects.count()
    assert load_loans(schema="alpha", now=loans) == 0
    assert Notice.objects.count() == before
