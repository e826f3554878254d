"""What stands on the confirmation of a prolongation that cost nothing, in the language of the moment: no sum."""

from dataclasses import dataclass

from django.utils.translation import gettext

from guichet.tenancy.connection import connection
from guichet.web.templatetags.guichet import date_long, moment
from guichet.web.templatetags.guichet import words as in_language
from tenant_apps.pawn.domain.operations import Source
from tenant_apps.pawn.models import Operation
from tenants.policy.current import current_policy
from tenants.policy.typography import french


@dataclass(frozen=True, slots=True, kw_only=True)
class ProlongedWords:
    """`said`: what changes and what does not; `mentions` stand beside the code of `link`."""

    title: str
    sender: tuple[str, ...]
    client: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    said: tuple[str, ...]
    mentions: tuple[str, ...]
    link: str


def prolonged_words(*, operation: Operation, link: str) -> ProlongedWords:
    """Of a prolongation, with its contract and its client. It says what was true that day, whenever it is made."""
    policy, contract = current_policy(), operation.contract
    if operation.term_before is None or operation.term_after is None:
        raise ValueError("a prolongation has a term before and one after")
    client, term = contract.client, date_long(operation.term_after)
    where = gettext("En ligne") if operation.source == Source.CLIENT else gettext("À l’agence")
    return ProlongedWords(
        title=gettext("Confirmation de prolongation"),
        sender=(connection.tenant.name, *policy.texts.address.splitlines()),
        client=(client.full_name, gettext("Client n° %(number)s") % {"number": client.number}),
        facts=(
            (gettext("Contrat"), contract.number),
            (gettext("Prolongé le"), moment(operation.at)),
            (gettext("Où"), where),
            (gettext("Ancienne échéance"), date_long(operation.term_before)),
            (gettext("Nouvelle échéance"), term),
            (gettext("Référence"), str(operation.uuid)),
        ),
        said=(
            gettext("Votre contrat est prolongé jusqu’au %(day)s. Vous n’avez rien payé ce jour-là.")
            % {"day": term},
            gettext(
                "Le capital et les frais restent dus : vous pouvez le rembourser quand vous voulez, et reprendre votre "
                "objet."
            ),
        ),
        mentions=(
            gettext(
                "Cette confirmation est rangée dans « Mes documents ». Le code ci-contre mène à l’original, dans votre "
                "espace."
            ),
            french(in_language(policy.texts.legal)),
        ),
        link=link,
    )
