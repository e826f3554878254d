"""Where the money of a payment went, and what is still due behind it: for its receipt, by card or at the counter."""

from datetime import date

from django.utils.translation import gettext

from guichet.kernel.money import Money
from guichet.web.templatetags.guichet import date_long, euros
from tenant_apps.pawn.domain.operations import OperationKind, Part
from tenant_apps.pawn.domain.tariffs.debt import debt
from tenant_apps.pawn.loans import loan_behind, tariff_of_contract
from tenant_apps.pawn.models import Operation, OperationLine
from tenant_apps.pawn.wording import ACTS_CHARGED, PARTS


def parts_of(*, operation: Operation) -> tuple[tuple[str, Money], ...]:
    """A name each: charges before capital (Code civil 1343-1). Interest before the term and after it is one sum."""
    found: dict[str, Money] = {}
    for line in sorted(operation.lines.all(), key=lambda each: (each.part == Part.CAPITAL, each.position)):
        name = part_in_words(line=line)
        found[name] = found.get(name, Money()) + line.amount
    return tuple(found.items())


def part_in_words(*, line: OperationLine) -> str:
    if line.part == Part.ACT:
        return str(ACTS_CHARGED.get(line.act, ACTS_CHARGED["other"]))
    return str(PARTS[line.part])


def left_behind(*, operation: Operation) -> tuple[str, ...]:
    """What pays everything the same day, once this is paid; and by when. Of what the client pays."""
    if operation.kind == OperationKind.REDEEMED:
        return (gettext("Il ne reste rien à payer pour ce contrat."),)
    loan = loan_behind(operation=operation)
    owed = debt(tariff=tariff_of_contract(contract=operation.contract), loan=loan, on=operation.on)
    said = {
        "day": date_long(operation.on),
        "total": euros(owed.total),
        "capital": euros(owed.capital),
        "charges": euros(owed.charges),
    }
    if owed.charges:
        left = gettext(
            "Reste à payer pour tout rembourser le %(day)s : %(total)s, dont %(capital)s de capital et %(charges)s "
            "d’intérêts et de frais."
        )
    else:
        left = gettext("Reste à payer pour tout rembourser le %(day)s : %(total)s, le capital.")
    return left % said, _term(owed.term, moved=operation.kind == OperationKind.PROLONGED)


def _term(term: date, *, moved: bool) -> str:
    said = gettext("Nouvelle échéance : %(day)s.") if moved else gettext("Échéance : %(day)s.")
    return said % {"day": date_long(term)}
