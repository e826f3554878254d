"""What stands on the receipt of a payment at the counter, in the language of the moment."""

from django.utils.translation import gettext

from guichet.kernel.money import Money, total
from guichet.tenancy.connection import connection
from guichet.web.templatetags.guichet import date_long, euros, moment
from guichet.web.templatetags.guichet import words as in_language
from tenant_apps.pawn.domain.operations import OperationKind, Part
from tenant_apps.pawn.models import Operation, OperationLine
from tenant_apps.pawn.wording import ACTS_CHARGED, MEANS, OPERATIONS, PARTS
from tenant_apps.payments.receipt_words import ReceiptWords
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
    if operation.term_after:
        facts.append((gettext("Échéance"), date_long(operation.term_after)))
    facts.append((gettext("Référence"), str(operation.uuid)))
    return ReceiptWords(
        number=operation.receipt,
        title=gettext("Reçu de paiement n° %(number)s") % {"number": operation.receipt},
        sender=(connection.tenant.name, *policy.texts.address.splitlines()),
        payer=(client.full_name, gettext("Client n° %(number)s") % {"number": client.number}),
        facts=tuple(facts),
        rows=_rows(operation),
        total=(gettext("Total payé"), euros(operation.amount)),
        mentions=(
            gettext(
                "Ce reçu est rangé dans « Mes documents ». Le code ci-contre mène à l’original, dans votre espace."
            ),
            french(in_language(policy.texts.legal)),
        ),
        link=link,
    )


def _rows(operation: Operation) -> tuple[tuple[str, str, str], ...]:
    """Interest before the term and after it are parts of their own, under one name: a reader sees one sum."""
    sums: dict[str, list[Money]] = {}
    for line in operation.lines.all():
        sums.setdefault(part_in_words(line=line), []).append(line.amount)
    return tuple((label, "", euros(total(amounts))) for label, amounts in sums.items())


def what_for(*, operation: Operation) -> str:
    return str(OPERATIONS[OperationKind(operation.kind)])


def part_in_words(*, line: OperationLine) -> str:
    if line.part == Part.ACT:
        return str(ACTS_CHARGED.get(line.act, ACTS_CHARGED["other"]))
    return str(PARTS[line.part])
