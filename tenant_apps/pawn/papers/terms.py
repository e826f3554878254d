"""The conditions that a contract must state (CMF D514-9, II), with the caisse's own delays.

In French: see contract_words.
"""

from guichet.kernel.formatting import euros
from guichet.kernel.money import Money
from guichet.web.templatetags.guichet import duration
from tenant_apps.pawn.domain.law import LONGEST_MONTHS, YEARS_OF_BONI
from tenants.policy.document import Policy
from tenants.policy.typography import french

Terms = tuple[tuple[str, tuple[str, ...]], ...]


def conditions(*, policy: Policy, caisse: str) -> Terms:
    """Headings, each with its sentences. Called in French."""
    found = (
        ("Rembourser, prolonger, renouveler", _paying(policy)),
        ("La reconnaissance de dépôt", _RECEIPT),
        ("Si rien n’est payé à l’échéance", _selling(policy)),
        ("Perte ou dommage", _LOSS),
        ("Vos droits", _rights(policy, caisse)),
    )
    return tuple((french(title), tuple(french(each) for each in said if each)) for title, said in found)


def _paying(policy: Policy) -> tuple[str, ...]:
    return (
        (
            "L’emprunteur peut rembourser à tout moment, en une fois ou par parties, sans pénalité. Il "
            "paie le capital, les intérêts et les frais dus ce jour-là, puis l’objet lui est rendu. Un "
            "paiement règle d’abord les intérêts et les frais (Code civil, article 1343-1)."
        ),
        (
            "Il peut prolonger le prêt en payant les intérêts et les frais dus. Prolongations comprises, "
            f"le prêt dure {LONGEST_MONTHS} mois au plus (CMF D514-7). Au-delà, un renouvellement est un "
            "nouveau prêt : les intérêts et frais sont payés, l’objet est estimé à nouveau, et une perte "
            "de valeur se compense en remboursant une part du capital."
        ),
        (
            f"En espèces, la caisse prend ou remet {euros(Money.of(policy.pawn.counter_cash_most), 'fr')} "
            "au plus par contrat et par jour (CMF L112-6 et D112-3)."
        ),
    )


_RECEIPT = (
    (
        "La caisse remet à l’emprunteur une reconnaissance de dépôt des objets (CMF D514-10). Elle se "
        "rend pour reprendre les objets ou pour toucher un boni : gardez-la."
    ),
    (
        "Si elle est perdue, déclarez-le aussitôt à la caisse (CMF D514-11). L’objet n’est alors "
        "rendu qu’à l’échéance, et un boni n’est versé que contre une caution."
    ),
)


def _selling(policy: Policy) -> tuple[str, ...]:
    return (
        (
            "L’objet est vendu aux enchères publiques (CMF D514-14). La caisse attend "
            f"{duration(policy.pawn.grace)} après l’échéance avant d’annoncer la vente, et l’annonce au "
            f"moins {duration(policy.pawn.sale_notice)} à l’avance. L’emprunteur peut rembourser jusqu’à "
            "l’adjudication. Trois mois après le prêt, il peut demander lui-même la vente (CMF D514-15)."
        ),
        (
            "Si la vente rapporte plus que la somme due, la différence, le boni, est à l’emprunteur : il "
            f"le retire à la caisse dans les {YEARS_OF_BONI} ans de la vente, après quoi il est acquis à "
            "la caisse (CMF D514-21). Si elle rapporte moins, la différence ne lui est pas demandée (CMF "
            "D514-3 et D514-4)."
        ),
    )


_LOSS = (
    (
        "Si la caisse perd l’objet, elle verse la valeur estimée augmentée d’un quart, sauf indemnité "
        "plus élevée fixée par son conseil (CMF D514-12 et D514-13). S’il est endommagé, l’emprunteur "
        "choisit : laisser l’objet contre cette même indemnité, ou le reprendre avec la différence de "
        "valeur."
    ),
    "Si un tiers réclame l’objet, il reste sous séquestre jusqu’à ce que la réclamation soit réglée (CMF D514-22).",
)


def _rights(policy: Policy, caisse: str) -> tuple[str, ...]:
    return (
        "Ce contrat ne donne pas de délai de rétractation (CMF D514-8-1).",
        (
            f"Une réclamation s’adresse d’abord à {caisse}. Sans accord, l’emprunteur peut saisir "
            "gratuitement le médiateur dont la caisse relève : ses coordonnées sont affichées à l’accueil "
            "et données sur demande."
        ),
        policy.texts.legal.fr,
    )
