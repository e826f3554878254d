"""A contract in the client's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from guichet.kernel.money import Money
from tenant_apps.pawn.domain.possible import BlockKind
from tenant_apps.pawn.domain.standing import Standing, standing_of
from tenant_apps.pawn.domain.states import State
from tenant_apps.pawn.loans import sum_due
from tenant_apps.pawn.models import Block, Contract, PledgedObject
from tenant_apps.pawn.obstacles import BLOCKED, block_of, sale_announced
from tenant_apps.payments.selectors import Disputed

CATEGORY_LABELS: dict[str, Promise] = {
    "ring": _("Bague"),
    "chain": _("Chaîne"),
    "bracelet": _("Bracelet"),
    "watch": _("Montre"),
    "coin": _("Pièce"),
    "violin": _("Instrument"),
    "painting": _("Tableau"),
    "camera": _("Appareil photo"),
    "other": _("Objet"),
}

_LABELS: dict[Standing, Promise] = {
    Standing.RUNNING: _("En cours"),
    Standing.DUE: _("Échéance passée"),
    Standing.IN_GRACE: _("Délai de grâce"),
    Standing.EXTRA_TIME: _("Délai accordé"),
    Standing.FOR_SALE: _("Vente annoncée"),
    Standing.SOLD: _("Vendu"),
    Standing.BONI_AVAILABLE: _("Boni à retirer"),
    Standing.BONI_CLAIMED: _("Boni versé"),
    Standing.BONI_LAPSED: _("Boni perdu"),
    Standing.REDEEMED: _("Remboursé"),
}

_EXPLANATIONS: dict[Standing, Promise] = {
    Standing.RUNNING: _("Votre contrat est en cours. Votre objet est à l’abri."),
    Standing.DUE_SOON: _(
        "L’échéance approche. Payez avant cette date pour prolonger ou reprendre votre objet."
    ),
    Standing.DUE: _("L’échéance est passée. N’attendez pas : vous pouvez encore payer."),
    Standing.IN_GRACE: _(
        "L’échéance est passée. Vous pouvez encore payer : ensuite, votre objet pourra être vendu aux enchères."
    ),
    Standing.EXTRA_TIME: _(
        "L’échéance est passée. Le directeur de la caisse vous laisse plus de temps : vous pouvez encore payer."
    ),
    Standing.FOR_SALE: _(
        "La vente de votre objet est annoncée : sa date vous est donnée par courrier. "
        "Vous pouvez encore le reprendre : appelez votre agence."
    ),
    Standing.SOLD: _(
        "Votre objet a été vendu. Vous ne devez plus rien, même si la vente a rapporté moins que votre dette. "
        "Ce contrat est terminé."
    ),
    Standing.BONI_AVAILABLE: _(
        "Votre objet a été vendu plus cher que votre dette. La différence, le boni, est à vous : retirez-la en agence."
    ),
    Standing.BONI_CLAIMED: _("Votre objet a été vendu, et le boni vous a été versé. Ce contrat est terminé."),
    Standing.BONI_LAPSED: _(
        "Votre objet a été vendu. Personne n’a retiré le boni à temps : il n’est plus à vous. Ce contrat est terminé."
    ),
    Standing.REDEEMED: _("Vous avez tout remboursé. Ce contrat est terminé."),
}

# The page says the day itself, where it is known.
_SALE_WITH_ITS_DATE = _(
    "La vente de votre objet est annoncée. Vous pouvez encore le reprendre : remboursez tout avant la vente."
)
DISPUTED = _("Paiement contesté")
_DISPUTED = _(
    "La banque de la carte redemande un paiement de ce contrat. Tant qu’elle n’a pas décidé, rien n’est sûr : "
    "appelez l’agence avant de venir."
)
_LOST = _(
    "La banque de la carte a repris un paiement de ce contrat. Cette somme peut vous être redemandée : "
    "appelez l’agence."
)
_TO_FETCH = _("Vous avez tout remboursé. Il reste à reprendre ce que vous aviez laissé.")


@dataclass(frozen=True, slots=True)
class ObjectView:
    """A pledged object, as a template shows it."""

    pledged: PledgedObject

    @property
    def category_label(self) -> str:
        return str(CATEGORY_LABELS[self.pledged.category])

    @property
    def photo_url(self) -> str | None:
        return reverse("object_photo", args=[self.pledged.uuid]) if self.pledged.photo else None

    def __getattr__(self, name: str) -> object:
        return getattr(self.pledged, name)


@dataclass(frozen=True, slots=True)
class ContractView:
    """A contract on a day, as a template shows it."""

    contract: Contract
    standing: Standing
    today: date
    due: Money | None = None
    """What is owed, where it was computed already."""
    boni: Money | None = None
    """What is to be paid of it, where a page lists that."""
    disputes: Sequence[Disputed] = ()
    """The payments by card of it that a bank wants back, or has."""

    def __getattr__(self, name: str) -> object:
        return getattr(self.contract, name)

    @property
    def objects(self) -> list[ObjectView]:
        return [ObjectView(each) for each in self.contract.objects_pledged.all()]

    @property
    def amount_due(self) -> Money:
        return sum_due(contract=self.contract, on=self.today) if self.due is None else self.due

    @property
    def amount_due_as_of(self) -> datetime:
        """A mirrored sum is as old as its system says; ours is of today."""
        midnight = timezone.make_aware(datetime.combine(self.today, time()))
        return self.contract.amount_due_as_of or midnight

    @property
    def title(self) -> str:
        """The first object, and how many more."""
        return f"{self.described} {self.more}".strip() or str(CATEGORY_LABELS["other"])

    @property
    def described(self) -> str:
        """The first object in the caisse's own words, which are French; empty where it says nothing."""
        return next((each.description for each in self.contract.objects_pledged.all()), "")

    @property
    def more(self) -> str:
        """How many others, in the language of the page."""
        others = len(self.contract.objects_pledged.all()) - 1
        if others < 1:
            return ""
        return ngettext("et %(count)s autre objet", "et %(count)s autres objets", others) % {"count": others}

    @property
    def block(self) -> Block | None:
        """What stands in its way now, the heaviest first."""
        return block_of(contract=self.contract)

    @property
    def is_claimed(self) -> bool:
        """Somebody else says that the object is theirs: until that is settled, nothing is given back or sold."""
        return self.block is not None and self.block.kind == BlockKind.CLAIMED_BY_OTHER

    @property
    def to_fetch(self) -> bool:
        """Redeemed here, and nobody has come for the objects yet."""
        contract = self.contract
        redeemed = not contract.mirrored and contract.state == State.REDEEMED
        return redeemed and getattr(contract, "handover", None) is None

    @property
    def in_doubt(self) -> str:
        """Of what was redeemed: what its bank says of it. Empty where all of it is the caisse's."""
        if not self.disputes or self.standing is not Standing.REDEEMED:
            return ""
        return str(_LOST if any(each.lost for each in self.disputes) else _DISPUTED)

    @property
    def state_label(self) -> str:
        if self.block is not None and not self.ended:
            return str(BLOCKED)
        if self.in_doubt:
            return str(DISPUTED)
        if self.to_fetch:
            return str(_("Objet à reprendre"))
        if self.standing is Standing.DUE_SOON:
            days = (self.contract.due_on - self.today).days
            if days == 0:
                return str(_("À échéance aujourd’hui"))
            text = ngettext("À échéance dans %(count)s jour", "À échéance dans %(count)s jours", days)
            return text % {"count": days}
        return str(_LABELS[self.standing])

    @property
    def state_tone(self) -> str:
        if self.in_doubt:
            return "warn"
        if self.to_fetch:
            return "good"
        blocked = self.block is not None and not self.ended
        return "warn" if blocked and self.standing.tone == "good" else self.standing.tone

    @property
    def ended(self) -> bool:
        return self.standing.ended

    @property
    def sale_ahead(self) -> date | None:
        """The day of the sale that is announced, where it is known: it counts more than a term that has passed."""
        return self.contract.sale_on if self.standing is Standing.FOR_SALE else None

    @property
    def is_kept(self) -> bool:
        """Whether the caisse still has the objects: what is paid waits to be handed over."""
        if not self.ended:
            return True
        return self.standing is Standing.REDEEMED and getattr(self.contract, "handover", None) is None

    @property
    def explanation(self) -> str:
        if self.in_doubt:
            return self.in_doubt
        if self.to_fetch:
            return str(_TO_FETCH)
        return str(_SALE_WITH_ITS_DATE if self.sale_ahead else _EXPLANATIONS[self.standing])

    @property
    def announced(self) -> str:
        """Who wanted the sale that is announced, and when it was."""
        return sale_announced(contract=self.contract)


def shown(
    *,
    contract: Contract,
    today: date,
    due: Money | None = None,
    boni: Money | None = None,
    disputes: Sequence[Disputed] = (),
) -> ContractView:
    standing = standing_of(
        state=contract.state, due_on=contract.due_on, extra_until=contract.extra_until, today=today
    )
    return ContractView(
        contract=contract, standing=standing, today=today, due=due, boni=boni, disputes=disputes
    )
