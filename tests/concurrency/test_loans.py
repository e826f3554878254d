"""Many at the same contract at once: each act is done once, and the sums hold."""

import uuid
from collections import Counter
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money, total
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.services.doing import Done
from tenant_apps.pawn.services.errors import NotPossibleError
from tenant_apps.pawn.services.pay_out_boni import boni_left, pay_out_boni
from tenant_apps.pawn.services.take_back import take_back
from tenants.models import Caisse
from tests.concurrency.parallel import at_once
from tests.pawn.loans.lending import (
    START,
    TERM,
    announce,
    apply_grid,
    asked,
    fresh,
    lend,
    pay_down,
    redeem,
    sell,
)

MANY = 12
ANNOUNCED = TERM + timedelta(days=120)
SOLD = ANNOUNCED + timedelta(days=20)
DUE = Money.of("1059.20")


@pytest.fixture
def contract(alpha_committed: Caisse) -> Contract:
    with tenant_context(alpha_committed):
        apply_grid()
        return lend()


def redeemed(caisse: Caisse, contract: Contract, form: UUID) -> Done:
    with tenant_context(caisse):
        return redeem(contract, TERM, operation=form, paid=DUE)


def paid_down(caisse: Caisse, contract: Contract) -> Done:
    with tenant_context(caisse):
        return pay_down(contract, START, "110.00")


def opened(caisse: Caisse, form: UUID) -> str:
    with tenant_context(caisse):
        return lend(operation=form).number


def test_of_many_redemptions_at_once_one_is_done(alpha_committed: Caisse, contract: Contract) -> None:
    ends = at_once([partial(redeemed, alpha_committed, contract, uuid.uuid4()) for _ in range(MANY)])
    assert Counter(type(each) for each in ends) == {Done: 1, NotPossibleError: MANY - 1}
    with tenant_context(alpha_committed):
        assert Operation.objects.filter(kind="redeemed").count() == 1


def test_the_same_form_from_many_hands_is_answered_once(alpha_committed: Caisse, contract: Contract) -> None:
    form = uuid.uuid4()
    ends = at_once([partial(redeemed, alpha_committed, contract, form) for _ in range(MANY)])
    done = [each for each in ends if isinstance(each, Done)]
    assert (len(done), sum(each.replayed for each in done)) == (MANY, MANY - 1)
    assert len({each.operation.pk for each in done}) == 1


def boni_paid(caisse: Caisse, contract: Contract, form: UUID) -> Done:
    with tenant_context(caisse):
        left = boni_left(contract=fresh(contract))
        return pay_out_boni(
            contract=contract, document="passport", surety=False, left=left, **asked(SOLD, operation=form)
        )


@pytest.mark.parametrize("same", [True, False])
def test_a_boni_that_many_pay_out_at_once_leaves_the_till_once(
    alpha_committed: Caisse, contract: Contract, same: bool
) -> None:
    """A button that is pressed twice, and colleagues who each have a form of their own."""
    with tenant_context(alpha_committed):
        announce(contract, ANNOUNCED, SOLD)
        sell(contract, SOLD, 2500)
    forms = [uuid.uuid4()] * MANY if same else [uuid.uuid4() for _ in range(MANY)]
    ends = at_once([partial(boni_paid, alpha_committed, contract, form) for form in forms])
    done = [each for each in ends if isinstance(each, Done)]
    assert len([each for each in done if not each.replayed]) == 1
    assert len(done) == (MANY if same else 1)
    with tenant_context(alpha_committed):
        assert Operation.objects.filter(kind="boni_paid").count() == 1
        assert fresh(contract).state == "boni_claimed"


def test_parts_paid_at_once_all_count(alpha_committed: Caisse, contract: Contract) -> None:
    """The first pays the fee of 10 €; the others owe no charge that day, and all of theirs is capital."""
    ends = at_once([partial(paid_down, alpha_committed, contract) for _ in range(4)])
    assert all(isinstance(each, Done) for each in ends)
    with tenant_context(alpha_committed):
        assert fresh(contract).capital == Money.of(1000 - 100 - 3 * 110)


def test_contracts_opened_at_once_have_each_a_number_and_a_form_sent_twice_one_contract(
    alpha_committed: Caisse, contract: Contract
) -> None:
    form = uuid.uuid4()
    forms = [form] * 4 + [uuid.uuid4() for _ in range(6)]
    numbers = at_once([partial(opened, alpha_committed, each) for each in forms])
    assert len({str(each) for each in numbers}) == 7
    with tenant_context(alpha_committed):
        assert Contract.objects.filter(tariff__isnull=False).count() == 8


def taken_back(caisse: Caisse, contract: Contract, paid: UUID, form: UUID) -> Done:
    with tenant_context(caisse):
        return take_back(contract=contract, paid=paid, reason="wrong_sum", **asked(START, operation=form))


@pytest.mark.parametrize("same", [True, False])
def test_a_payment_that_many_take_back_at_once_leaves_the_till_once(
    alpha_committed: Caisse, contract: Contract, same: bool
) -> None:
    with tenant_context(alpha_committed):
        paid = pay_down(contract, START, "310.00").operation.uuid
    forms = [uuid.uuid4()] * MANY if same else [uuid.uuid4() for _ in range(MANY)]
    ends = at_once([partial(taken_back, alpha_committed, contract, paid, form) for form in forms])
    done = [each for each in ends if isinstance(each, Done)]
    assert len([each for each in done if not each.replayed]) == 1
    assert len(done) == (MANY if same else 1)
    with tenant_context(alpha_committed):
        assert Operation.objects.filter(kind="taken_back").count() == 1
        assert fresh(contract).capital == Money.of(1000)


def test_a_payment_that_is_taken_back_while_others_pay_is_the_last_one_or_stays(
    alpha_committed: Caisse, contract: Contract
) -> None:
    with tenant_context(alpha_committed):
        paid = pay_down(contract, START, "110.00").operation.uuid
    acts = [partial(taken_back, alpha_committed, contract, paid, uuid.uuid4())]
    ends = at_once([*acts, *(partial(paid_down, alpha_committed, contract) for _ in range(4))])
    undone = isinstance(ends[0], Done)
    assert undone or isinstance(ends[0], NotPossibleError)
    with tenant_context(alpha_committed):
        operations = list(Operation.objects.filter(contract=contract).order_by("id"))
        kinds = [each.kind for each in operations]
        assert kinds.count("paid_down") == 5
        assert ("taken_back" in kinds) is undone
        # Where it came first, the first of the others pays the fee of 10 € again.
        assert fresh(contract).capital == Money.of(1000) - total(each.capital for each in operations)
        assert undone is (kinds[2:3] == ["taken_back"])
