"""What the law bounds of pawn loans, and what a number of contract must hold."""

from collections.abc import Iterator
from datetime import timedelta

from tenants.policy.checks.finding import HOUSE, Finding, Rule
from tenants.policy.document import Policy
from tenants.policy.identifiers import IdentifierRefused, format_of
from tenants.policy.sections.identifier import ClientNumberIdentifier, EmailOrClientNumberIdentifier
from tenants.policy.sections.pawn import LONGEST_NUMBER

_NOTICE = Rule("sale-notice", "law", "CMF, art. D514-16")
_HORIZON = Rule("sale-horizon", "house", HOUSE)
_BONI = Rule("boni-notice", "law", "CMF, art. D514-21")
_GRACE = Rule("grace-order", "house", HOUSE)
_NUMBER = Rule("contract-number", "house", HOUSE)
_CLIENT_NUMBER = Rule("new-client-number", "house", HOUSE)
_LETTERS = Rule("letters-least", "house", HOUSE)
_UNREACHED = Rule("clients-unreached", "house", HOUSE)
_PRICES = Rule("metal-prices", "house", HOUSE)
SHORTEST_NOTICE = timedelta(days=10)
LATEST_MONTHS, MOST_EUROS = 3, 15

RULES = (_NOTICE, _HORIZON, _BONI, _GRACE, _NUMBER, _CLIENT_NUMBER, _PRICES, _LETTERS, _UNREACHED)


def find(policy: Policy) -> Iterator[Finding]:
    pawn = policy.pawn
    if pawn.sale_notice < SHORTEST_NOTICE:
        yield _NOTICE.error("pawn.sale_notice", "une vente est annoncée dix jours avant, au moins")
    if pawn.sale_horizon <= pawn.sale_notice:
        yield _HORIZON.error(
            "pawn.sale_horizon", "plus court que le temps dont une vente est annoncée à l’avance"
        )
    if pawn.boni_notice_months > LATEST_MONTHS:
        yield _BONI.error(
            "pawn.boni_notice_months", "la caisse écrit trois mois après la vente, au plus tard"
        )
    if pawn.boni_notice_euros > MOST_EUROS:
        yield _BONI.error("pawn.boni_notice_euros", "la caisse écrit dès que le boni atteint 15 €")
    if pawn.grace < pawn.due_for:
        yield _GRACE.error("pawn.grace", "plus court que le temps où le contrat est échu")
    yield from _numbers(policy)
    yield from _letters(policy)
    days = [(each.metal, each.since) for each in pawn.metal_prices]
    if len(set(days)) < len(days):
        yield _PRICES.error("pawn.metal_prices", "un métal a deux prix depuis le même jour")


def _letters(policy: Policy) -> Iterator[Finding]:
    pawn = policy.pawn
    if "letter" not in pawn.remind_by:
        yield _UNREACHED.warning("pawn.remind_by", "qui n’a ni e-mail ni mobile n’est averti de rien")
    elif not {"due", "sale"} <= set(pawn.letters_for):
        yield _LETTERS.error(
            "pawn.letters_for",
            "qui n’a qu’une adresse est averti de l’échéance (due) et de la vente (sale), au moins",
        )


def _numbers(policy: Policy) -> Iterator[Finding]:
    pawn = policy.pawn
    longest = len(pawn.number_format.replace("{n}", "").replace("{yyyy}", "yyyy").replace("{yy}", "yy"))
    if longest + pawn.number_digits > LONGEST_NUMBER:
        yield _NUMBER.error("pawn.number_digits", "un numéro de contrat a vingt signes au plus")
    if not _signs_in(pawn.client_number(rank=1), policy):
        yield _CLIENT_NUMBER.error(
            "pawn.client_number_format", "l’identifiant des clients ne peut pas s’écrire comme ce numéro"
        )


def _signs_in(number: str, policy: Policy) -> bool:
    """True too where clients sign in by something else."""
    if not isinstance(policy.identifier, ClientNumberIdentifier | EmailOrClientNumberIdentifier):
        return True
    try:
        format_of(policy.identifier).normalise(number)
    except IdentifierRefused:
        return False
    return True
