"""Twenty posts of one code confirm one act once, and one confirmation does one act."""

from collections import Counter
from decimal import Decimal
from functools import partial

from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.identity.acts import Act
from tenant_apps.identity.models import Confirmation, TryCounter, User
from tenant_apps.identity.step_up import StepUpCheck, begin_step_up, check_step_up, spend_step_up
from tenants.models import Caisse
from tenants.policy.current import current_policy
from tests.concurrency.parallel import at_once
from tests.identity.steps import mails, user_of

MANY = 20
ACT = Act(kind="device.add_totp", form="f-1", amount=Decimal(10), payee="Claude Exemple")


def begin(caisse: Caisse) -> Confirmation:
    with tenant_context(caisse):
        return begin_step_up(
            user=user_of(caisse),
            act=ACT,
            back="/",
            cancel="/",
            policy=current_policy(),
            now=timezone.now(),
        )


def check(caisse: Caisse, row: Confirmation, code: str) -> StepUpCheck:
    with tenant_context(caisse):
        return check_step_up(
            user=user_of(caisse),
            uuid=row.uuid,
            code=code,
            policy=current_policy(),
            address="192.0.2.1",
            now=timezone.now(),
        )


def spend(caisse: Caisse, user: User) -> None:
    with tenant_context(caisse):
        spend_step_up(user=user, act=ACT, now=timezone.now())


def code_sent(caisse: Caisse) -> str:
    return mails(caisse, kind="step_up_code")[0].split("code ")[1][:6]


def test_one_code_posted_twenty_times_at_once_passes_once_and_costs_no_try(alpha_committed: Caisse) -> None:
    row = begin(alpha_committed)
    code = code_sent(alpha_committed)

    ends = at_once([partial(check, alpha_committed, row, code)] * MANY)

    assert Counter(end.passed for end in ends if isinstance(end, StepUpCheck)) == {True: 1, False: MANY - 1}
    with tenant_context(alpha_committed):
        assert TryCounter.objects.get(key=user_of(alpha_committed).login_index).failures == 0


def test_twenty_acts_at_once_spend_one_confirmation_once(alpha_committed: Caisse) -> None:
    row = begin(alpha_committed)
    assert check(alpha_committed, row, code_sent(alpha_committed)).passed
    user = user_of(alpha_committed)

    ends = at_once([partial(spend, alpha_committed, user)] * MANY)

    assert sum(end is None for end in ends) == 1


def test_the_same_act_begun_twenty_times_at_once_sends_one_code(alpha_committed: Caisse) -> None:
    ends = at_once([partial(begin, alpha_committed)] * MANY)

    assert len({end.uuid for end in ends if isinstance(end, Confirmation)}) == 1
    assert len(mails(alpha_committed, kind="step_up_code")) == 1
