"""Many agents at one printer: one batch, one confirmation, and no letter erased that was not in it."""

from collections import Counter
from datetime import date
from functools import partial
from uuid import UUID, uuid4

from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.journal.models import Event
from tenant_apps.messaging.models import LetterBatch, Message
from tenant_apps.messaging.print_letters import confirm_batch, make_batch, open_batch
from tenants.models import Caisse
from tests.concurrency.parallel import at_once
from tests.identity.steps import publish
from tests.identity.waiting import newcomer, send

AT_ONCE = 6


def written(caisse: Caisse, number: int) -> None:
    send(caisse, newcomer(caisse, identifier=f"123456789{number}", number=f"C-7{number}"))


def write_another(caisse: Caisse) -> bool:
    written(caisse, 5)
    return True


def make(caisse: Caisse, day: date) -> bool:
    with tenant_context(caisse):
        return make_batch(day=day, by=uuid4(), now=timezone.now()) is not None


def confirm(caisse: Caisse, batch: UUID) -> bool:
    with tenant_context(caisse):
        return confirm_batch(uuid=batch, by=uuid4(), now=timezone.now())


def open_it(caisse: Caisse, batch: UUID) -> bool:
    with tenant_context(caisse):
        return bool(open_batch(uuid=batch, by=uuid4(), now=timezone.now())[1])


def test_of_many_who_prepare_and_confirm_at_once_one_does(alpha_committed: Caisse) -> None:
    publish(alpha_committed, {"activation": {"sends": ["letter_code"]}})
    for number in range(3):
        written(alpha_committed, number)
    day = timezone.localdate()
    made = at_once([partial(make, alpha_committed, day) for _ in range(AT_ONCE)])
    assert Counter(made) == {True: 1, False: AT_ONCE - 1}
    with tenant_context(alpha_committed):
        batch = LetterBatch.objects.get()
        assert batch.letters.count() == 3
    assert open_it(alpha_committed, batch.uuid)
    acts = [partial(confirm, alpha_committed, batch.uuid) for _ in range(AT_ONCE)]
    # A letter is written while the others are confirmed: it waits for the next batch.
    ended = at_once([*acts, partial(write_another, alpha_committed)])
    assert Counter(ended[:-1]) == {True: 1, False: AT_ONCE - 1}
    assert ended[-1] is True
    with tenant_context(alpha_committed):
        states = Counter(Message.objects.filter(channel="letter").values_list("state", flat=True))
        assert states == {"printed": 3, "queued": 1}
        assert Event.objects.filter(kind="letters.confirmed").count() == 1
        assert Event.objects.filter(kind="message.printed").count() == 3
