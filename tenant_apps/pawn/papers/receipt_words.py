"""What stands on the receipt of a payment at the counter, in the language of the moment."""

from typing import Any

from django.utils.translation import gettext

from guichet.tenancy.connection import connection
from guichet.web.templatetags.guichet import euros, moment
from guichet.web.templatetags.guichet import words as in_language
from tenant_apps.pawn.domain.operations import OperationKind
from tenant_apps.pawn.models import Operation
from tenant_apps.pawn.papers.account import left_behind, parts_of
from tenant_apps.pawn.wording import MEANS, OPERATIONS
from tenant_apps.payments.receipt_words import ReceiptRow, ReceiptWords
from tenants.policy.current import current_policy
from tenants.policy.typography import french


def counter_receipt_words(*, operation: Operation, link: str) -> ReceiptWords:
    """Of one that has a number, with its contract, its client and its parts: of a payment, or of its taking back."""
    payment = operation.takes_back
    if payment is not None:
        return _cancellation(operation, payment, link)
    taken_back: Operation | None = getattr(operation, "taken_back_by", None)
    title = gettext("Reçu de paiement n° %(number)s") % {"number": operation.receipt}
    if taken_back is not None:
        title = gettext("ANNULÉ : %(what)s") % {"what": title}
    return ReceiptWords(
        title=title,
        facts=(
            *_cancelled(taken_back),
            (gettext("Payé le"), moment(operation.at)),
            *_facts(operation, operation),
        ),
        total=(gettext("Total payé"), euros(operation.amount)),
        left=() if taken_back is not None else left_behind(operation=operation),
        **_common(operation, link),
    )


def _cancelled(taken_back: Operation | None) -> tuple[tuple[str, str], ...]:
    if taken_back is None:
        return ()
    said = {"when": moment(taken_back.at), "number": taken_back.receipt}
    return ((gettext("Annulé le"), gettext("%(when)s, annulation n° %(number)s") % said),)


def _cancellation(operation: Operation, payment: Operation, link: str) -> ReceiptWords:
    """Its sums stand below nothing. What is due of an announced sale that stands again, its own page says."""
    return ReceiptWords(
        title=gettext("Annulation n° %(number)s du reçu n° %(of)s")
        % {"number": operation.receipt, "of": payment.receipt},
        facts=(
            (gettext("Annulé le"), moment(operation.at)),
            (gettext("Payé le"), moment(payment.at)),
            *_facts(operation, payment),
        ),
        total=(gettext("Total annulé"), euros(operation.amount)),
        left=() if payment.sale_stopped else left_behind(operation=operation),
        **_common(operation, link),
    )


def _facts(operation: Operation, payment: Operation) -> tuple[tuple[str, str], ...]:
    return (
        (gettext("Moyen"), str(MEANS.get(operation.means, gettext("À l’agence")))),
        (gettext("Contrat"), operation.contract.number),
        (gettext("Pour"), what_for(operation=payment)),
        (gettext("Référence"), str(operation.uuid)),
    )


def _common(operation: Operation, link: str) -> dict[str, Any]:
    policy, client = current_policy(), operation.contract.client
    return {
        "number": operation.receipt,
        "sender": (connection.tenant.name, *policy.texts.address.splitlines()),
        "payer": (client.full_name, gettext("Client n° %(number)s") % {"number": client.number}),
        "rows": tuple(
            ReceiptRow(label=name, amount=euros(share)) for name, share in parts_of(operation=operation)
        ),
        "mentions": (
            gettext(
                "Ce reçu est rangé dans « Mes documents ». Le code ci-contre mène à l’original, dans votre espace."
            ),
            french(in_language(policy.texts.legal)),
        ),
        "link": link,
    }


def what_for(*, operation: Operation) -> str:
    return str(OPERATIONS[OperationKind(operation.kind)])
