"""Paying by card: sums that make sense, and where a receipt goes."""

from collections.abc import Iterator

from tenants.policy.checks.finding import HOUSE, Finding, Rule
from tenants.policy.document import Policy

_SUMS = Rule("payment-sums", "house", f"{HOUSE} : un panier doit pouvoir être payé")
_RECEIPT = Rule("payment-receipt", "house", f"{HOUSE} : un paiement a son reçu, que le client retrouve")
RULES = (_SUMS, _RECEIPT)


def find(policy: Policy) -> Iterator[Finding]:
    if policy.payments.least > policy.payments.greatest:
        yield _SUMS.error(
            "payments.least",
            "le plus petit paiement dépasse le plus grand : aucun panier ne pourrait être payé",
        )
    if "payments" in policy.products and "documents" not in policy.products:
        yield _RECEIPT.error(
            "products", "ajoutez documents : le reçu d’un paiement y est rangé, et le client l’y retrouve"
        )
