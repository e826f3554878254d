from functools import partial

from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.messaging.count_sms import count_sms
from tenant_apps.messaging.selectors import sms_of_day
from tenants.models import Caisse
from tests.concurrency.conftest import Publish
from tests.concurrency.parallel import at_once
from tests.world import NOON


def test_of_many_sms_at_once_as_many_leave_as_may(alpha_committed: Caisse, policy: Publish) -> None:
    policy({"senders": {"sms_per_day": 3}})
    alpha_committed.refresh_from_db()

    def count() -> bool:
        with tenant_context(alpha_committed):
            return count_sms(now=NOON)

    assert sorted(map(str, at_once([partial(count)] * 8))) == ["False"] * 5 + ["True"] * 3
    with tenant_context(alpha_committed):
        day = sms_of_day(day=timezone.localdate(NOON))
    assert (day.sent, day.kept_back) == (3, 5)


def test_of_many_that_strangers_ask_for_at_once_no_more_than_their_share_leave(
    alpha_committed: Caisse, policy: Publish
) -> None:
    policy({"senders": {"sms_per_day": 8, "sms_asked_share": 25}})
    alpha_committed.refresh_from_db()

    def count() -> bool:
        with tenant_context(alpha_committed):
            return count_sms(now=NOON, by_anybody=True)

    assert sorted(map(str, at_once([partial(count)] * 6))) == ["False"] * 4 + ["True"] * 2
