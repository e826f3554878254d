"""What stands on a contract and on the receipt of its objects (CMF D514-9, D514-10).

In French whatever the client reads: the loi 94-665, article 2, wants a contract of service in it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import override

from guichet.kernel.formatting import date_long, decimal_number, euros
from guichet.tenancy.connection import connection
from tenant_apps.clients.models import Client
from tenant_apps.pawn.domain.tariffs.debt import Simulation, simulate
from tenant_apps.pawn.domain.tariffs.document import TariffDocument
from tenant_apps.pawn.domain.tariffs.months import add_months
from tenant_apps.pawn.domain.tariffs.taeg import shown as taeg_shown
from tenant_apps.pawn.explain import explained, rate
from tenant_apps.pawn.loans import tariff_of_contract
from tenant_apps.pawn.models import Contract, PledgedObject
from tenant_apps.pawn.papers.terms import conditions
from tenant_apps.pawn.presentation import CATEGORY_LABELS
from tenant_apps.pawn.services.open_contract import Offer, Pledge
from tenant_apps.pawn.tariff_page import Row, prices_of
from tenant_apps.pawn.tariffs.selectors import computed
from tenants.policy.current import current_policy
from tenants.policy.typography import french

TO_FILL_IN = "…" * 20
METALS = {"gold": "or", "silver": "argent", "platinum": "platine"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractWords:
    """`facts`: of the loan; `costs`: by line, how it is found and its sum; `terms`: a heading and its sentences.

    `mention`: what marks one that is still to be signed.
    """

    number: str
    sender: tuple[str, ...]
    borrower: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    objects: tuple[tuple[str, str], ...]
    rates: tuple[tuple[str, str], ...]
    costs: tuple[tuple[str, str, str], ...]
    total: tuple[str, str]
    terms: tuple[tuple[str, tuple[str, ...]], ...]
    signed: str
    mention: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What the two sides agree on. `number`: empty until it is signed."""

    number: str
    client: Client
    kept_at: str
    document: TariffDocument
    simulation: Simulation
    objects: Sequence[PledgedObject]


def contract_words(*, contract: Contract) -> ContractWords:
    """As it was signed, whatever has happened to it since. Of a contract of ours, with its objects."""
    with override("fr"):
        agreed = Agreed(
            number=contract.number,
            client=contract.client,
            kept_at=contract.kept_at,
            document=tariff_of_contract(contract=contract).document,
            simulation=simulation_of(contract=contract),
            objects=[*contract.objects_pledged.all()],
        )
        return _words(agreed, dated=date_long(contract.opened_on, "fr"))


def words_to_sign(*, client: Client, pledges: Sequence[Pledge], offer: Offer, kept_at: str) -> ContractWords:
    """Of an offer, before anybody has signed: the same terms, without a number and with room for the date."""
    with override("fr"):
        agreed = Agreed(
            number="",
            client=client,
            kept_at=kept_at,
            document=computed(uuid=offer.tariff.uuid).document,
            simulation=offer.simulation,
            objects=[_to_pledge(each) for each in pledges],
        )
        day = date_long(offer.simulation.loan.start, "fr")
        mention = french(
            f"Version à signer, préparée le {day}. Elle vaut ce jour-là. Le numéro du contrat est donné à la signature."
        )
        return replace(_words(agreed, dated=TO_FILL_IN), mention=mention)


def _to_pledge(pledge: Pledge) -> PledgedObject:
    """Not stored."""
    names = ("category", "description", "appraisal", "weight_grams", "fineness", "metal", "is_new")
    return PledgedObject(**{name: getattr(pledge, name) for name in names})


def _words(agreed: Agreed, *, dated: str) -> ContractWords:
    """Called in French."""
    found, policy = agreed.simulation, current_policy()
    prices = prices_of(document=agreed.document)
    lines = (*found.withheld, *found.debt.lines, *found.compulsory)
    return ContractWords(
        number=agreed.number,
        sender=sender_of(),
        borrower=borrower_of(client=agreed.client),
        facts=_facts(agreed),
        objects=objects_of(objects=agreed.objects),
        rates=tuple(_fact(each) for each in (*prices.brackets, *prices.fees, *prices.late, *prices.acts)),
        costs=tuple(
            (each.label, each.how, euros(each.amount, "fr"))
            for each in explained(lines=lines, lent=found.loan.lent)
        ),
        total=("Total dû à l’échéance", euros(found.paid, "fr")),
        terms=conditions(policy=policy, caisse=connection.tenant.name),
        signed=french(f"Fait à {policy.caisse.town}, le {dated}"),
    )


def simulation_of(*, contract: Contract) -> Simulation:
    """The loan as it was offered and signed."""
    tariff = tariff_of_contract(contract=contract)
    months = next(
        each for each in tariff.document.months if add_months(contract.opened_on, each) == contract.first_term
    )
    return simulate(tariff=tariff, capital=contract.amount_lent, start=contract.opened_on, months=months)


def sender_of() -> tuple[str, ...]:
    return (connection.tenant.name, *current_policy().texts.address.splitlines())


def borrower_of(*, client: Client) -> tuple[str, ...]:
    born = [f"Date de naissance : {date_long(client.birth_date, 'fr')}"] if client.birth_date else []
    return tuple(
        french(each)
        for each in (client.full_name, *client.postal_address, *born, f"Client n° {client.number}")
    )


def _facts(agreed: Agreed) -> tuple[tuple[str, str], ...]:
    found = agreed.simulation
    term = date_long(found.loan.term, "fr")
    return (
        ("Type de crédit", "Prêt sur gage corporel"),
        ("Somme prêtée", euros(found.loan.lent, "fr")),
        ("Somme remise à la signature", euros(found.handed_over, "fr")),
        ("Date du prêt", date_long(found.loan.start, "fr")),
        ("Durée", f"{found.months} mois, jusqu’au {term}"),
        ("TAEG", rate(taeg_shown(found.taeg))),
        ("Coût total du prêt", euros(found.cost, "fr")),
        ("Objets gardés à", agreed.kept_at),
    )


def objects_of(*, objects: Iterable[PledgedObject]) -> tuple[tuple[str, str], ...]:
    """What each is, and what it was appraised at."""
    return tuple(_object(each) for each in objects)


def _object(pledged: PledgedObject) -> tuple[str, str]:
    parts = [f"{CATEGORY_LABELS[pledged.category]} : {pledged.description}"]
    if pledged.weight_grams:
        parts.append(f"{decimal_number(pledged.weight_grams, 'fr')} g")
    if pledged.metal and pledged.fineness:
        parts.append(f"{METALS[pledged.metal]} à {pledged.fineness} millièmes")
    if pledged.is_new:
        parts.append("objet neuf")
    return french(", ".join(parts)), euros(pledged.appraisal, "fr")


def _fact(row: Row) -> tuple[str, str]:
    return row.name, row.value
