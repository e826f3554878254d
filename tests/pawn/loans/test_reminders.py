"""What the clock tells of a loan: each thing once, by a way that reaches the client, by day."""

import json
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.kernel.formatting import euros
from guichet.kernel.money import Money
from guichet.tenancy.signing import keyring
from tenant_apps.clients.models import Client
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.rendering import PURPOSE
from tenant_apps.pawn.history import history
from tenant_apps.pawn.loans import debt_of
from tenant_apps.pawn.models import Contract, Notice
from tenant_apps.pawn.remind import remind
from tenant_apps.pawn.selectors import contract_of_caisse
from tenant_apps.pawn.services.keep_dates import keep_dates
from tenant_apps.pawn.services.record_sale import owed_at_sale
from tenant_apps.pawn.services.withdraw_from_sale import withdraw_from_sale
from tenants.models import Caisse
from tests.identity.steps import publish
from tests.pawn.loans.lending import TERM, announce, apply_grid, asked, fresh, lend, prolong, redeem, sell
from tests.pawn.pledges import pledge

GRACE = timedelta(days=16)


def at(day: date, hour: int = 11) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def told(day: date, hour: int = 11) -> int:
    now = at(day, hour)
    keep_dates(on=day, now=now, limit=100)
    return remind(now=now)


def notices(contract: Contract) -> list[tuple[str, str]]:
    found = Notice.objects.filter(contract=contract).order_by("id")
    return list(found.values_list("kind", "channel"))


def test_the_term_is_recalled_by_the_cadence_of_the_policy_and_each_time_once(contract: Contract) -> None:
    sent = {}
    for before in range(40, -2, -1):
        day = TERM - timedelta(days=before)
        if count := told(day):
            sent[before] = count
        assert told(day) == 0
    assert sent == {30: 1, 7: 1, 0: 1}
    assert notices(contract) == [("due_soon", "mail"), ("due_soon", "mail"), ("due", "mail")]


def test_who_was_out_of_reach_for_weeks_is_told_the_latest_alone(contract: Contract) -> None:
    assert told(TERM - timedelta(days=3)) == 1
    assert told(TERM - timedelta(days=2)) == 0


def test_nothing_is_told_at_night(contract: Contract) -> None:
    assert told(TERM, hour=3) == 0
    assert told(TERM, hour=22) == 0
    assert told(TERM, hour=9) == 1


def test_grace_and_a_sale_are_told_with_what_they_cost(contract: Contract) -> None:
    assert told(TERM) == 1
    assert told(TERM + GRACE) == 1
    announced = TERM + timedelta(days=100)
    announce(contract, announced, announced + timedelta(days=20))
    assert told(announced) == 1
    assert told(announced + timedelta(days=1)) == 0
    assert [kind for kind, _ in notices(contract)] == ["due", "in_grace", "sale"]
    kinds = list(Message.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["pawn_due", "pawn_in_grace", "pawn_sale"]


def test_who_prolonged_is_told_of_the_new_term_and_who_redeemed_of_nothing(lends: Caisse) -> None:
    first, second = lend(), lend(500)
    day = TERM - timedelta(days=10)
    assert told(day) == 2
    prolong(first, day)
    redeem(second, day)
    assert told(TERM) == 0
    assert told(date(2026, 12, 20)) == 1
    assert len(notices(second)) == 1


def test_a_boni_is_told_at_the_sale_by_letter_after_three_months_and_before_it_lapses(
    contract: Contract,
) -> None:
    day = TERM + timedelta(days=100)
    sold = day + timedelta(days=20)
    announce(contract, day, sold)
    sell(contract, sold, 2000)
    assert told(sold) == 0
    assert told(sold + timedelta(days=1)) == 1
    written = fresh(contract).sale.notice_on
    assert written is not None
    assert told(written - timedelta(days=1)) == 0
    assert told(written) == 1
    assert told(written + timedelta(days=1)) == 0
    lapses = fresh(contract).sale.lapses_on
    assert told(lapses - timedelta(days=91)) == 0
    assert told(lapses - timedelta(days=90)) == 1
    assert told(lapses) == 0
    assert notices(contract) == [("sold", "mail"), ("boni", "letter"), ("lapsing", "mail")]
    # The letter costs what the tariff says, once, and is deducted from the boni (CMF D514-21).
    assert contract.charges.filter(act="boni_notice").count() == 1


def test_a_small_boni_has_no_letter_and_a_sale_without_boni_is_told_once(lends: Caisse) -> None:
    small, none = lend(), lend(900)
    day = TERM + timedelta(days=100)
    sold = day + timedelta(days=20)
    for contract, above in ((small, 10), (none, -100)):
        announce(contract, day, sold)
        owed = owed_at_sale(contract=fresh(contract), on=sold)
        sell(contract, sold, int(owed.total.euros) + above)
    assert told(sold + timedelta(days=1)) == 2
    assert told(sold + timedelta(days=200)) == 0
    assert notices(none) == [("sold", "mail")]
    assert notices(small) == [("sold", "mail")]


NOWHERE = {"email": "", "mobile": "", "postal_lines": "", "postcode": "", "town": "", "country": ""}
AT_HOME = {**NOWHERE, "postal_lines": "1 rue des Essais", "postcode": "99001", "town": "Ville-Essai"}


def reached(**file: str) -> None:
    Client.objects.filter(number="C-1").update(**file)


@pytest.mark.parametrize(
    ("file", "channel"),
    [({**NOWHERE, "mobile": "+33639980001"}, "sms"), (AT_HOME, "letter"), (NOWHERE, "")],
    ids=["a mobile", "an address alone", "nothing"],
)
def test_who_has_no_mail_is_told_by_sms_else_by_letter(
    contract: Contract, file: dict[str, str], channel: str
) -> None:
    reached(**file)
    assert told(TERM) == (1 if channel else 0)
    assert [each for _, each in notices(contract)] == ([channel] if channel else [])


def test_who_has_an_address_alone_is_written_to_of_term_grace_sale_and_its_withdrawal(
    contract: Contract,
) -> None:
    """And not a month before the term, unless the policy wants it; the sum that a letter names holds what it costs."""
    reached(**AT_HOME)
    assert told(TERM - timedelta(days=7)) == 0
    assert told(TERM) == 1
    assert told(TERM + GRACE) == 1
    announced = TERM + timedelta(days=100)
    announce(contract, announced, announced + timedelta(days=20))
    assert told(announced) == 1
    owed = debt_of(contract=contract_of_caisse(uuid=contract.uuid), on=announced)
    assert owed is not None
    assert euros(owed.total, "fr").replace("\u202f", " ").replace("\xa0", " ") in letter_of("pawn_sale")
    withdraw_from_sale(contract=fresh(contract), charged=False, **asked(announced + timedelta(days=1)))
    assert notices(contract) == [
        ("due", "letter"),
        ("in_grace", "letter"),
        ("sale", "letter"),
        ("withdrawn", "letter"),
    ]
    charged = list(contract.charges.order_by("id").values_list("act", flat=True))
    assert charged == ["due_notice", "due_notice", "sale_notice"]


def test_a_letter_may_leave_before_the_term_and_come_first(alpha: Caisse, beta: Caisse) -> None:
    publish(alpha, {"pawn": {"remind_by": ["letter", "mail"], "letters_for": ["due_soon", "due", "sale"]}})
    with tenant_context(alpha):
        apply_grid()
        reached(**{**AT_HOME, "email": "anne@example.org"})
        contract = lend()
        for day in (TERM - timedelta(days=7), TERM, TERM + GRACE):
            assert told(day) == 1
        assert notices(contract) == [("due_soon", "letter"), ("due", "letter"), ("in_grace", "mail")]


@pytest.mark.parametrize(
    ("pawn", "before", "expected"),
    [
        ({"remind_by": ["sms"], "remind_before": ["3 jours"]}, 3, ("due_soon", "sms", 0)),
        ({"notices_charged": "letters"}, 0, ("due", "mail", 0)),
        ({"notices_charged": "all"}, 0, ("due", "mail", 1)),
    ],
)
def test_the_policy_says_by_what_how_long_before_and_what_is_charged(
    alpha: Caisse, beta: Caisse, pawn: dict[str, Any], before: int, expected: tuple[str, str, int]
) -> None:
    publish(alpha, {"pawn": pawn})
    with tenant_context(alpha):
        apply_grid()
        contract = lend()
        if before:
            assert told(TERM - timedelta(days=7)) == 0
        assert told(TERM - timedelta(days=before)) == 1
        kind, channel, charged = expected
        assert notices(contract) == [(kind, channel)]
        assert contract.charges.filter(act="due_notice").count() == charged


def test_a_mirrored_contract_is_told_of_by_the_system_that_keeps_it(lends: Caisse) -> None:
    pledge(lends, "theirs", due_in=0)
    with tenant_context(lends):
        assert told(timezone.localdate()) == 0


def test_what_was_told_stands_in_the_history(contract: Contract) -> None:
    told(TERM)
    found = history(contract=contract_of_caisse(uuid=contract.uuid))
    assert [each.title for each in found] == ["Avis d’échéance", "Prêt accordé"]
    assert found[0].note == "envoyé par e-mail"
    assert found[-1].amount == Money.of(1000)


def mail_of(kind: str) -> str:
    """The words of the latest one."""
    message = Message.objects.filter(kind=kind).latest("id")
    said: str = json.loads(keyring().open(message.sealed, purpose=PURPOSE))["text"]
    return said.replace("\u202f", " ").replace("\xa0", " ")


def letter_of(kind: str) -> str:
    message = Message.objects.filter(kind=kind, channel="letter").latest("id")
    said: str = json.loads(keyring().open(message.sealed, purpose=PURPOSE))["letter"]["body"]
    return said.replace("\u202f", " ").replace("\xa0", " ")


def test_a_term_that_is_told_late_was_and_is_not(contract: Contract) -> None:
    told(TERM)
    assert "est le 15 juillet 2026" in mail_of("pawn_due")
    other = lend()
    told(TERM + timedelta(days=2))
    assert Notice.objects.filter(contract=other, kind="due").exists()
    assert "était le 15 juillet 2026" in mail_of("pawn_due")


def test_who_was_told_of_a_sale_is_told_of_its_withdrawal_and_of_its_new_day(contract: Contract) -> None:
    late = TERM + timedelta(days=91)
    announce(contract, late, late + timedelta(days=15))
    told(late)
    withdraw_from_sale(contract=fresh(contract), charged=False, **asked(late + timedelta(days=1)))
    assert "n’est plus à la vente du 29 octobre 2026" in mail_of("pawn_withdrawn")
    announce(fresh(contract), late + timedelta(days=1), late + timedelta(days=20))
    told(late + timedelta(days=1))
    assert "3 novembre 2026, au lieu du 29 octobre 2026" in mail_of("pawn_sale")
    assert [kind for kind, _ in notices(contract)][-3:] == ["sale", "withdrawn", "sale"]


def test_a_withdrawal_is_not_told_to_who_knew_of_no_sale(contract: Contract) -> None:
    late = TERM + timedelta(days=91)
    announce(contract, late, late + timedelta(days=15))
    withdraw_from_sale(contract=fresh(contract), charged=False, **asked(late))
    assert not Message.objects.filter(kind="pawn_withdrawn").exists()
