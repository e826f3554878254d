"""Whether the identifier may be used, and whether its format does what its examples promise."""

from collections.abc import Iterator

from tenants.policy.checks.finding import HOUSE, Finding, Rule
from tenants.policy.document import Policy
from tenants.policy.identifiers import IdentifierRefused, format_of

_NIR = Rule(
    "nir-only-for-a-mutual",
    "law",
    "décret n° 2019-341 du 19 avril 2019 ; loi n° 78-17 du 6 janvier 1978, art. 30",
)
_LENGTHS = Rule("identifier-lengths", "house", HOUSE)
_EXAMPLES = Rule("identifier-examples", "house", f"{HOUSE} : les exemples sont vérifiés")
_SHOWN = Rule("identifier-shown", "house", f"{HOUSE} : montrer un identifiant de la bonne forme")

RULES = (_NIR, _LENGTHS, _EXAMPLES, _SHOWN)


def find(policy: Policy) -> Iterator[Finding]:
    identifier = policy.identifier
    if identifier.kind == "nir" and policy.caisse.body != "mutual":
        yield _NIR.error(
            "identifier.kind",
            "seule une mutuelle peut identifier ses membres par leur NIR : toute autre utilisation est interdite",
        )
    if identifier.min_length > identifier.max_length:
        yield _LENGTHS.error(
            "identifier.min_length",
            f"la longueur minimale ({identifier.min_length}) dépasse la maximale ({identifier.max_length})",
        )
    else:
        yield from _examples(policy)
    if not identifier.examples_accepted:
        yield _SHOWN.warning(
            "identifier.examples_accepted", "donnez au moins un identifiant inventé de la bonne forme"
        )


def _examples(policy: Policy) -> Iterator[Finding]:
    identifier = policy.identifier
    rules = format_of(identifier)
    for example in identifier.examples_accepted:
        try:
            rules.normalise(example)
        except IdentifierRefused as refused:
            yield _EXAMPLES.error(
                "identifier.examples_accepted",
                f"« {example} » devrait être accepté, et ne l’est pas : {refused}",
            )
    for example in identifier.examples_refused:
        try:
            normal = rules.normalise(example)
        except IdentifierRefused:
            continue
        yield _EXAMPLES.error(
            "identifier.examples_refused", f"« {example} » devrait être refusé, et devient « {normal} »"
        )
