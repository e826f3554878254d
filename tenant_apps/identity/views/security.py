"""« Ma sécurité »: how one signs in, from where one is signed in, what happened, and whom to call."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_otp.models import Device

from guichet.web.proxies import client_address
from tenant_apps.identity.access import signed_in
from tenant_apps.identity.browsers import device_words
from tenant_apps.identity.event_words import kinds_for_client, words_for_client
from tenant_apps.identity.factors import devices_of
from tenant_apps.identity.models import SmsDevice, User
from tenant_apps.identity.open_sessions import end_other_sessions, end_session, open_sessions_of
from tenant_apps.identity.own_devices import addable, removable
from tenant_apps.identity.passkeys import MOST, passkeys_of
from tenant_apps.identity.realms import CLIENTS
from tenant_apps.identity.recovery_codes import has_use_of_codes, standing_of
from tenant_apps.identity.second_step import masked_phone
from tenant_apps.identity.terms import latest_answer
from tenant_apps.identity.trusted_devices import is_this_one, trusted_devices_of
from tenant_apps.identity.views.own_space import own_page, own_rules, own_space, realm_of_user, show
from tenant_apps.identity.views.terms import ACCEPT, note_answer, paragraphs
from tenant_apps.journal.selectors import latest_at, latest_events_among
from tenants.policy.document import Policy
from tenants.policy.secret_name import secret_name
from tenants.policy.sections.second_factor import Method

EVENTS_SHOWN = 10
# What gives an account its secret, whoever writes it.
SECRET_CHOSEN = ("activation.done", "recovery.done", "secret.changed", "secret.renewal_done")

DONE: dict[str, Promise] = {
    "fermee": _("C’est fait : cet appareil n’est plus connecté."),
    "deja-fermee": _("Cet appareil n’était déjà plus connecté."),
    "fermees": _("C’est fait : tous les autres appareils sont déconnectés."),
    "secret": _(
        "C’est fait : votre nouveau %(secret)s est enregistré. Vos autres appareils sont déconnectés."
    ),
    "moyen": _("C’est fait : ce moyen est enregistré. Vos autres appareils sont déconnectés."),
    "retire": _("C’est fait : ce moyen est retiré. Vos autres appareils sont déconnectés."),
    "confiance": _("C’est fait : cet appareil repassera la seconde étape."),
    "secours": _(
        "Un code de secours a servi. Votre téléphone est perdu ? Remplacez-le ici, ou faites de nouveaux codes."
    ),
    "trop-tard": _("La confirmation n’est plus valable : recommencez. Rien n’a changé."),
    "conditions": _("Merci : nous avons noté que vous acceptez les conditions d’utilisation."),
}


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """One way to pass the second step. `detail`: the masked number."""

    method: Method
    detail: str
    renewable: bool
    removable: bool


@dataclass(frozen=True, slots=True)
class TrustedLine:
    """A browser that passes without a second step."""

    uuid: uuid.UUID
    device: str
    since: datetime
    is_this_one: bool


@dataclass(frozen=True, slots=True)
class EventLine:
    what: str
    at: datetime


@never_cache
@require_safe
@own_space
def overview(request: HttpRequest) -> HttpResponse:
    """Everything on one page, the rarest last."""
    user, now = signed_in(request), timezone.now()
    rules = own_rules(user)
    devices = devices_of(user=user, policy=rules)
    lines, missing = _devices(user, devices, rules)
    sessions = open_sessions_of(request, user=user, now=now)
    secret = secret_name(rules.secret)
    context = {
        "done": str(DONE.get(request.GET.get("fait", ""), "")) % {"secret": secret},
        "secret_chosen": latest_at(subject=str(user.uuid), kinds=SECRET_CHOSEN),
        "devices": lines,
        "missing": missing,
        **_passkeys(user, devices, rules),
        **_spares(request, user, devices, rules),
        "sessions": sessions,
        "events": _events(user, secret=secret),
        **_terms(user, rules),
    }
    return show(request, "identity/security/overview.html", context)


@never_cache
@require_POST
@own_space
def end_one(request: HttpRequest) -> HttpResponse:
    """Another session of this person's; which one stands in the form."""
    try:
        which = uuid.UUID(request.POST.get("session", ""))
    except ValueError as error:
        raise Http404 from error
    ended = end_session(request, uuid=which, address=client_address(request), now=timezone.now())
    return own_page(request, "overview", done="fermee" if ended else "deja-fermee")


@never_cache
@require_POST
@own_space
def end_others(request: HttpRequest) -> HttpResponse:
    end_other_sessions(request, address=client_address(request), now=timezone.now())
    return own_page(request, "overview", done="fermees")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@own_space
def own_terms(request: HttpRequest) -> HttpResponse:
    """The terms again, to read, and to accept by who did not."""
    user = signed_in(request)
    rules = own_rules(user)
    if realm_of_user(user) != CLIENTS or rules.terms.version is None:
        raise Http404
    if request.method == "POST" and ACCEPT in request.POST:
        note_answer(request, user=user, accepted=True, rules=rules)
        return own_page(request, "overview", done="conditions")
    context = {**_terms(user, rules), "lines": paragraphs(rules)}
    return show(request, "identity/security/terms.html", context)


def _terms(user: User, rules: Policy) -> dict[str, Any]:
    if realm_of_user(user) != CLIENTS:
        return {}
    return {"terms": rules.terms, "terms_answer": latest_answer(user=user, policy=rules)}


def _devices(
    user: User, devices: Mapping[Method, Device], rules: Policy
) -> tuple[list[DeviceLine], list[Method]]:
    """What the person has, and what they could add."""
    can_add = addable(user=user, devices=devices, policy=rules)
    can_remove = removable(devices=devices, policy=rules)
    lines = [
        DeviceLine(
            method=method,
            detail=masked_phone(phone=device.phone) if isinstance(device, SmsDevice) else "",
            renewable=method in can_add,
            removable=method in can_remove,
        )
        for method, device in devices.items()
        if method != "passkey"
    ]
    return lines, [method for method in can_add if method not in devices]


def _passkeys(user: User, devices: Mapping[Method, Device], rules: Policy) -> dict[str, object]:
    """Each with its name, where the caisse has any."""
    if "passkey" not in rules.second_factor.methods:
        return {}
    passkeys = passkeys_of(user=user) if "passkey" in devices else []
    spare = len(passkeys) > 1 or "passkey" in removable(devices=devices, policy=rules)
    return {
        "passkeys": passkeys,
        "passkey_offered": True,
        "passkey_addable": len(passkeys) < MOST,
        "passkey_removable": spare,
    }


def _spares(
    request: HttpRequest, user: User, devices: Mapping[Method, Device], rules: Policy
) -> dict[str, object]:
    """Recovery codes, and the browsers that need no second step."""
    useful = has_use_of_codes(devices=devices, policy=rules)
    trusted = trusted_devices_of(user=user, policy=rules, now=timezone.now())
    return {
        "codes": standing_of(user=user) if useful else None,
        "trusted": [
            TrustedLine(
                each.uuid,
                device_words(each.browser, each.system),
                each.created_at,
                is_this_one(request, device=each),
            )
            for each in trusted
        ],
    }


def _events(user: User, *, secret: str) -> list[EventLine]:
    events = latest_events_among(subject=str(user.uuid), kinds=kinds_for_client(), limit=EVENTS_SHOWN)
    worded = ((words_for_client(each.kind, secret=secret), each.at) for each in events)
    return [EventLine(what, at) for what, at in worded if what is not None]
