"""Step-up: a code that confirms one act, with its amount and its payee, once and not for long."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.identity.acts import Act, NoSuchActError, register_act, words_of
from tenant_apps.identity.models import Confirmation, User
from tenant_apps.identity.step_up import (
    StepUpNeededError,
    begin_step_up,
    check_step_up,
    is_stepped_up,
    spend_step_up,
)
from tenant_apps.identity.tasks import forget
from tenants.models import Caisse
from tenants.policy.current import current_policy
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.keypads import (
    PIN,
    PIN_ALONE,
    application_shows,
    drawn,
    pressed,
    with_application,
    with_pin,
)
from tests.identity.steps import (
    WRONG,
    events,
    failures,
    mails,
    publish,
    put_in,
    said,
    user_of,
    wrong_code,
)
from tests.world import ANNE, BRUNO

register_act("test.pay", "payer")
PAYMENT = Act(kind="test.pay", form="f-1", amount=Decimal("125.50"), payee="Claude Exemple")


@pytest.fixture
def anne(alpha: Caisse, browser: Browser, clock: Clock) -> Browser:
    return put_in(browser, alpha, user_of(alpha))


def begin(caisse: Caisse, act: Act = PAYMENT) -> uuid.UUID:
    with tenant_context(caisse):
        row = begin_step_up(
            user=user_of(caisse),
            act=act,
            back="/contrats/",
            cancel="/",
            policy=current_policy(),
            now=timezone.now(),
        )
    return row.uuid


def page_of(which: uuid.UUID) -> str:
    return f"/securite/confirmer/{which}/"


def codes(caisse: Caisse) -> list[str]:
    return [text.split("code ")[1][:6] for text in mails(caisse, kind="step_up_code")]


def may(caisse: Caisse, act: Act = PAYMENT) -> bool:
    with tenant_context(caisse):
        return is_stepped_up(user=user_of(caisse), act=act, now=timezone.now())


def spends(caisse: Caisse, act: Act = PAYMENT) -> bool:
    with tenant_context(caisse):
        try:
            spend_step_up(user=user_of(caisse), act=act, now=timezone.now())
        except StepUpNeededError:
            return False
    return True


def enter(browser: Browser, which: uuid.UUID, code: str) -> Any:
    return browser.post(page_of(which), {"code": code})


def test_the_message_and_the_page_say_what_is_confirmed(alpha: Caisse, anne: Browser) -> None:
    which = begin(alpha)
    (text,) = mails(alpha, kind="step_up_code")
    page = said(anne.get(page_of(which)))
    for part in ("payer", "125,50", "Claude Exemple"):
        assert part in text
        assert part in page.replace("Payer", "payer")
    assert "5 minutes" in text.replace("\u202f", " ").replace("\xa0", " ")
    assert codes(alpha)[0] not in page
    assert ANNE.phone not in page


def test_a_right_code_confirms_the_act_which_is_done_once(alpha: Caisse, anne: Browser) -> None:
    which = begin(alpha)
    assert not may(alpha)
    assert enter(anne, which, codes(alpha)[0]).headers["Location"] == "/contrats/"
    assert may(alpha)
    assert [spends(alpha), spends(alpha)] == [True, False]
    assert "step_up.confirmed" in events(alpha)
    assert failures(alpha) == 0


@pytest.mark.parametrize(
    "other",
    [
        Act(kind="test.pay", form="f-1", amount=Decimal("125.51"), payee="Claude Exemple"),
        Act(kind="test.pay", form="f-1", amount=Decimal("125.50"), payee="Claude Exemplf"),
        Act(kind="test.pay", form="f-2", amount=Decimal("125.50"), payee="Claude Exemple"),
        Act(kind="test.pay", form="f-1", payee="Claude Exemple"),
        Act(kind="device.add_totp", form="f-1", amount=Decimal("125.50"), payee="Claude Exemple"),
    ],
)
def test_anything_else_that_changes_voids_it(alpha: Caisse, anne: Browser, other: Act) -> None:
    enter(anne, begin(alpha), codes(alpha)[0])
    assert not spends(alpha, other)
    assert spends(alpha, Act(kind="test.pay", form="f-1", amount=Decimal("125.5"), payee="Claude Exemple"))


def test_the_code_of_one_act_confirms_no_other(alpha: Caisse, anne: Browser, clock: Clock) -> None:
    begin(alpha)
    clock.move(seconds=11)
    other = begin(alpha, Act(kind="test.pay", form="f-2", amount=Decimal(9000), payee="Quelqu’un d’autre"))
    first, second = codes(alpha)
    if first != second:
        assert enter(anne, other, first).status_code == 200
    assert enter(anne, other, second).status_code == 302
    assert not may(alpha)


def test_both_the_code_and_the_confirmation_live_five_minutes(
    alpha: Caisse, anne: Browser, clock: Clock
) -> None:
    which = begin(alpha)
    clock.move(minutes=4, seconds=59)
    assert enter(anne, which, codes(alpha)[0]).status_code == 302
    clock.move(minutes=4, seconds=59)
    assert may(alpha)
    clock.move(seconds=1)
    assert not spends(alpha)
    late = begin(alpha)
    clock.move(minutes=5)
    answer = enter(anne, late, codes(alpha)[1])
    assert answer.status_code == 410
    assert "Cette confirmation ne sert plus" in said(answer)
    assert failures(alpha) == 0


def test_wrong_codes_count_on_the_account_like_any_others(alpha: Caisse, anne: Browser) -> None:
    which = begin(alpha)
    right = codes(alpha)[0]
    for left in (4, 3, 2, 1):
        assert f"<strong>{left} essai" in said(enter(anne, which, wrong_code(right)))
    assert "Patientez un peu" in said(enter(anne, which, wrong_code(right)))
    assert enter(anne, which, right).status_code == 200
    assert not may(alpha)
    assert events(alpha).count("step_up.refused") == 6
    # The very same counter shuts the sign-in.
    assert failures(alpha) == 5


def test_what_ends_the_sessions_voids_what_was_confirmed(alpha: Caisse, anne: Browser) -> None:
    enter(anne, begin(alpha), codes(alpha)[0])
    with tenant_context(alpha):
        User.objects.filter(pk=1).update(session_epoch=7)
    assert not spends(alpha)


def test_the_same_act_again_sends_no_second_code_and_another_code_voids_the_first(
    alpha: Caisse, anne: Browser, clock: Clock
) -> None:
    which = begin(alpha)
    assert begin(alpha) == which
    assert len(codes(alpha)) == 1
    assert anne.post(f"{page_of(which)}envoyer/").headers["Location"] == "../?trop-tot=1"
    clock.move(seconds=11)
    assert anne.post(f"{page_of(which)}envoyer/").headers["Location"] == "../?envoye=1"
    first, second = codes(alpha)
    if first != second:
        assert enter(anne, which, first).status_code == 200
    assert enter(anne, which, second).status_code == 302


def test_an_application_confirms_too_and_its_code_serves_once(alpha: Caisse, anne: Browser) -> None:
    publish(alpha, {"second_factor": {"methods": ["totp", "sms"]}})
    with_application(alpha, user_of(alpha))
    anne = put_in(anne, alpha, user_of(alpha))
    which, code = begin(alpha), application_shows(later=1)
    assert codes(alpha) == []
    assert "Claude Exemple" in said(anne.get(page_of(which)))
    assert enter(anne, which, code).status_code == 302
    other = begin(alpha, Act(kind="test.pay", form="f-2"))
    assert enter(anne, other, code).status_code == 200
    # Who has not the application at hand asks for a message.
    anne.post(f"{page_of(other)}envoyer/")
    assert enter(anne, other, codes(alpha)[0]).status_code == 302


def test_without_a_second_factor_the_secret_is_said_again(alpha: Caisse, anne: Browser) -> None:
    publish(
        alpha,
        {"secret": {"kind": "pin"}, "second_factor": {"required": False, "methods": []}, **PIN_ALONE},
    )
    with_pin(alpha, user_of(alpha))
    anne = put_in(anne, alpha, user_of(alpha))
    which = begin(alpha)
    page = anne.get(page_of(which))
    assert "Tapez à nouveau votre code secret" in said(page)
    assert "Ce code secret n’est pas le bon" in said(enter(anne, which, "962372"))
    keypad = drawn(anne.get(page_of(which)), "code")
    assert anne.post(page_of(which), pressed(keypad, PIN)).headers["Location"] == "/contrats/"


def test_or_the_password_is(alpha: Caisse, anne: Browser) -> None:
    publish(alpha, {"second_factor": {"required": False, "methods": []}})
    which = begin(alpha)
    assert "Ce mot de passe n’est pas le bon" in said(enter(anne, which, WRONG))
    assert enter(anne, which, ANNE.secret).headers["Location"] == "/contrats/"


def test_an_act_is_confirmed_by_its_author_alone(
    alpha: Caisse, beta: Caisse, anne: Browser, browser_at: BrowserAt
) -> None:
    which = begin(alpha)
    bruno = put_in(browser_at(BRUNO.host), beta, user_of(beta))
    staff = put_in(browser_at(ANNE.host), alpha, user_of(alpha, kind=User.Kind.STAFF))
    assert enter(bruno, which, codes(alpha)[0]).status_code == 404
    assert staff.post(f"/agence{page_of(which)}", {"code": codes(alpha)[0]}).status_code == 404
    with tenant_context(alpha):
        other = user_of(alpha, kind=User.Kind.STAFF)
        check = check_step_up(
            user=other,
            uuid=which,
            code=codes(alpha)[0],
            policy=current_policy(),
            address="192.0.2.1",
            now=timezone.now(),
        )
    assert check.closed
    assert not may(alpha)


def test_what_is_confirmed_at_one_caisse_is_not_at_the_other(
    alpha: Caisse, beta: Caisse, anne: Browser
) -> None:
    """Nor would the row be, were it carried over: what it is bound by has another key there."""
    enter(anne, begin(alpha), codes(alpha)[0])
    assert not spends(beta)
    with tenant_context(alpha):
        row = Confirmation.objects.values().get()
    with tenant_context(beta):
        Confirmation.objects.create(**row)
    assert not spends(beta)
    assert spends(alpha)


def test_nothing_of_it_reads_back_from_the_table(alpha: Caisse, anne: Browser) -> None:
    begin(alpha)
    with tenant_context(alpha):
        (row,) = Confirmation.objects.values_list("act", "code_digest", "shown_sealed")
    everything = repr([bytes(each) if isinstance(each, memoryview) else each for each in row])
    assert "Claude" not in everything
    assert codes(alpha)[0] not in everything


def test_old_ones_leave_by_night(alpha: Caisse, anne: Browser, clock: Clock) -> None:
    begin(alpha)
    clock.now += timedelta(days=31)
    with tenant_context(alpha):
        forget(tenant=alpha.schema_name)
        assert Confirmation.objects.count() == 0


def test_an_act_without_words_is_refused_loudly() -> None:
    with pytest.raises(NoSuchActError):
        words_of("test.nobody_registered_it")
