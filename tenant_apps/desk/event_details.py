"""What an event of the journal says besides its kind, in the words of the counter."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from guichet.kernel.money import Money
from guichet.web.templatetags.guichet import date_long, euros
from tenant_apps.desk.pawn_words import TARIFF_ACTS
from tenant_apps.desk.reasons import reason_in_words
from tenant_apps.identity.acts import NoSuchActError, words_of
from tenant_apps.identity.documents_shown import DOCUMENTS
from tenant_apps.pawn.wording import MEANS

Text = str | Promise

# Why something was refused, did not leave or came back: one word of the journal each.
WHYS: dict[str, Promise] = {
    "activated": _("ce client a déjà un secret"),
    "agency": _("les règles de la caisse laissent cela à l’agence"),
    "birth_date": _("la date de naissance n’était pas la bonne"),
    "closed": _("l’accès est fermé, ou ce qui avait été envoyé ne sert plus"),
    "code": _("code faux"),
    "contract_number": _("le numéro de contrat n’était pas le bon"),
    "day": _("trop de demandes en un jour, et celle-ci ne venait pas d’un appareil de ce client"),
    "expired": _("trop tard"),
    "full mailbox": _("boîte pleine"),
    "just_sent": _("l’envoi précédent vient de partir et sert encore"),
    "letter_lives": _("une lettre envoyée avant sert encore"),
    "never_activated": _("ce client n’a pas de secret"),
    "no_email": _("pas d’e-mail au dossier"),
    "no_mobile": _("pas de mobile au dossier"),
    "personal": _("trop d’essais avec un secret facile à deviner"),
    "recipient out of reach": _("le destinataire ne répond pas"),
    "refused by the recipient's side": _("refusé par la messagerie ou l’opérateur du client"),
    "unknown": _("personne n’a cet identifiant ou ce numéro"),
    "unknown address": _("cette adresse ou ce numéro n’existe pas"),
    "used": _("avait déjà servi"),
    "wrong_codes": _("trop de codes faux"),
}
# By which way, or which second factor.
WAYS: dict[str, Promise] = {
    "address": _("adresse postale"),
    "birth_date": _("date de naissance"),
    "email": _("e-mail"),
    "email_code": _("code par e-mail"),
    "email_identifier": _("identifiant par e-mail"),
    "email_link": _("lien par e-mail"),
    "language": _("langue"),
    "letter": _("lettre"),
    "letter_code": _("code par lettre"),
    "link": _("lien par e-mail"),
    "mobile": _("mobile"),
    "passkey": _("clé d’accès"),
    "password": _("mot de passe par SMS"),
    "pin": _("code secret"),
    "sms": _("code par SMS"),
    "sms_code": _("code par SMS"),
    "sms_password": _("mot de passe par SMS"),
    "title": _("civilité"),
    "totp": _("application d’authentification"),
}

# Of the objects whose payment a bank takes back.
_AGREED: dict[str, Promise] = {"agreed": _("avec l’accord de la comptabilité, malgré la banque du client")}


def details_in_words(details: Mapping[str, Any]) -> list[Text]:
    """A detail that has no words here, such as the id of a message, is not for a reader."""
    return [each for each in _said(details) if each]


def _said(details: Mapping[str, Any]) -> Iterator[Text]:
    yield reason_in_words(details.get("reason", ""))
    if document := DOCUMENTS.get(details.get("document", "")):
        yield gettext("pièce vue : %(document)s") % {"document": document}
    yield _AGREED.get(details.get("accountants", ""), "")
    if details.get("another"):
        yield gettext("une autre personne que celles de mêmes nom et date de naissance")
    yield from _fees(details)
    if was := details.get("was"):
        said = {"was": euros(Money.of(was)), "price": euros(Money.of(details["price"]))}
        yield gettext("de %(was)s à %(price)s") % said
    yield MEANS.get(details.get("means", ""), "")
    yield WHYS.get(details.get("why", ""), "")
    yield _ways(details)
    yield _act(details.get("act", ""))
    if day := details.get("given_until"):
        yield gettext("jusqu’au %(day)s") % {"day": date_long(date.fromisoformat(day))}
    if (left := details.get("left")) is not None:
        yield ngettext("il en reste %(count)s", "il en reste %(count)s", left) % {"count": left}
    if accounts := details.get("accounts"):
        yield ngettext("%(count)s compte", "%(count)s comptes", accounts) % {"count": accounts}


def _fees(details: Mapping[str, Any]) -> Iterator[str]:
    """One that was taken off a debt, or added to it."""
    for named, amount in (("fee", "not_charged"), ("charged", "added")):
        if fee := TARIFF_ACTS.get(details.get(named, "")):
            yield f"{fee} {euros(Money.of(details[amount]))}"


def _act(kind: str) -> str:
    try:
        return gettext("pour %(act)s") % {"act": words_of(kind)}
    except NoSuchActError:
        # None, or one that a product has no more.
        return ""


def _ways(details: Mapping[str, Any]) -> str:
    named = [*details.get("ways", ()), *details.get("what", ()), details.get("way"), details.get("method")]
    return ", ".join(dict.fromkeys(str(WAYS[each]) for each in named if each in WAYS))
