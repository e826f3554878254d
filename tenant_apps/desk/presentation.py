"""The records of one client, in the words of the counter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language, gettext
from django_otp.models import Device

from guichet.kernel.formatting import time_short
from guichet.kernel.masking import masked
from tenant_apps.clients.models import Client
from tenant_apps.desk import wording
from tenant_apps.desk.event_details import Text, details_in_words
from tenant_apps.desk.journal_wording import event_in_words
from tenant_apps.desk.reasons import reason_in_words
from tenant_apps.identity.devices import is_forgettable
from tenant_apps.identity.models import SmsDevice
from tenant_apps.identity.standing import Standing
from tenant_apps.journal.models import Event
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.send_again import can_be_sent_again
from tenants.policy.document import Policy


@dataclass(frozen=True, slots=True)
class State:
    """A badge: its tone (`good`, `neutral`, `warn`, `bad`) and its words."""

    tone: str
    label: Text


@dataclass(frozen=True, slots=True)
class EventLine:
    what: Text
    at: datetime
    how: list[Text]


@dataclass(frozen=True, slots=True)
class MessageLine:
    uuid: UUID
    kind: Text
    channel: Text
    state: State
    at: datetime
    why: Text
    can_be_sent_again: bool
    goes_another_way: bool
    client: Client | None
    # Who of the agency dealt with it, when, and how; None while it is open, or on its way.
    settled: "Settled | None"


@dataclass(frozen=True, slots=True)
class Settled:
    who: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class DeviceLine:
    label: Text
    hint: str
    confirmed: bool
    forgettable: bool


def state_of(*, standing: Standing) -> State:
    tone, label = wording.ACCESS[standing.access]
    if standing.until is None:
        return State(tone, label)
    return State(tone, str(label) % {"hour": _hour(standing.until)})


def device_line(*, device: Device, policy: Policy) -> DeviceLine:
    return DeviceLine(
        label=wording.DEVICES.get(device._meta.model_name or "", wording.ANOTHER_DEVICE),
        hint=masked(device.phone) if isinstance(device, SmsDevice) else "",
        confirmed=device.confirmed,
        forgettable=is_forgettable(device=device, policy=policy),
    )


def event_line(
    *, event: Event, first_sign_ins: Mapping[str, datetime], staff: Mapping[UUID, str]
) -> EventLine:
    """`first_sign_ins`: when each address first led to a sign-in; `staff`: who acted, by uuid."""
    how: list[Text] = []
    if event.address is not None:
        how.append(_connection(event, first_sign_ins.get(event.address)))
    how += how_acted(event=event, staff=staff)
    return EventLine(what=event_in_words(event.kind), at=event.at, how=how)


def how_acted(*, event: Event, staff: Mapping[UUID, str]) -> list[Text]:
    """Who of the agency acted, and what else the event says."""
    how: list[Text] = []
    by = staff_of(event=event)
    if by is not None:
        how.append(gettext("par %(name)s") % {"name": staff.get(by, gettext("une personne de l’agence"))})
    return how + details_in_words(event.details)


def staff_of(*, event: Event) -> UUID | None:
    """Who of the agency acted, as the journal has it."""
    by = event.details.get("by")
    return UUID(by) if by else None


def message_lines(
    *,
    messages: Iterable[Message],
    now: datetime,
    clients: Mapping[UUID, Client] | None = None,
    staff: Mapping[UUID, str] | None = None,
) -> list[MessageLine]:
    """`clients`: whose file each message leads to, by the uuid of the user it is about; `staff`: who settled it."""
    known = clients or {}
    return [
        MessageLine(
            uuid=each.uuid,
            kind=wording.MESSAGES.get(each.kind, wording.ANOTHER_MESSAGE),
            channel=wording.CHANNELS[each.channel],
            state=State(*wording.STATES[each.state]),
            at=each.created_at,
            why=_why(each),
            can_be_sent_again=can_be_sent_again(message=each, now=now),
            goes_another_way=getattr(each, "other_way", False),
            client=known.get(each.about) if each.about else None,
            settled=_settled(each, staff or {}),
        )
        for each in messages
    ]


def _settled(message: Message, staff: Mapping[UUID, str]) -> Settled | None:
    if message.settled_at is None or message.settled_by is None:
        return None
    name = staff.get(message.settled_by, gettext("une personne de l’agence"))
    return Settled(name, message.settled_at, reason_in_words(message.settled_why))


def _why(message: Message) -> Text:
    if not message.last_error:
        return ""
    if message.last_error.startswith("no provider"):
        return wording.NO_PROVIDER
    if returned := wording.RETURNS.get((message.channel, message.last_error)):
        return returned
    return wording.FAILURES.get(message.last_error, wording.ANOTHER_FAILURE)


def _connection(event: Event, first: datetime | None) -> str:
    """The address itself is nobody's business at the counter: whether it has led to a sign-in before is."""
    if first is not None and first < event.at:
        return gettext("depuis une connexion Internet déjà utilisée")
    return gettext("depuis une connexion Internet nouvelle")


def _hour(moment: datetime) -> str:
    return time_short(timezone.localtime(moment).time(), "en" if get_language() == "en" else "fr")
