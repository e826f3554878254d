"""What stands on the receipt that the client signs for a boni (CMF D514-21).

In French whatever the client reads: the loi 94-665, article 2, wants receipts in it.
"""

from dataclasses import dataclass

from django.utils.translation import override

from guichet.kernel.formatting import date_long, euros
from guichet.tenancy.connection import connection
from guichet.web.templatetags.guichet import moment
from tenant_apps.identity.documents_shown import DOCUMENTS
from tenant_apps.journal.selectors import details_of_operations
from tenant_apps.pawn.domain.operations import OperationKind, Part
from tenant_apps.pawn.models import Operation
from tenant_apps.pawn.services.doing import EVENTS, journalled_as
from tenant_apps.pawn.wording import MEANS
from tenants.policy.current import current_policy

NUMBERED = "Quittance de boni n° "


@dataclass(frozen=True, slots=True, kw_only=True)
class BoniWords:
    """`sums`: from the price of the sale to what was paid; `said`: what the signature stands for."""

    title: str
    sender: tuple[str, ...]
    payee: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    sums: tuple[tuple[str, str], ...]
    total: tuple[str, str]
    said: str


def boni_words(*, operation: Operation) -> BoniWords:
    """Of a boni that was paid under a number, with its contract and its client."""
    contract = operation.contract
    client = contract.client
    with override("fr"):
        paid, paid_on = euros(operation.amount, "fr"), date_long(operation.on, "fr")
        return BoniWords(
            title=f"{NUMBERED}{operation.receipt}",
            sender=(connection.tenant.name, *current_policy().texts.address.splitlines()),
            payee=(client.full_name, f"Client n° {client.number}"),
            facts=_facts(operation),
            sums=_sums(operation),
            total=("Somme versée", paid),
            said=f"{client.full_name} reconnaît avoir reçu {paid} le {paid_on}, et n’a plus rien à recevoir de la "
            f"vente des objets du contrat n° {contract.number}.",
        )


def _facts(operation: Operation) -> tuple[tuple[str, str], ...]:
    contract = operation.contract
    facts = [
        ("Versé le", moment(operation.at)),
        ("Remis à", contract.client.full_name),
        ("Pièce d’identité vue", _document(operation)),
        ("Moyen", str(MEANS.get(operation.means, "À l’agence"))),
        ("Contrat", contract.number),
        ("Objets vendus le", date_long(contract.sale.sold_on, "fr")),
        ("Référence", str(operation.uuid)),
    ]
    return tuple((label, value) for label, value in facts if value)


def _document(operation: Operation) -> str:
    """The journal alone knows it."""
    told = details_of_operations(
        subjects=journalled_as(contract=operation.contract), kinds=[EVENTS[OperationKind.BONI_PAID]]
    )
    code = told.get(str(operation.uuid), {}).get("document", "")
    return str(DOCUMENTS.get(code, ""))


def _sums(operation: Operation) -> tuple[tuple[str, str], ...]:
    sale = operation.contract.sale
    sums = [
        ("Prix d’adjudication", euros(sale.hammer_price, "fr")),
        ("Dette ce jour-là, frais d’avis et de vente compris", euros(-sale.owed, "fr")),
        ("Boni", euros(sale.boni, "fr")),
    ]
    postage = [euros(each.amount, "fr") for each in operation.lines.all() if each.part == Part.ACT]
    return (*sums, *(("Avis de boni", each) for each in postage))
