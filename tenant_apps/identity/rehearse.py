"""What a draft of the policy would have changed for those who signed in."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenant_apps.identity.domain.rehearsal import PastTry, blocked_subjects
from tenant_apps.identity.notices import STEPS_PASSED
from tenant_apps.identity.selectors import client_identifiers, clients_without_phone
from tenant_apps.journal.models import Event
from tenant_apps.journal.selectors import events_between
from tenants.policy.document import Policy
from tenants.policy.identifiers import IdentifierFormat, IdentifierRefused, format_of

DONE = "sign_in.done"
FAILED = ("sign_in.refused", "sign_in.locked", "sign_in.refused_while_locked", "second_step.refused")
CODE_SENT = "second_step.code_sent"


def rehearse_sign_ins(current: Policy, draft: Policy, since: datetime, until: datetime) -> list[str]:
    """Blocks more or fewer, codes that would not have been sent, clients who could not enter."""
    events = list(events_between(kinds=(DONE, STEPS_PASSED, CODE_SENT, *FAILED), since=since, until=until))
    tries = list(_tries(each for each in events if each.kind != CODE_SENT))
    before = len(blocked_subjects(tries, rules=current.lockout))
    after = len(blocked_subjects(tries, rules=draft.lockout))
    codes = sum(each.kind == CODE_SENT for each in events)
    lines = [
        ngettext("%(count)s essai rejoué.", "%(count)s essais rejoués.", len(tries)) % {"count": len(tries)},
        _("Comptes bloqués au moins une fois : %(after)s, au lieu de %(before)s.")
        % {"after": after, "before": before},
    ]
    if _by_sms(current) and not _by_sms(draft):
        lines.append(_("SMS de moins : %(count)s.") % {"count": codes})
    if _only_sms(draft):
        alone = clients_without_phone()
        lines.append(
            ngettext(
                "%(count)s client sans mobile n’entrerait pas.",
                "%(count)s clients sans mobile n’entreraient pas.",
                alone,
            )
            % {"count": alone}
        )
    if current.identifier != draft.identifier:
        lost = _identifiers_lost(draft)
        lines.append(
            ngettext(
                "%(count)s client n’entrerait plus avec son identifiant.",
                "%(count)s clients n’entreraient plus avec leur identifiant.",
                lost,
            )
            % {"count": lost}
        )
    return lines


def _tries(events: Iterable[Event]) -> Iterator[PastTry]:
    """A sign-in that stopped at a page before the space was one try: it is right where it stopped."""
    latest: dict[str, str] = {}
    for each in events:
        if not (each.kind == DONE and latest.get(each.subject) == STEPS_PASSED):
            yield PastTry(each.subject, each.at, each.kind in {DONE, STEPS_PASSED})
        latest[each.subject] = each.kind


def _identifiers_lost(draft: Policy) -> int:
    """How many identifiers the draft's format refuses, or would write otherwise."""
    form = format_of(draft.identifier)
    return sum(not _is_kept(identifier, form) for identifier in client_identifiers())


def _is_kept(identifier: str, form: IdentifierFormat) -> bool:
    try:
        return form.normalise(identifier) == identifier
    except IdentifierRefused:
        return False


def _by_sms(policy: Policy) -> bool:
    return policy.second_factor.required and "sms" in policy.second_factor.methods


def _only_sms(policy: Policy) -> bool:
    return policy.second_factor.required and policy.second_factor.methods == ("sms",)
