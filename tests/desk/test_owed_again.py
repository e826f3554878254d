"""A bank has taken back what a contract was paid with: the debt is put back as long as the caisse holds the object."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.pawn.domain.possible import WhyNot
from tenant_apps.pawn.links import KIND
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.services.errors import NotPossibleError
from tenant_apps.pawn.services.fetch_object import disputes_of_contract
from tenant_apps.pawn.services.take_back import take_back
from tenant_apps.payments.domain.outcomes import Dispute, Event, Outcome, Said
from tenant_apps.payments.models import Payment
from tenant_apps.payments.services.quoting import Wanted, open_basket
from tenant_apps.payments.services.start_payment import start_payment
from tenant_apps.payments.services.take_event import take_event
from tenants.models import Caisse
from tests.desk.counter import posted, sent, words
from tests.desk.test_contracts import form_of, send
from tests.desk.test_papers import plain
from tests.desk.test_taken_back import AGREED, KEEP, WHO, bank, page, payment, the_bank
from tests.pawn.loans.lending import asked, fresh, lend, pay_down, redeem
from tests.pawn.pledges import enter
from tests.payments.paying import PROVIDER, pay
from tests.world import ANNE

__all__ = ["bank", "payment"]

LOST = ("disputed", "dispute_lost")
HELD = "/agence/paiements/gardes/"


def done_by(alpha: Caisse, payment: Payment) -> Operation:
    with tenant_context(alpha):
        return Operation.objects.select_related("contract").get(payment=payment.uuid)


def act(done: Operation) -> str:
    return f"/agence/contrats/{done.contract.uuid}/encaissements/{done.uuid}/annuler/"


def put_back(desk: Browser, done: Operation) -> Any:
    checked = send(desk, act(done), reason="taken_by_bank", note="")
    return posted(desk, act(done), {**form_of(checked), "confirm": "1"})


def test_a_debt_whose_payment_was_lost_is_put_back_from_the_list_of_disputes(
    alpha: Caisse, desk: Browser, payment: Payment, browser_at: Callable[[str], Browser]
) -> None:
    done = done_by(alpha, payment)
    the_bank(alpha, payment, *LOST)
    assert act(done) in desk.get(HELD).content.decode()
    assert "Remettre la dette" in words(desk.get(page(alpha)))
    checked = send(desk, act(done), reason="taken_by_bank", note="")
    said = words(checked)
    assert "En cours" in said
    assert "sortent de la caisse" not in said
    answer = posted(desk, act(done), {**form_of(checked), "confirm": "1"})
    assert answer.headers["Location"].endswith("?fait=dette-remise")
    with tenant_context(alpha):
        contract = Contract.objects.get(pk=done.contract_id)
        assert (contract.state, contract.capital) == ("running", Money.of(1000))
        taken = Operation.objects.get(kind="taken_back")
        assert (taken.amount, taken.means, taken.receipt) == (-done.amount, "", "")
        # The payment stays what it was: paid, then lost.
        found = Payment.objects.get(pk=payment.pk)
        assert (found.state, found.dispute) == ("applied", "lost")
        assert found.lines.get().state == "applied"
        # What is owed again holds nothing back once it was paid otherwise.
        assert disputes_of_contract(contract=contract) == []
    assert "Dette remise sur le contrat" in words(desk.get(HELD))
    shown = words(desk.get(answer.headers["Location"]))
    assert "<strong>Dette remise</strong>" in shown
    assert "payé par carte, en ligne" in shown
    assert "La banque du client a repris la somme" in shown
    assert KEEP not in shown
    (mail,) = sent(alpha, "pawn_taken_back")
    assert "La banque de la carte a repris" in mail["text"]
    hers = words(enter(browser_at(ANNE.host), alpha).get(f"/contrats/{done.contract.uuid}/"))
    assert "Paiement repris par la banque" in hers
    assert "Tout est remboursé (annulé)" in hers
    assert "Vous avez tout remboursé" not in hers


def test_the_till_never_had_it_and_the_accountant_reads_that_it_left_by_card(
    alpha: Caisse, desk: Browser, payment: Payment
) -> None:
    the_bank(alpha, payment, *LOST)
    done = done_by(alpha, payment)
    put_back(desk, done)
    assert "Moyen non noté" not in plain(desk.get("/agence/journee/"))
    today = timezone.localdate().isoformat()
    answer: Any = posted(desk, "/agence/journee/", {"day": today})
    rows = [each.split(";") for each in b"".join(answer.streaming_content).decode().splitlines()]
    (row,) = [each for each in rows if each[3] == "Dette remise"]
    assert row[4:7] == ["par carte, en ligne", f"-{done.amount}".replace(".", ","), ""]


@pytest.mark.parametrize("said", [(), ("disputed",), ("disputed", "dispute_won")])
def test_what_the_caisse_has_is_not_owed_again(
    alpha: Caisse, desk: Browser, payment: Payment, said: tuple[str, ...]
) -> None:
    the_bank(alpha, payment, *said)
    done = done_by(alpha, payment)
    assert "la dette ne se remet que si la banque du client a repris la somme" in words(desk.get(act(done)))
    assert act(done) not in desk.get(HELD).content.decode()
    put_back(desk, done)
    with tenant_context(alpha):
        assert not Operation.objects.filter(kind="taken_back").exists()


def test_what_was_handed_over_is_claimed_otherwise(alpha: Caisse, desk: Browser, payment: Payment) -> None:
    the_bank(alpha, payment, *LOST)
    assert AGREED in words(desk.get(page(alpha, "remise/")))
    assert send(desk, page(alpha, "remise/"), **WHO, agreed="on").status_code == 302
    assert "La somme se réclame autrement" in words(desk.get(act(done_by(alpha, payment))))


def test_what_a_bank_has_back_is_owed_again_months_later_and_then_is_late(
    alpha: Caisse, desk: Browser, payment: Payment
) -> None:
    the_bank(alpha, payment, *LOST)
    done = done_by(alpha, payment)
    later = timezone.localdate() + timedelta(days=200)
    with tenant_context(alpha):
        take_back(contract=done.contract, paid=done.uuid, reason="taken_by_bank", **asked(later))
        contract = fresh(done.contract)
        assert contract.state == "in_grace"
        redeem(contract, later)
        assert fresh(contract).state == "redeemed"


def lost_basket(alpha: Caisse, *, disputed: str = "") -> list[Operation]:
    """Two contracts paid with one card, of which the bank has all back, or so much."""
    now = timezone.now()
    with tenant_context(alpha):
        contracts = [lend(on=timezone.localdate(now) - timedelta(days=60)) for _ in range(2)]
        wanted = [Wanted(kind=KIND, reference=each.uuid, act="redeem") for each in contracts]
        quote = open_basket(client=contracts[0].client, wanted=wanted, now=now)
        started = start_payment(client=contracts[0].client, quote=quote, form=uuid4(), now=now)
        payment = Payment.objects.get(uuid=started.payment)
        pay(payment, now=now, capture="c-2")
        amount = Money.of(disputed) if disputed else payment.total
        dispute = Dispute(capture="c-2", amount=amount, how="dispute_lost")
        event = Event(id="e-2", outcome=Outcome(said=Said.OPEN, at=now), dispute=dispute)
        assert take_event(provider=PROVIDER, event=event, now=now)
        found = Operation.objects.filter(payment=payment.uuid).select_related("contract")
        return list(found.order_by("id"))


def owe(done: Operation) -> None:
    day = timezone.localdate()
    take_back(contract=done.contract, paid=done.uuid, reason="taken_by_bank", **asked(day))


def test_each_contract_of_a_lost_basket_is_owed_again_on_its_own(alpha: Caisse, desk: Browser) -> None:
    first, second = lost_basket(alpha)
    shown = desk.get(HELD).content.decode()
    assert act(first) in shown
    assert act(second) in shown
    with tenant_context(alpha):
        owe(first)
        owe(second)
        assert Operation.objects.filter(kind="taken_back").count() == 2


def test_what_a_bank_has_back_in_part_is_owed_again_no_further_than_it_goes(alpha: Caisse) -> None:
    """Two of about 1 026 €: what is left of 1 500 € once the first is owed again is no whole payment."""
    first, second = lost_basket(alpha, disputed="1500.00")
    with tenant_context(alpha):
        owe(first)
        with pytest.raises(NotPossibleError) as refused:
            owe(second)
    assert refused.value.why is WhyNot.LOST_IN_PART


def test_a_caisse_that_wins_after_all_reads_what_to_do_with_the_sum(
    alpha: Caisse, desk: Browser, payment: Payment
) -> None:
    the_bank(alpha, payment, *LOST)
    put_back(desk, done_by(alpha, payment))
    the_bank(alpha, payment, "dispute_won")
    assert "La caisse a gagné ensuite : cette somme est à rendre au client" in words(desk.get(HELD))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (("disputed",), "La banque de la carte redemande un paiement de ce contrat."),
        (LOST, "La banque de la carte a repris un paiement de ce contrat."),
    ],
)
def test_while_a_bank_takes_a_payment_back_the_client_does_not_read_that_all_is_repaid(
    alpha: Caisse, payment: Payment, browser_at: Callable[[str], Browser], said: tuple[str, ...], shown: str
) -> None:
    anne = enter(browser_at(ANNE.host), alpha)
    address = f"/contrats/{done_by(alpha, payment).contract.uuid}/"
    calm = words(anne.get(address))
    assert "Vous avez tout remboursé" in calm
    assert "Objet à reprendre" in calm
    the_bank(alpha, payment, *said)
    hers = words(anne.get(address))
    assert shown in hers
    assert "Vous avez tout remboursé" not in hers
    assert "Paiement contesté" in hers
    assert "Rien à payer pour l’instant" in hers
    assert "Prendre rendez-vous" not in hers
    for each in ("/contrats/", "/"):
        listed = words(anne.get(each))
        assert "venez reprendre" not in listed
        assert "La banque de la carte reprend un paiement d’un contrat" in listed


def test_a_part_paid_by_card_is_owed_again_unless_something_followed(alpha: Caisse) -> None:
    now = timezone.now()
    with tenant_context(alpha):
        contract = lend(on=timezone.localdate(now) - timedelta(days=60))
        wanted = [Wanted(kind=KIND, reference=contract.uuid, act="part", amount=Money.of(300))]
        quote = open_basket(client=contract.client, wanted=wanted, now=now)
        started = start_payment(client=contract.client, quote=quote, form=uuid4(), now=now)
        payment = Payment.objects.get(uuid=started.payment)
        pay(payment, now=now, capture="c-1")
    the_bank(alpha, payment, *LOST)
    with tenant_context(alpha):
        done = Operation.objects.select_related("contract").get(payment=payment.uuid)
        after = pay_down(contract, timezone.localdate(), "100.00", now=timezone.now())
        with pytest.raises(NotPossibleError) as refused:
            owe(done)
        assert refused.value.why is WhyNot.FOLLOWED
        take_back(
            contract=contract,
            paid=after.operation.uuid,
            reason="wrong_sum",
            **asked(timezone.localdate(), now=timezone.now()),
        )
        owe(done)
        assert fresh(contract).capital == Money.of(1000)


@pytest.mark.parametrize("act_paid", ["part", "redeem"])
def test_a_card_that_is_charged_while_a_payment_is_taken_back_serves_or_is_held(
    alpha: Caisse, act_paid: str
) -> None:
    """A part is taken as it comes; what redeemed the smaller debt does not redeem the whole one."""
    now, today = timezone.now(), timezone.localdate()
    with tenant_context(alpha):
        contract = lend(on=today - timedelta(days=60))
        mistake = pay_down(contract, today, "300.00", now=now)
        amount = Money.of(200) if act_paid == "part" else None
        wanted = [Wanted(kind=KIND, reference=contract.uuid, act=act_paid, amount=amount)]
        quote = open_basket(client=contract.client, wanted=wanted, now=now)
        started = start_payment(client=contract.client, quote=quote, form=uuid4(), now=now)
        take_back(contract=contract, paid=mistake.operation.uuid, reason="wrong_sum", **asked(today, now=now))
        payment = Payment.objects.get(uuid=started.payment)
        pay(payment, now=now, capture="c-1")
        line = payment.lines.get()
    if act_paid == "part":
        assert line.state == "applied"
    else:
        assert line.state in ("held", "refunding")
        assert line.reason == "wrong_amount"
        with tenant_context(alpha):
            assert fresh(contract).state == "running"
