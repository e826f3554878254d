"""Verify the journal of the current caisse along its seals."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from guichet.tenancy.signing import keyring
from tenant_apps.journal.domain.digests import SealWords
from tenant_apps.journal.domain.verification import Progress, Verified, verify
from tenant_apps.journal.erase_addresses import ERASED
from tenant_apps.journal.seal_journal import PURPOSE
from tenant_apps.journal.selectors import (
    all_event_words,
    erased_before,
    last_seal,
    oldest_after,
    seal_words,
)

# The clock seals each minute: what is older and has no seal was not seen by it, or has lost its seal.
SEALED_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`unsealed`: events after the last block, and the moment of the oldest; `late`: one that should have its seal."""

    verified: Verified
    unsealed: int
    unsealed_since: datetime | None
    late: bool

    @property
    def whole(self) -> bool:
        return not self.verified.found and not self.late


def verify_journal(*, now: datetime, progress: Progress) -> Report:
    """As far as it was sealed when it began; it takes a bounded memory, however long the journal."""
    head = last_seal()
    verified = verify(
        seals=seal_words(up_to=head.number if head else 0),
        events=all_event_words(up_to=head.last if head else 0),
        signed=_is_signed,
        erased_before=erased_before(kind=ERASED),
        progress=progress,
    )
    unsealed, since = oldest_after(last=verified.last)
    late = since is not None and since < now - SEALED_WITHIN
    return Report(verified=verified, unsealed=unsealed, unsealed_since=since, late=late)


def _is_signed(seal: SealWords) -> bool | None:
    ring = keyring().of_mark(seal.key)
    return None if ring is None else ring.matches(seal.chained, seal.signed, purpose=PURPOSE)
