"""Two members of staff at once: each act is done once, and none is written over unseen."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.identity.models import SmsDevice, User
from tenant_apps.messaging.models import Message
from tenants.models import Caisse
from tests.concurrency.parallel import at_once
from tests.desk.counter import (
    FORGET,
    MESSAGES,
    NEW,
    PHONE,
    REASON,
    act_of,
    close_account,
    journal,
    phones,
    seen,
)
from tests.desk.test_messages import lost
from tests.identity.steps import put_in, user_of
from tests.world import ANNE

AT_ONCE = 6
ASKED_AGAIN = "its answers, shown again"


@pytest.fixture
def anne(alpha_committed: Caisse) -> Iterator[Client]:
    """Her file, with its number and her sessions as they were once the test is over."""
    with tenant_context(alpha_committed):
        client = Client.objects.get(pk=1)
    yield client
    with tenant_context(alpha_committed):
        Client.objects.filter(pk=1).update(mobile=ANNE.phone)
        SmsDevice.objects.update(phone=ANNE.phone)
        User.objects.update(session_epoch=0)


def desks(caisse: Caisse) -> list[Browser]:
    clerk = user_of(caisse, kind=User.Kind.STAFF)
    return [
        put_in(Browser(SERVER_NAME=ANNE.host, HTTP_HOST=ANNE.host), caisse, clerk) for _ in range(AT_ONCE)
    ]


def act(desk: Browser, client: Client, name: str, fields: dict[str, str]) -> str:
    """What the counter is told; ASKED_AGAIN where its answers are shown to it instead."""
    location = desk.post(act_of(client, name), fields).headers["Location"]
    return ASKED_AGAIN if "?reponses=" in location else location.rpartition("=")[2]


def told(caisse: Caisse, kind: str) -> int:
    with tenant_context(caisse):
        return Message.objects.filter(kind=kind).count()


def test_of_many_who_open_an_account_at_once_one_does(alpha_committed: Caisse, anne: Client) -> None:
    close_account(alpha_committed)
    ends = Counter(
        at_once([partial(act, each, anne, "reouverture", REASON) for each in desks(alpha_committed)])
    )
    assert ends == {"rouvert": 1, "deja-ouvert": AT_ONCE - 1}
    assert len(journal(alpha_committed, "account.unlocked")) == told(alpha_committed, "account_unlocked") == 1


def test_of_many_who_write_the_same_number_at_once_one_does(alpha_committed: Caisse, anne: Client) -> None:
    fields = {**PHONE, **seen(alpha_committed, anne), "confirm": "1"}
    ends = Counter(
        at_once([partial(act, each, anne, "telephone", fields) for each in desks(alpha_committed)])
    )
    assert ends == {"telephone": 1, "meme-telephone": AT_ONCE - 1}
    assert len(journal(alpha_committed, "account.phone_replaced")) == 1
    assert told(alpha_committed, "phone_replaced") == 2


def test_of_many_who_write_other_numbers_at_once_one_does_and_the_others_are_told(
    alpha_committed: Caisse, anne: Client
) -> None:
    shown = {**PHONE, **seen(alpha_committed, anne)}
    acts = [
        partial(act, each, anne, "telephone", {**shown, "mobile": f"06 39 98 77 0{number}", "confirm": "1"})
        for number, each in enumerate(desks(alpha_committed))
    ]
    ends = Counter(at_once(acts))
    assert ends == {"telephone": 1, ASKED_AGAIN: AT_ONCE - 1}
    mobile, devices = phones(alpha_committed)
    assert [mobile] == devices
    assert mobile.startswith("+3363998770")
    assert len(journal(alpha_committed, "account.phone_replaced")) == 1


def test_of_many_who_forget_a_device_at_once_one_does(alpha_committed: Caisse, anne: Client) -> None:
    with tenant_context(alpha_committed):
        SmsDevice.objects.create(user=user_of(alpha_committed), name="asked", phone=NEW, confirmed=False)
    ends = Counter(
        at_once([partial(act, each, anne, "seconde-etape", FORGET) for each in desks(alpha_committed)])
    )
    assert ends == {"oublie": 1, "rien-a-oublier": AT_ONCE - 1}
    assert len(journal(alpha_committed, "account.devices_forgotten")) == 1
    assert told(alpha_committed, "devices_forgotten") == 1


def test_of_many_who_send_a_message_again_at_once_one_does(alpha_committed: Caisse, anne: Client) -> None:
    message = lost(alpha_committed)
    acts = [partial(each.post, f"{MESSAGES}{message.uuid}/renvoi/") for each in desks(alpha_committed)]
    ends = Counter(getattr(answer, "headers", {}).get("Location") for answer in at_once(acts))
    assert ends == {f"{MESSAGES}?fait=reparti": 1, f"{MESSAGES}?fait=reste": AT_ONCE - 1}
    assert len(journal(alpha_committed, "message.sent_again")) == 1
