"""What comes next for a contract, as the law orders it."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.pawn.domain.standing import Standing
from tenant_apps.pawn.presentation import ContractView


@dataclass(frozen=True, slots=True)
class Step:
    """One line of « Et ensuite »."""

    title: str | Promise
    text: str | Promise
    date: date | None
    is_next: bool


def next_steps(*, view: ContractView) -> list[Step]:
    """What comes after, as the law orders it: term, grace, sale (CMF D514-14, D514-16, D514-21)."""
    if view.ended:
        return []
    if view.is_claimed:
        return _until_settled(view)
    if view.standing is Standing.FOR_SALE:
        return _until_the_sale(view)
    due, standing = view.contract.due_on, view.standing
    in_time = standing in (Standing.RUNNING, Standing.DUE_SOON)
    return [
        Step(
            _("Échéance"),
            _in_time(view) if in_time else _("Cette date est passée."),
            due,
            in_time,
        ),
        Step(
            _("Délai de grâce"),
            _("Vous pouvez encore payer, avec pénalité."),
            None,
            standing in (Standing.DUE, Standing.IN_GRACE),
        ),
        *_extra_time(view),
        Step(
            _("Vente aux enchères"),
            _(
                "Elle est annoncée à l’avance. "
                "Si elle rapporte plus que votre dette, la différence (le boni) est à vous."
            ),
            None,
            is_next=False,
        ),
    ]


def _in_time(view: ContractView) -> Promise:
    """Before the term: with a lost receipt, the object comes back on that day and no earlier (CMF D514-10)."""
    if view.block is not None:
        return _(
            "À partir de ce jour, vous pouvez tout rembourser et reprendre votre objet, même sans la reconnaissance. "
            "Pour attendre plus longtemps, prolongez avant."
        )
    return _("Payez avant : vous prolongez, ou vous reprenez votre objet.")


def _until_settled(view: ContractView) -> list[Step]:
    """Somebody else claims the object: it is neither given back nor sold (CMF D514-22)."""
    return [
        Step(
            _("Le contrat est bloqué"),
            _(
                "L’objet reste à la caisse : il n’est ni rendu, ni vendu. Votre agence vous dit où en est la demande, "
                "et ce qu’il faut apporter."
            ),
            None,
            is_next=True,
        ),
        Step(
            _("Quand c’est réglé"),
            _(
                "L’agence débloque le contrat. Vous pouvez de nouveau tout rembourser, et reprendre votre objet."
            ),
            None,
            is_next=False,
        ),
    ]


def _extra_time(view: ContractView) -> list[Step]:
    """Until when the director waits besides (CMF D514-14)."""
    if view.standing is not Standing.EXTRA_TIME:
        return []
    said = _("La vente de votre objet n’est pas annoncée avant la fin de ce jour, sauf si vous la demandez.")
    return [Step(_("Délai accordé"), said, view.contract.extra_until, is_next=True)]


def _until_the_sale(view: ContractView) -> list[Step]:
    """A sale that the client asked for may come before the term (CMF D514-15)."""
    due = view.contract.due_on
    passed = (
        [Step(_("Échéance"), _("Cette date est passée."), due, is_next=False)] if due < view.today else []
    )
    said = _(
        "Jusque-là, vous pouvez tout rembourser et reprendre votre objet. "
        "Si la vente rapporte plus que votre dette, la différence (le boni) est à vous."
    )
    return [*passed, Step(_("Vente aux enchères"), said, view.contract.sale_on, is_next=True)]
