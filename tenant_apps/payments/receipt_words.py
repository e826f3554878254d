"""What stands on a receipt, in the language of the moment."""

from dataclasses import dataclass

from django.utils.translation import gettext

from guichet.tenancy.connection import connection
from guichet.web.templatetags.guichet import euros, moment
from guichet.web.templatetags.guichet import words as in_language
from tenant_apps.payments.domain.states import LineState
from tenant_apps.payments.line_words import LineWords, accounted
from tenant_apps.payments.models import Payment
from tenants.policy.current import current_policy
from tenants.policy.typography import french


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRow:
    """What was paid and its sum; `parts`: where the money went; `notes`: what became of it, and what is still due."""

    label: str
    amount: str
    parts: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptWords:
    """`left`: what is still due once all of it is done, where no row says so."""

    number: str
    title: str
    sender: tuple[str, ...]
    payer: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    rows: tuple[ReceiptRow, ...]
    total: tuple[str, str]
    left: tuple[str, ...] = ()
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
        rows=tuple(_row(accounted(each, payment=payment.uuid)) for each in lines),
        total=(gettext("Total payé"), euros(payment.captured)),
        mentions=(
            gettext(
                "Ce reçu est rangé dans « Mes documents ». Le code ci-contre mène à l’original, dans votre espace."
            ),
            french(in_language(policy.texts.legal)),
        ),
        link=link,
    )


def _row(line: LineWords) -> ReceiptRow:
    return ReceiptRow(
        label=line.label,
        amount=euros(line.amount),
        parts=tuple((name, euros(share)) for name, share in line.parts),
        notes=line.notes,
    )
