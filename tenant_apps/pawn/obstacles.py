"""What stands in the way of a contract, and since when: a block, an announced sale. In the client's words."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guichet.web.templatetags.guichet import date_long
from tenant_apps.pawn.domain.possible import BlockKind
from tenant_apps.pawn.domain.states import ENDED, State
from tenant_apps.pawn.models import Block, Contract

BLOCKED = _("Bloqué")
# The heaviest first.
_ORDER = (BlockKind.CLAIMED_BY_OTHER, BlockKind.LOST_RECEIPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """What is blocked, since when, what that changes, and what the client can do."""

    kind: BlockKind
    title: str
    since: date
    what: str | Promise
    act: str


def block_of(*, contract: Contract) -> Block | None:
    """No query where the blocks were fetched with the contract."""
    standing = {each.kind: each for each in contract.blocks.all() if each.until is None}
    return next((standing[kind] for kind in _ORDER if kind in standing), None)


def obstacles_of(*, contract: Contract, on: date) -> list[Obstacle]:
    """Each of a contract that runs, or whose object or boni still waits."""
    standing = {each.kind: each for each in contract.blocks.all() if each.until is None}
    return [_SAID[kind](contract, standing[kind], on) for kind in _ORDER if kind in standing]


def _claimed(contract: Contract, block: Block, _on: date) -> Obstacle:
    if contract.state in ENDED:
        act = gettext("Adressez-vous à l’agence : elle vous dit où en est cette demande.")
    else:
        act = gettext(
            "Les intérêts courent toujours : prolongez, ou payez une partie, si c’est proposé plus bas. Si l’objet est "
            "à vous, portez vos preuves à l’agence : facture, photos, certificat."
        )
    return Obstacle(
        kind=BlockKind.CLAIMED_BY_OTHER,
        title=gettext("Une autre personne réclame l’objet"),
        since=_day(block),
        what=_(
            "Tant que ce n’est pas réglé, la caisse garde l’objet : elle ne peut ni vous le rendre, ni le vendre. "
            "Qui le réclame doit d’abord rembourser le prêt et ses intérêts."
        ),
        act=act,
    )


def _lost(contract: Contract, block: Block, on: date) -> Obstacle:
    what: str | Promise = _("Elle ne peut plus servir à reprendre l’objet.")
    if contract.state in ENDED and contract.state != State.REDEEMED:
        act = gettext(
            "Pour toucher un boni, il faut une caution : quelqu’un qui s’engage avec vous. L’agence vous "
            "l’explique."
        )
    elif on < contract.due_on:
        what = _("La loi veut que l’objet ne soit rendu qu’à l’échéance.")
        act = gettext(
            "Vous pourrez le reprendre à partir du %(day)s. Si vous retrouvez la reconnaissance, portez-la à "
            "l’agence : elle débloque le contrat."
        ) % {"day": date_long(contract.due_on)}
    else:
        act = gettext("L’échéance est passée : vous pouvez tout rembourser, puis reprendre l’objet.")
    return Obstacle(
        kind=BlockKind.LOST_RECEIPT,
        title=gettext("La reconnaissance est déclarée perdue"),
        since=_day(block),
        what=what,
        act=act,
    )


_SAID = {BlockKind.CLAIMED_BY_OTHER: _claimed, BlockKind.LOST_RECEIPT: _lost}


def _day(block: Block) -> date:
    return timezone.localdate(block.since)


def sale_announced(*, contract: Contract) -> str:
    """Empty where no sale of ours is announced (CMF D514-14, D514-15)."""
    if contract.announced_on is None:
        return ""
    said = {"day": date_long(contract.announced_on), "term": date_long(contract.due_on)}
    if contract.sale_requested:
        return gettext("Annoncée le %(day)s, parce que vous l’avez demandée.") % said
    return (
        gettext("Annoncée le %(day)s : l’échéance du %(term)s est passée sans prolongation ni remboursement.")
        % said
    )
