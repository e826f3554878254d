"""What stands on the receipt of a payment at the counter, in the language of the moment."""

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
    """Of one that has a number, with its contract, its client and its parts."""
    policy, contract = current_policy(), operation.contract
    client = contract.client
    facts = [
        (gettext("Payé le"), moment(operation.at)),
        (gettext("Moyen"), str(MEANS.get(operation.means, gettext("À l’agence")))),
        (gettext("Contrat"), contract.number),
        (gettext("Pour"), what_for(operation=operation)),
    ]
    facts.append((gettext("Référence"), str(operation.uuid)))
    return ReceiptWords(
        number=operation.receipt,
        title=gettext("Reçu de paiement n° %(number)s") % {"number": operation.receipt},
        sender=(connection.tenant.name, *policy.texts.address.splitlines()),
        payer=(client.full_name, gettext("Client n° %(number)s") % {"number": client.number}),
        facts=tuple(facts),
        rows=tuple(
            ReceiptRow(label=name, amount=euros(share)) for name, share in parts_of(operation=operation)
        ),
        total=(gettext("Total payé"), euros(operation.amount)),
        left=left_behind(operation=operation),
        mentions=(
            gettext(
                "Ce reçu est rangé dans « Mes documents ». Le code ci-contre mène à l’original, dans votre espace."
            ),
            french(in_language(policy.texts.legal)),
        ),
        link=link,
    )


def what_for(*, operation: Operation) -> str:
    return str(OPERATIONS[OperationKind(operation.kind)])
