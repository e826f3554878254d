"""The jobs of identity."""

from datetime import datetime, timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from guichet.web.sessions import SessionStore
from tenant_apps.identity.access_codes import forget_old_codes
from tenant_apps.identity.ask_activation import answer_request
from tenant_apps.identity.ask_recovery import answer_recovery_request
from tenant_apps.identity.closing_notice import tell_of_closing as tell_of
from tenant_apps.identity.counters import forget_old_counters
from tenant_apps.identity.factors import devices_of
from tenant_apps.identity.grant_exception import forget_old_exceptions
from tenant_apps.identity.half_signed_in import opened
from tenant_apps.identity.keypads import forget_spent_draws
from tenant_apps.identity.models import SmsDevice
from tenant_apps.identity.open_sessions import forget_ended_sessions
from tenant_apps.identity.realms import Realm, rules_of
from tenant_apps.identity.recoveries import forget_old_recoveries
from tenant_apps.identity.remind_identifier import remind_identifier as remind
from tenant_apps.identity.second_step import send_code as send_code_to
from tenant_apps.identity.spraying import forget_tried_secrets
from tenant_apps.identity.step_up import forget_old_confirmations
from tenant_apps.identity.trusted_devices import forget_ended_trust

COUNTERS_KEPT = CODES_KEPT = timedelta(days=30)


@app.task(name="identity.send_code")
def send_code(*, tenant: str, who: str, realm: Realm) -> None:
    """The code of a blind second step. For nobody, nothing leaves. Run twice, the cool-down keeps the second back."""
    rules = rules_of(realm)
    user = opened(who)
    device = devices_of(user=user, policy=rules).get("sms")
    if isinstance(device, SmsDevice):
        send_code_to(device=device, policy=rules, now=timezone.now())


@app.task(name="identity.send_activation")
def send_activation(*, tenant: str, index: str, asked_at: str) -> None:
    """What a client who typed an identifier asked for. For nobody, nothing leaves."""
    answer_request(index=index, asked_at=datetime.fromisoformat(asked_at), now=timezone.now())


@app.task(name="identity.send_recovery")
def send_recovery(*, tenant: str, index: str, asked_at: str, known: str = "") -> None:
    """What a client who forgot the secret asked for. For nobody, nothing leaves."""
    at = datetime.fromisoformat(asked_at)
    answer_recovery_request(index=index, asked_at=at, known=known, now=timezone.now())


@app.task(name="identity.remind_identifier")
def remind_identifier(*, tenant: str, asked: str) -> None:
    """The identifier of who typed what the file says; sealed, since a queue is read by more people than a file is."""
    remind(asked=asked, now=timezone.now())


@app.task(name="identity.tell_of_closing")
def tell_of_closing(*, tenant: str, index: str, closed_at: str) -> None:
    """That only the agency opens an account again. For nobody, nothing leaves."""
    tell_of(index=index, closed_at=datetime.fromisoformat(closed_at), now=timezone.now())


@app.task(name="identity.forget")
def forget(*, tenant: str) -> None:
    """Drop ended sessions, spent keypads, what has lapsed (codes, exceptions), and what was counted of old tries."""
    now = timezone.now()
    SessionStore.clear_expired()
    forget_ended_sessions(now=now)
    forget_ended_trust(now=now)
    forget_old_confirmations(before=now - CODES_KEPT)
    forget_old_counters(before=now - COUNTERS_KEPT)
    forget_spent_draws(now=now)
    forget_old_codes(before=now - CODES_KEPT)
    forget_old_exceptions(now=now)
    forget_old_recoveries(before=now - CODES_KEPT)
    forget_tried_secrets(before=timezone.localdate(now))
