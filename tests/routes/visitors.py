"""Those who come to an address, with the cookies of their own caisse, and the objects they ask for."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from guichet.web.brand import brand_of_theme, current_brand
from tenant_apps.agencies.book_appointment import book_appointment
from tenant_apps.agencies.calendar import calendar_of
from tenant_apps.agencies.models import Agency
from tenant_apps.clients.models import Client
from tenant_apps.clients.register_client import register_client
from tenant_apps.demo.models import MailboxMessage
from tenant_apps.identity.acts import Act
from tenant_apps.identity.models import SmsDevice, User
from tenant_apps.identity.open_account import open_account
from tenant_apps.identity.step_up import begin_step_up
from tenant_apps.messaging.models import LetterBatch, Message
from tenant_apps.messaging.queue_message import queue_message
from tenant_apps.pawn.mirror_contract import ContractData, ObjectData, mirror_contract
from tenant_apps.pawn.models import Contract, PledgedObject
from tenants.models import Caisse, Kind
from tenants.policy.current import current_policy
from tenants.policy.staff import staff_policy
from tenants.provisioning.connections import as_migrator, become_owner
from tenants.selectors import caisse_of_schema
from tests.agencies.agenda import set_up
from tests.identity.steps import enter_secret, put_in, sign_in
from tests.pawn.loans.lending import START, announce, apply_grid, lend, pay_boni, pay_down, sell
from tests.routes.payment_objects import card_order, payment_objects
from tests.world import ANNE, PICTURE, Someone

VISITING = Someone("gie", "client@gie.example.org", "Client-du-GIE-4!", "+33639980044")
OPERATOR = Someone("gie", "op@gie.example.org", "Operer-le-GIE-2026!", "+33639980009")
HOSTS = {"front": "localhost", "gie": "gie.localhost", "caisse": "alpha.localhost", "beta": "beta.localhost"}
# The look of any theme, on the page of components.
SHOWN = ("components_stylesheet", "components_picture")
ON_A_CLIENT = (
    "desk_client",
    "desk_unlock",
    "desk_contact",
    "desk_phone",
    "desk_devices",
    "desk_access",
    "desk_activation",
    "desk_secret",
    "desk_exception",
    "desk_exception_end",
    "desk_book",
    "desk_book_check",
    "desk_contracts",
    "desk_contract_new",
    "desk_contract_to_sign",
)
ON_A_CONTRACT = (
    "desk_contract",
    "desk_contract_pay",
    "desk_contract_fetch",
    "desk_sale_announce",
    "desk_sale_withdraw",
    "desk_sale_record",
    "desk_sale_correct",
    "desk_boni",
    "desk_extra_time",
    "desk_block",
    "desk_unblock",
    "desk_fee_waive",
    "desk_fee_charge",
)
# A client's own, and of any client at the counter.
ON_AN_APPOINTMENT = (
    "appointment",
    "appointment_ics",
    "appointment_move",
    "appointment_check_move",
    "appointment_cancel",
)
ON_AN_APPOINTMENT_AT_DESK = ("desk_presence", "desk_appointment_cancel", "desk_appointment_move")
SCHEMAS = {"front": "public", "gie": "gie", "caisse": "alpha", "beta": "beta"}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Someone's cookies, and the token that goes with their CSRF cookie."""

    cookies: dict[str, str]
    # Kept: its chain of middleware is built once. Its cookies are put back before each request.
    browser: Browser = field(
        default_factory=lambda: Browser(enforce_csrf_checks=True, raise_request_exception=False),
        compare=False,
    )

    def ask(self, host: str, method: str, url: str) -> Any:
        self.browser.cookies = SimpleCookie(self.cookies)
        secret = self.cookies.get(settings.CSRF_COOKIE_NAME, "").partition(".")[0]
        return self.browser.generic(method, url, HTTP_HOST=host, HTTP_X_CSRFTOKEN=secret)


@dataclass(frozen=True, slots=True)
class Objects:
    """What stands for each part of an address: the visitor's own, and what is not."""

    own: dict[str, dict[str, Any]]
    """By the address's name."""
    foreign: dict[str, list[dict[str, Any]]]


def visitors_of(place: str) -> dict[str, Visitor]:
    """By who they are. The front door knows nobody."""
    if place == "front":
        return {"nobody": Visitor(_cookies(_at(place)))}
    caisse = caisse_of_schema(schema=SCHEMAS[place])
    someone = _someone_of(caisse)
    client, half = _browser(place), _browser(place)
    if place == "gie":
        # Only the GIE's own people sign in there: a client could be put in by mistake alone.
        with tenant_context(caisse):
            visiting = User.objects.get(kind=User.Kind.CLIENT)
        client = put_in(client, caisse, visiting)
        enter_secret(half, OPERATOR)
    else:
        sign_in(client, caisse, someone)
        enter_secret(half, someone)
    found = {
        "nobody": _at(place),
        "half": half,
        "client": client,
        "staff": _put_in(caisse, User.Kind.STAFF),
        "operator": _put_in(caisse, User.Kind.OPERATOR),
    }
    for browser in found.values():
        # Any page with a form gives the CSRF pair of whoever is in now.
        browser.get("/mentions-legales/", headers={"host": HOSTS[place]})
        browser.get("/connexion/", headers={"host": HOSTS[place]})
    return {who: Visitor(_cookies(browser)) for who, browser in found.items()}


def objects_of(place: str) -> Objects:
    """At a caisse: of its client, of another client of the same caisse, of the other caisse, and of nobody."""
    nobodys = [{"uuid": uuid.uuid4(), "digest": "0" * 16, "months": 6, "position": 0}]
    own = {name: _brand(place) for name in ("brand", "brand_picture")}
    foreign = {name: [*nobodys, _brand("caisse" if place == "front" else "beta")] for name in own}
    if place == "front":
        return Objects(own=own, foreign=foreign)
    own |= {name: {"digest": brand_of_theme("clear").digest} for name in SHOWN}
    foreign |= dict.fromkeys(SHOWN, nobodys)
    here, elsewhere = (caisse_of_schema(schema=SCHEMAS[each]) for each in (place, "beta"))
    own["demo_card"], foreign["demo_card"] = card_order(here), [*nobodys, card_order(elsewhere)]
    own["mailbox_mail"], foreign["mailbox_mail"] = _mail(place), [*nobodys, _mail("beta")]
    own["mailbox_return"], foreign["mailbox_return"] = _sent(place), [*nobodys, _sent("beta")]
    own["mailbox_letter"], foreign["mailbox_letter"] = _mail(place), [*nobodys, _mail("beta")]
    own["mailbox_attachment"], foreign["mailbox_attachment"] = _piece(place), [*nobodys, _piece("beta")]
    if place == "gie":
        own["caisse"] = {"uuid": caisse_of_schema(schema="alpha").uuid}
        foreign["caisse"] = [*nobodys, {"uuid": caisse_of_schema(schema="public").uuid}]
    for name in ("step_up", "step_up_send", "step_up_passkey"):
        own[name], foreign[name] = _to_confirm(place), [*nobodys, _to_confirm("beta")]
    # A link that nobody was sent is answered as one that somebody was.
    for name in ("activation_link", "recovery_link"):
        own[name], foreign[name] = {"token": "x" * 43}, []
    if place == "caisse":
        _of_clients(own, foreign, nobodys)
    return Objects(own=own, foreign=foreign)


def _of_clients(own: dict[str, Any], foreign: dict[str, Any], nobodys: list[dict[str, Any]]) -> None:
    """What a caisse alone has."""
    mine, other, far = _pledged("caisse"), _of_another_client("caisse"), _pledged("beta")
    for name in ("contract", "pay_contract", "prolong_free", "object_photo"):
        own[name] = mine[name]
        foreign[name] = [*nobodys, other[name], far[name]]
    _of_contracts(own, foreign, nobodys, other=other, far=far)
    _of_payments(own, foreign)
    # Every client of the caisse is its staff's business.
    for name in ON_A_CLIENT:
        own[name], foreign[name] = _file("caisse"), [*nobodys, _file("beta")]
    for name in ("desk_send_again", "desk_settle"):
        own[name], foreign[name] = _given_up("caisse"), [*nobodys, _given_up("beta")]
    expected, another = _appointment("caisse"), _appointment("caisse", number="C-8")
    elsewhere = _appointment("beta")
    for name in ON_AN_APPOINTMENT:
        own[name], foreign[name] = expected, [*nobodys, another, elsewhere]
    for name in ON_AN_APPOINTMENT_AT_DESK:
        own[name], foreign[name] = another, [*nobodys, elsewhere]
    for name in ("desk_batch", "desk_batch_pdf"):
        own[name], foreign[name] = _batch("caisse"), [*nobodys, _batch("beta")]


def _of_contracts(
    own: dict[str, Any],
    foreign: dict[str, Any],
    nobodys: list[dict[str, Any]],
    *,
    other: dict[str, Any],
    far: dict[str, Any],
) -> None:
    """Every contract of the caisse is its staff's business, whoever's."""
    for name in ON_A_CONTRACT:
        own[name], foreign[name] = other["contract"], [*nobodys, far["contract"]]
    lent, lent_far = _lent("caisse"), _lent("beta")
    for name in ("desk_contract_paper", "desk_pawn_receipt"):
        own[name], foreign[name] = lent["contract"], [*nobodys, lent_far["contract"]]
    own["desk_boni_receipt"] = lent["sold"]
    foreign["desk_boni_receipt"] = [*nobodys, lent["contract"], lent_far["sold"]]
    # The receipt of one contract is none of another.
    own["desk_counter_receipt"] = lent["receipt"]
    foreign["desk_counter_receipt"] = [lent_far["receipt"], {**lent["receipt"], **other["contract"]}]
    # So is its payment.
    own["desk_take_back"] = lent["paid"]
    foreign["desk_take_back"] = [lent_far["paid"], {**lent["paid"], **other["contract"]}]
    for name in ("desk_object_photo", "desk_object_photo_change"):
        own[name], foreign[name] = other["object_photo"], [*nobodys, far["object_photo"]]


def _lent(place: str) -> dict[str, Any]:
    """A contract of the caisse's own, and a payment of it at the counter."""
    with tenant_context(caisse_of_schema(schema=SCHEMAS[place])):
        apply_grid()
        # Of another client than the visitor, whose own pages stay as they were.
        contract = lend(client=Client.objects.order_by("-pk").first())
        paid = pay_down(contract, START, "300").operation
        return {
            "sold": {"uuid": _with_a_boni().uuid},
            "contract": {"uuid": contract.uuid},
            "receipt": {"uuid": contract.uuid, "operation": paid.uuid},
            "paid": {"uuid": contract.uuid, "paid": paid.uuid},
        }


def _with_a_boni() -> Contract:
    """Sold, and its boni paid."""
    contract, sale = lend(client=Client.objects.order_by("-pk").first()), START + timedelta(days=287)
    announce(contract, sale - timedelta(days=15), sale)
    sell(contract, sale, 1500)
    return pay_boni(contract, sale).contract


def _neighbour(caisse: Caisse) -> int:
    """The key of another client of the same caisse."""
    with tenant_context(caisse):
        return int(Client.objects.get(number="C-8").pk)


def _of_payments(own: dict[str, Any], foreign: dict[str, Any]) -> None:
    """After another client of the caisse was made."""
    alpha, beta = (caisse_of_schema(schema=SCHEMAS[each]) for each in ("caisse", "beta"))
    neighbours = payment_objects(alpha, client=_neighbour(alpha))
    own["payment_returns"], foreign["payment_returns"] = {"provider": "default"}, [{"provider": "autre"}]
    beyond = payment_objects(beta)
    for name, mine_too in payment_objects(alpha).items():
        nobody = {**mine_too, "uuid": uuid.uuid4()}
        own[name], foreign[name] = mine_too, [nobody, neighbours[name], beyond[name]]
    # Every payment of the caisse is its staff's business.
    foreign["desk_payment_settle"].remove(neighbours["desk_payment_settle"])


@contextmanager
def suspended(place: str) -> Iterator[None]:
    """Committed by the migrator, as the web may not; taken back afterwards."""
    _write_state(SCHEMAS[place], "suspended")
    try:
        yield
    finally:
        _write_state(SCHEMAS[place], "active")


def _write_state(schema: str, state: str) -> None:
    with as_migrator() as owner:
        become_owner(owner)
        owner.execute("UPDATE tenants_caisse SET state = %s WHERE schema_name = %s", [state, schema])


def _browser(place: str) -> Browser:
    return Browser(HTTP_HOST=HOSTS[place], SERVER_NAME=HOSTS[place])


def _at(place: str) -> Browser:
    browser = _browser(place)
    browser.get("/")
    return browser


def _cookies(browser: Browser) -> dict[str, str]:
    return {name: morsel.value for name, morsel in browser.cookies.items()}


def _someone_of(caisse: Caisse) -> Someone:
    if caisse.kind == Kind.CAISSE:
        return ANNE
    with tenant_context(caisse):
        client = register_client(
            number="G-1",
            title="none",
            first_name="Client",
            last_name="GIE",
            birth_date=None,
            email="",
            mobile="",
        )
        _open(User.Kind.CLIENT, VISITING, client)
    return VISITING


def _put_in(caisse: Caisse, kind: User.Kind) -> Browser:
    person = Someone(caisse.schema_name, f"{kind}@{caisse.schema_name}.example.org", "Entrer-par-ici-5!", "")
    with tenant_context(caisse):
        user = _open(kind, person, None)
    return put_in(Browser(), caisse, user)


def _open(kind: User.Kind, person: Someone, client: Client | None) -> User:
    return open_account(
        kind=kind,
        identifier=person.identifier,
        secret=person.secret,
        display_name="X",
        now=timezone.now(),
        client=client,
        phone=person.phone,
    )


def _brand(place: str) -> dict[str, Any]:
    with tenant_context(caisse_of_schema(schema=SCHEMAS[place])):
        return {"digest": current_brand().digest}


def _mail(place: str) -> dict[str, Any]:
    with tenant_context(caisse_of_schema(schema=SCHEMAS[place])):
        mail = MailboxMessage.objects.create(
            uuid=uuid.uuid4(),
            kind="x",
            channel="mail",
            to="x@example.org",
            text="x",
            html="<p>x</p>",
            letter={"sender": ["X"], "recipient": ["X"], "dated": "X", "body": "X", "code": ""},
            sent_at=timezone.now(),
        )
    return {"uuid": mail.uuid}


def _piece(place: str) -> dict[str, Any]:
    """What went with a mail."""
    found = _mail(place)
    with tenant_context(caisse_of_schema(schema=SCHEMAS[place])):
        mail = MailboxMessage.objects.get(uuid=found["uuid"])
        mail.attachments.create(position=0, name="x.pdf", media_type="application/pdf", content=b"x")
    return {**found, "position": 0}


def _file(place: str) -> dict[str, Any]:
    with tenant_context(caisse_of_schema(schema=SCHEMAS[place])):
        return {"uuid": Client.objects.get(pk=1).uuid}


def _given_up(place: str) -> dict[str, Any]:
    """A message that did not get there, and may leave again."""
    return _message(place, Message.State.FAILED)


def _sent(place: str) -> dict[str, Any]:
    """A message that left, and may come back."""
    return _message(place, Message.State.SENT)


def _message(place: str, state: Message.State) -> dict[str, Any]:
    with tenant_context(caisse_of_schema(schema=SCHEMAS[place])):
        message = queue_message(
            kind="new_sign_in",
            channel="mail",
            to="x@example.org",
            about=User.objects.get(pk=1).uuid,
            language="fr",
            context={"name": "X", "at": timezone.now(), "browser": "X"},
            now=timezone.now(),
            secret=False,
        )
        Message.objects.filter(pk=message.pk).update(state=state)
    return {"uuid": message.uuid}


def _batch(place: str) -> dict[str, Any]:
    """Letters to print; of none, which the screens need not know."""
    with tenant_context(caisse_of_schema(schema=SCHEMAS[place])):
        batch = LetterBatch.objects.create(
            day=timezone.localdate(), made_at=timezone.now(), made_by=uuid.uuid4()
        )
    return {"uuid": batch.uuid}


def _to_confirm(place: str) -> dict[str, Any]:
    """An act that who came first was asked to confirm, by the secret. No more code leaves within the hour."""
    now = timezone.now()
    with tenant_context(caisse_of_schema(schema=SCHEMAS[place])):
        user = User.objects.get(pk=1)
        most = current_policy().second_factor.sms.per_hour
        SmsDevice.objects.filter(user=user).update(sent=[now.isoformat()] * most)
        begun = begin_step_up(
            user=user,
            act=Act(kind="device.add_totp", form="x"),
            back="/",
            cancel="/",
            policy=staff_policy(current_policy()),
            now=now,
        )
    return {"uuid": begun.uuid}


def _appointment(place: str, *, number: str = "C-1") -> dict[str, Any]:
    """One that is still to come, of that client."""
    caisse, now = caisse_of_schema(schema=SCHEMAS[place]), timezone.now()
    set_up(caisse)
    with tenant_context(caisse):
        agency = Agency.objects.get()
        calendar = calendar_of(agency=agency, kind="redeem", now=now)
        slot = calendar.free(first=calendar.today + timedelta(days=7), last=calendar.last_day)[0]
        booked = book_appointment(
            client=Client.objects.get(number=number),
            purpose="redeem",
            agency=agency,
            starts_at=slot.starts_at,
            form=uuid.uuid4(),
            now=now,
        )
    return {"uuid": booked.uuid}


def _pledged(place: str, **filters: Any) -> dict[str, dict[str, Any]]:
    """The contract and the photo of an object, by the names of their addresses."""
    with tenant_context(caisse_of_schema(schema=SCHEMAS[place])):
        pledged = PledgedObject.objects.select_related("contract").get(**(filters or {"pk": 1}))
    contract = {"uuid": pledged.contract.uuid}
    return {
        "contract": contract,
        "pay_contract": contract,
        "prolong_free": {**contract, "months": 6},
        "object_photo": {"uuid": pledged.uuid},
    }


def _of_another_client(place: str) -> dict[str, dict[str, Any]]:
    with tenant_context(caisse_of_schema(schema=SCHEMAS[place])):
        client = register_client(
            number="C-8",
            title="sir",
            first_name="Noé",
            last_name="Huit",
            birth_date=None,
            email="",
            mobile="",
        )
        today = timezone.localdate()
        data = ContractData(
            number="autre-1",
            state="running",
            kept_at="x",
            amount_lent=Money.of(10),
            opened_on=today,
            due_on=today + timedelta(days=300),
            amount_due=Money.of(11),
            amount_due_as_of=timezone.now(),
        )
        ring = ObjectData(category="ring", description="Bague", appraisal=Money.of(20))
        pledged = mirror_contract(client=client, data=data, objects=[ring]).objects_pledged.get()
        pledged.photo.save(f"{pledged.uuid}.png", ContentFile(PICTURE))
    return _pledged(place, pk=pledged.pk)
