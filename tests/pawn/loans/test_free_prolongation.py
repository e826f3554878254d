"""A small loan bears no interest: it is prolonged on line for nothing, once, within the law, and in writing."""

import uuid
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.kernel.money import ZERO
from tenant_apps.clients.models import Client
from tenant_apps.documents.models import Document
from tenant_apps.documents.selectors import content_of
from tenant_apps.journal.models import Event
from tenant_apps.messaging.models import Message
from tenant_apps.pawn.domain.possible import WhyNot
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.papers import keep_prolonged
from tenant_apps.pawn.papers.unmade_papers import make_unmade_papers
from tenant_apps.pawn.services.errors import NotPossibleError, OperationReusedError
from tenant_apps.pawn.services.prolong_for_free import TermChangedError, prolong_for_free
from tenant_apps.payments.models import Payment
from tenants.models import Caisse
from tests.clock import Clock
from tests.desk.counter import sent
from tests.desk.test_papers import text_of
from tests.identity.steps import hidden, publish
from tests.pawn.loans.lending import TERM, announce, fresh, lend, noon, redeem
from tests.pawn.loans.lending import prolong as paid_prolongation
from tests.pawn.pledges import neighbour, words

DAY, LATER, LAST = date(2026, 6, 1), date(2027, 1, 15), date(2028, 1, 15)


@pytest.fixture
def small(lends: Caisse, clock: Clock) -> Contract:
    """100 €, which the grid of Nantes lends for nothing."""
    clock.set_to(noon(DAY))
    return lend(100)


def prolong(contract: Contract, until: date = LATER, **otherwise: Any) -> Any:
    asked: dict[str, Any] = {"months": 6, "form": uuid.uuid4(), "on": DAY, "now": noon(DAY), **otherwise}
    return prolong_for_free(contract=contract, until=until, **asked)


def term(caisse: Caisse, contract: Contract) -> date:
    """After a request, which leaves no caisse set."""
    with tenant_context(caisse):
        return fresh(contract).due_on


def address(contract: Contract, months: int = 6) -> str:
    return f"/contrats/{contract.uuid}/prolonger/{months}/"


def confirmed(browser: Browser, contract: Contract) -> dict[str, str]:
    page = browser.get(address(contract))
    return {"form": hidden(page, "form"), "until": hidden(page, "until")}


def test_it_moves_the_term_for_nothing_stands_in_the_journal_and_is_told_in_writing(
    small: Contract, lends: Caisse
) -> None:
    done = prolong(small)
    assert (fresh(small).due_on, fresh(small).capital) == (LATER, small.amount_lent)
    assert (done.operation.source, done.operation.amount, done.operation.payment) == ("client", ZERO, None)
    assert Event.objects.get(kind="pawn.prolonged").details["operation"] == str(done.operation.uuid)
    (mail,) = sent(lends, "pawn_prolonged")
    for text in ("15 janvier 2027", small.number, "sans rien payer ce jour-là"):
        assert text in mail["text"].replace("\xa0", " ")


def test_the_same_form_prolongs_once_and_tells_once(small: Contract) -> None:
    form = uuid.uuid4()
    first = prolong(small, form=form)
    again = prolong(small, form=form)
    assert (again.replayed, again.operation.pk) == (True, first.operation.pk)
    assert Message.objects.filter(kind="pawn_prolonged").count() == 1
    with pytest.raises(OperationReusedError):
        prolong(small, form=form, months=12)


def test_what_was_prolonged_meanwhile_is_not_prolonged_further_than_was_shown(small: Contract) -> None:
    prolong(small)
    with pytest.raises(TermChangedError):
        prolong(small)
    assert fresh(small).due_on == LATER
    assert Operation.objects.filter(contract=small, kind="prolonged").count() == 1
    assert Message.objects.filter(kind="pawn_prolonged").count() == 1


def test_never_beyond_two_years_nor_once_it_has_ended_or_its_sale_is_announced(small: Contract) -> None:
    for until in (LATER, date(2027, 7, 15), LAST):
        prolong(small, until)
    with pytest.raises(NotPossibleError) as refused:
        prolong(small, date(2028, 7, 15))
    assert refused.value.why is WhyNot.AT_THE_END
    redeemed, announced = lend(100), lend(100)
    redeem(redeemed, DAY)
    announce(announced, date(2026, 11, 1), date(2026, 12, 1))
    for contract, on, why in (
        (redeemed, DAY, WhyNot.REDEEMED),
        (announced, date(2026, 11, 2), WhyNot.ANNOUNCED),
    ):
        with pytest.raises(NotPossibleError) as refused:
            prolong(contract, on=on, now=noon(on))
        assert refused.value.why is why


def test_what_costs_something_is_never_given(contract: Contract) -> None:
    with pytest.raises(NotPossibleError) as refused:
        prolong(contract)
    assert (refused.value.why, str(refused.value.due)) == (WhyNot.WRONG_AMOUNT, "51.00")
    assert fresh(contract).due_on == TERM


def test_the_database_knows_nothing_that_a_client_does_alone_for_money(small: Contract) -> None:
    row = prolong(small).operation
    row.pk, row.uuid, row.amount, row._state.adding = None, uuid.uuid4(), small.amount_lent, True
    with pytest.raises(IntegrityError, match="somebody_did_it"), transaction.atomic():
        row.save(force_insert=True)


def test_the_client_checks_confirms_and_sees_the_new_term_without_any_card(
    small: Contract, lends: Caisse, anne_in: Browser
) -> None:
    page = words(anne_in.get(f"/contrats/{small.uuid}/"))
    assert "Gratuit" in page
    chosen = anne_in.post(f"/contrats/{small.uuid}/payer/", {"act": "prolong:6"})
    assert chosen.headers["Location"] == address(small)
    page = words(anne_in.get(address(small)))
    for text in ("15 janvier 2027", "0,00 €", "Un crédit vous engage", "le capital reste dû", "24 mois"):
        assert text in page
    assert "les intérêts courent" not in page
    told = confirmed(anne_in, small)
    done = f"/contrats/{small.uuid}/?fait=prolonge"
    for _ in range(2):
        assert anne_in.post(address(small), told).headers["Location"] == done
    page = words(anne_in.get(done))
    assert "l’échéance de votre contrat est maintenant le 15 janvier 2027" in page
    assert "En ligne, sans rien payer." in page
    with tenant_context(lends):
        assert not Payment.objects.exists()
        assert Operation.objects.filter(contract=small, kind="prolonged").count() == 1


@pytest.mark.parametrize(
    "spoilt", [{}, {"form": "x"}, {"until": ""}, {"until": "2099-01-01"}, {"until": "hier"}]
)
def test_what_was_changed_on_the_way_does_nothing_and_says_so(
    small: Contract, lends: Caisse, anne_in: Browser, spoilt: dict[str, str]
) -> None:
    told = {**confirmed(anne_in, small), **spoilt} if spoilt else {}
    answer = anne_in.post(address(small), told)
    assert answer.status_code == 200
    assert "Prolonger gratuitement" in words(answer)
    assert 'role="alert"' in answer.content.decode()
    assert term(lends, small) == TERM


def test_what_is_not_free_or_not_ones_own_leads_elsewhere(
    small: Contract, contract: Contract, anne_in: Browser, lends: Caisse
) -> None:
    theirs = lend(100, client=neighbour(lends))
    for here in (address(contract), address(small, 7), address(small, 99999)):
        page = words(anne_in.get(here))
        assert "Voir ce que je peux faire" in page
        assert "Prolonger gratuitement" not in page
    assert anne_in.get(address(theirs)).status_code == 404
    assert (
        anne_in.post(address(theirs), {"form": str(uuid.uuid4()), "until": "2027-01-15"}).status_code == 404
    )
    assert term(lends, theirs) == TERM
    publish(lends, {"products": ["pawn_loans"]})
    assert anne_in.get(address(small)).status_code == 404


def test_in_a_basket_of_several_it_is_a_way_of_its_own(
    small: Contract, contract: Contract, anne_in: Browser
) -> None:
    page = anne_in.get("/contrats/payer/")
    assert f'href="{address(small)}"' in page.content.decode()
    field = page.context["form"].fields[small.uuid.hex]
    assert [act for act, _label in field.choices] == ["", "redeem"]


def test_who_has_no_address_is_told_by_sms(small: Contract, lends: Caisse) -> None:
    with tenant_context(lends):
        Client.objects.filter(number="C-1").update(email="")
    prolong(fresh(small))
    (sms,) = sent(lends, "pawn_prolonged")
    assert sms["to"].startswith("+33")


def test_its_confirmation_is_kept_for_the_client_and_goes_with_the_mail_that_tells_it(
    small: Contract, lends: Caisse, anne_in: Browser
) -> None:
    with tenant_context(lends):
        done = prolong(fresh(small))
        kept = Document.objects.get(kind="pawn_prolonged")
        said = text_of(content_of(document=kept))
    assert (kept.about, kept.client_id, kept.name) == (done.operation.uuid, small.client_id, small.number)
    for text in (
        "Confirmation de prolongation",
        small.number,
        "15 juillet 2026",
        "15 janvier 2027",
        "En ligne",
    ):
        assert text in said, text
    assert "€" not in said
    mail: Any = sent(lends, "pawn_prolonged")[0]
    assert mail["attached"] == [["document", str(kept.uuid)]]
    assert "jointe à cet e-mail" in mail["text"]
    assert "jointe à cet e-mail" not in mail["without"]["text"]
    assert "Confirmation de prolongation" in words(anne_in.get("/documents/"))


def test_it_is_prolonged_and_told_though_its_paper_cannot_be_kept_and_the_night_makes_it_once(
    small: Contract, lends: Caisse
) -> None:
    with patch.object(keep_prolonged, "store_document", side_effect=OSError):
        prolong(small)
    (mail,) = sent(lends, "pawn_prolonged")
    assert "attached" not in mail
    assert "jointe" not in mail["text"]
    assert not Document.objects.filter(kind="pawn_prolonged").exists()
    for _ in range(2):
        make_unmade_papers(now=noon(DAY), limit=10)
        assert Document.objects.filter(kind="pawn_prolonged").count() == 1
    assert Message.objects.filter(kind="pawn_prolonged").count() == 1


def test_what_was_paid_for_has_a_receipt_and_no_confirmation(contract: Contract) -> None:
    done = paid_prolongation(contract, DAY)
    assert keep_prolonged.keep_prolonged(operation=done.operation.uuid, now=noon(DAY)) is None
