"""How what is done with a contract is paid by card: the price of each act, the act itself, and its words."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from guichet.kernel.money import ZERO, Money
from tenant_apps.clients.models import Client
from tenant_apps.pawn.after_payment import afterwards, operation_number
from tenant_apps.pawn.card_payments import operation_of_payment
from tenant_apps.pawn.choices import PART, REDEEM, months_of
from tenant_apps.pawn.domain.law import LONGEST_MONTHS
from tenant_apps.pawn.domain.operations import by_card
from tenant_apps.pawn.domain.possible import Act, WhyNot
from tenant_apps.pawn.effects import effect_of, quote_of_act, shares_of
from tenant_apps.pawn.known_numbers import known_number, learn_numbers
from tenant_apps.pawn.links import KIND
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.papers.account import left_behind, parts_of
from tenant_apps.pawn.selectors import (
    NoSuchContractError,
    contract_of,
    contract_of_caisse,
    contract_of_client_id,
)
from tenant_apps.pawn.services.charged_since import waived_since
from tenant_apps.pawn.services.errors import NotPossibleError, OperationReusedError
from tenant_apps.pawn.services.pay_part import pay_part
from tenant_apps.pawn.services.prolong_contract import prolong_contract
from tenant_apps.pawn.services.quote import Quote
from tenant_apps.pawn.services.redeem_contract import redeem_contract
from tenant_apps.pawn.wording import WHY_NOT, refusal_in_words
from tenant_apps.payments.registry import (
    Account,
    CannotApplyError,
    CannotPayError,
    Settlement,
    register_settlement,
)
from tenant_apps.payments.services.start_payment import PAGE_OPEN
from tenants.policy.current import current_policy

# What a midnight alone may change of what was quoted: the price, the least of a part, the room before the last term,
# and what was done since on the new day.
BY_THE_DAY = frozenset(
    {
        WhyNot.WRONG_AMOUNT,
        WhyNot.BELOW_CHARGES,
        WhyNot.NOT_LATER,
        WhyNot.BEYOND_TWO_YEARS,
        WhyNot.AT_THE_END,
        WhyNot.OUT_OF_ORDER,
    }
)
NO_SUCH = "no_such_contract"
REUSED = "operation_reused"
REASONS: dict[str, Promise] = {
    **WHY_NOT,
    NO_SUCH: _("Ce contrat n’est plus dans le dossier du client."),
    REUSED: _("Ce paiement a déjà servi à ce contrat."),
}
# Where the client reads something else: of what is paid already, nothing can be chosen any more.
TOLD: dict[str, Promise] = {
    NO_SUCH: _("Ce contrat n’est plus dans votre dossier."),
    WhyNot.BELOW_CHARGES: _("La somme ne suffisait plus à payer les intérêts et les frais du jour."),
    WhyNot.REDEEMS: _("La somme dépassait ce qui restait à payer."),
    WhyNot.WRONG_AMOUNT: _("Ce qui était dû a changé entre-temps."),
}


def register() -> None:
    register_settlement(
        KIND,
        Settlement(
            price=price,
            apply=apply,
            words=words,
            learn=learn_numbers,
            mentions=mentions,
            changes=changes,
            shares=shares,
            account=account,
            reasons=REASONS,
            told=TOLD,
            afterwards=afterwards,
            page="contracts",
        ),
    )


def price(*, client: Client, reference: UUID, act: str, amount: Money | None, now: datetime) -> Money:
    """Raises CannotPayError."""
    try:
        contract = contract_of(client=client, uuid=reference)
    except NoSuchContractError as error:
        raise CannotPayError(gettext("Ce contrat n’est pas dans votre dossier.")) from error
    try:
        return _quote(contract, act, amount, timezone.localdate(now), as_of=now).total
    except NotPossibleError as error:
        said = {"number": contract.number, "why": refusal_in_words(error)}
        raise CannotPayError(gettext("Contrat n° %(number)s : %(why)s") % said) from error


def _quote(
    contract: Contract, act: str, amount: Money | None, on: date, *, as_of: datetime | None = None
) -> Quote:
    kind = {PART: Act.PAY_PART, REDEEM: Act.REDEEM}.get(act, Act.PROLONG)
    return quote_of_act(contract=contract, act=kind, months=months_of(act), amount=amount, on=on, as_of=as_of)


def shares(*, reference: UUID, act: str, amount: Money) -> tuple[tuple[str, Money], ...]:
    """Nothing of what can no longer be done: its price says so."""
    try:
        contract = contract_of_caisse(uuid=reference)
        return shares_of(quote=_quote(contract, act, amount, timezone.localdate()))
    except (NoSuchContractError, NotPossibleError):
        return ()


def apply(
    *,
    client_id: int,
    reference: UUID,
    act: str,
    amount: Money,
    payment_uuid: UUID,
    now: datetime,
    quoted_at: datetime | None = None,
) -> Money:
    """As it was quoted: neither a midnight nor a notice that was charged since changes a price that was promised. What
    was waived since is too much.

    Raises CannotApplyError.
    """
    try:
        contract = contract_of_client_id(client_id=client_id, uuid=reference)
    except NoSuchContractError as error:
        raise CannotApplyError(NO_SUCH) from error
    paid = _Paid(contract, act, amount, payment_uuid, now, quoted_at)
    first, second = _days(paid)
    try:
        try:
            return _apply_on(paid, first)
        except NotPossibleError as error:
            if error.why not in BY_THE_DAY or first == second:
                raise
            return _apply_on(paid, second)
    except NotPossibleError as error:
        raise CannotApplyError(error.why) from error
    except OperationReusedError as error:
        raise CannotApplyError(REUSED) from error


@dataclass(frozen=True, slots=True)
class _Paid:
    """What a card has paid for one contract."""

    contract: Contract
    act: str
    amount: Money
    payment: UUID
    now: datetime
    quoted_at: datetime | None


def _days(paid: _Paid) -> tuple[date, date]:
    """That of the charge, and that of the quote where a midnight may lie between them: which is tried first, then the
    other. Where a price fits a day alone, the sum says which; a part fits both, and goes where its client read that it
    would.
    """
    today = timezone.localdate(paid.now)
    eve = timezone.localdate(paid.now - current_policy().payments.quote_lifetime - PAGE_OPEN)
    quoted = timezone.localdate(paid.quoted_at) if paid.quoted_at else today
    return (eve, today) if paid.act == PART and quoted == eve else (today, eve)


def _apply_on(paid: _Paid, on: date) -> Money:
    """What of the sum it did not need. Raises NotPossibleError, OperationReusedError."""
    try:
        _do(paid, paid.amount, on)
    except NotPossibleError as error:
        waived = waived_since(contract=paid.contract, since=paid.quoted_at)
        # Any other difference is another act than the one that was promised.
        if error.due is None or not waived or error.due + waived != paid.amount:
            raise
        _do(paid, error.due, on)
        return waived
    return ZERO


def _do(paid: _Paid, amount: Money, on: date) -> None:
    """A basket pays several contracts: each has an operation of its own, the same each time it is told."""
    common: dict[str, Any] = {
        "contract": paid.contract,
        "paid": amount,
        "operation": operation_number(payment=paid.payment, contract=paid.contract.uuid),
        "origin": by_card(payment=paid.payment),
        "on": on,
        "now": paid.now,
        "as_of": paid.quoted_at,
    }
    if paid.act == PART:
        pay_part(**common)
    elif paid.act == REDEEM:
        redeem_contract(**common)
    else:
        prolong_contract(months=months_of(paid.act) or 0, **common)


def account(*, reference: UUID, act: str, payment: UUID) -> Account:
    """Nothing of what has no history here."""
    operation = operation_of_payment(contract=reference, payment=payment)
    if operation is None:
        return Account()
    return Account(parts=parts_of(operation=operation), left=left_behind(operation=operation))


def words(*, reference: UUID, act: str) -> str:
    """A contract that is gone leaves its payments: they are named all the same."""
    try:
        number = known_number(uuid=reference)
    except NoSuchContractError:
        return gettext("Prêt sur gage")
    return gettext("Contrat n° %(number)s : %(act)s") % {"number": number, "act": _act_in_words(act)}


def _act_in_words(act: str) -> str:
    if act == PART:
        return gettext("paiement d’une partie")
    if act == REDEEM:
        return gettext("tout rembourser")
    months = months_of(act) or 0
    return ngettext("prolonger de %(count)s mois", "prolonger de %(count)s mois", months) % {"count": months}


def mentions(*, reference: UUID, act: str) -> tuple[str, ...]:
    """What the law wants known of this act."""
    if act == REDEEM:
        return (
            gettext(
                "Une fois tout payé, venez reprendre l’objet à l’agence, avec la reconnaissance et une pièce "
                "d’identité."
            ),
        )
    if act == PART:
        return (
            gettext(
                "Votre paiement va d’abord aux intérêts et aux frais, puis au capital (Code civil, 1343-1)."
            ),
        )
    return prolonging_mentions()


def prolonging_mentions(*, free: bool = False) -> tuple[str, ...]:
    """A free loan bears no interest, and is a credit all the same."""
    goes_on = (
        gettext("Le prêt continue : le capital reste dû jusqu’à ce que vous remboursiez tout.")
        if free
        else gettext("Le prêt continue : les intérêts courent jusqu’à ce que vous remboursiez tout.")
    )
    return (
        goes_on,
        gettext(
            "Un prêt sur gage dure %(months)s mois au plus, prolongations comprises (Code monétaire et financier, "
            "D514-7)."
        )
        % {"months": LONGEST_MONTHS},
        credit_sentence(),
        gettext("Il n’y a pas de droit de rétractation (D514-8-1)."),
    )


def changes(*, reference: UUID, act: str) -> tuple[str, ...]:
    """Of a prolongation: the new term, and what will stay due."""
    if months_of(act) is None:
        return ()
    try:
        contract = contract_of_caisse(uuid=reference)
        quote = _quote(contract, act, None, timezone.localdate())
    except (NoSuchContractError, NotPossibleError):
        return ()
    effect = effect_of(contract=contract, quote=quote)
    return effect.sentences if effect else ()


def credit_sentence() -> str:
    """Code de la consommation L312-5, which holds for pawn loans by L312-3: these words and no others."""
    return gettext(
        "Un crédit vous engage et doit être remboursé. Vérifiez vos capacités de remboursement avant de vous engager."
    )
