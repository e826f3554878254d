"""What stands on a receipt, in the language of the moment."""

from dataclasses import dataclass

from django.utils.translation import gettext

from guichet.tenancy.connection import connection
from guichet.web.templatetags.guichet import euros, moment
from guichet.web.templatetags.guichet import words as in_language
from tenant_apps.payments.domain.states import LineState
from tenant_apps.payments.models import Payment, PaymentLine
from tenant_apps.payments.presentation import LINES, line_label
from tenants.policy.current import current_policy
from tenants.policy.typography import french


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptWords:
    """`rows`: what was paid, what became of it where it was not simply done, and the sum."""

    number: str
    title: str
    sender: tuple[str, ...]
    payer: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, str, str], ...]
    total: tuple[str, str]
    mentions: tuple[str, ...]
    link: str


def receipt_words(*, payment: Payment, link: str) -> ReceiptWords:
    """Of a captured payment."""
    if payment.captured is None or payment.captured_at is None or payment.receipt is None:
        raise ValueError("a receipt says what was captured")
    policy, client = current_policy(), payment.client
    lines = payment.lines.exclude(state=LineState.DROPPED).order_by("position")
    return ReceiptWords(
        number=payment.receipt,
        title=gettext("Reçu de paiement n° %(number)s") % {"number": payment.receipt},
        sender=(connection.tenant.name, *policy.texts.address.splitlines()),
        payer=(client.full_name, gettext("Client n° %(number)s") % {"number": client.number}),
        facts=(
            (gettext("Payé le"), moment(payment.captured_at)),
            (gettext("Moyen"), gettext("Carte bancaire, en ligne")),
            (gettext("Référence"), str(payment.uuid)),
        ),
        rows=tuple(_row(each) for each in lines),
        total=(gettext("Total payé"), euros(payment.captured)),
        mentions=(
            gettext(
                "Ce reçu est rangé dans « Mes documents ». Le code ci-contre mène à l’original, dans votre espace."
            ),
            french(in_language(policy.texts.legal)),
        ),
        link=link,
    )


def _row(line: PaymentLine) -> tuple[str, str, str]:
    label = line_label(kind=line.kind, reference=line.reference, act=line.act)
    became = "" if line.state == LineState.APPLIED else str(LINES[line.state].label)
    return label, became, euros(line.amount)
