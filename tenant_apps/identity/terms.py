"""The terms of use of the caisse: what a person answered to the version in force, and answering it."""

from datetime import datetime

from django.db import transaction

from tenant_apps.identity.models import TermsAnswer, User
from tenant_apps.journal.record import record
from tenants.policy.document import Policy

ACCEPTED, DECLINED = "terms.accepted", "terms.declined"


def latest_answer(*, user: User, policy: Policy) -> TermsAnswer | None:
    """To the version in force; None too where the caisse has no terms, without a query."""
    if policy.terms.version is None:
        return None
    found = TermsAnswer.objects.filter(who=user.uuid, version=policy.terms.version)
    return found.order_by("-at", "-id").first()


def must_be_asked(*, user: User, policy: Policy) -> bool:
    """Once for each version; again where accepting is required now and was not before."""
    if policy.terms.version is None:
        return False
    answer = latest_answer(user=user, policy=policy)
    return answer is None or (policy.terms.required and not answer.accepted)


@transaction.atomic
def answer_terms(
    *, user: User, accepted: bool, language: str, policy: Policy, address: str, now: datetime
) -> None:
    """To the version in force, whose text was shown in that language. The same answer twice is written once.

    Raises ValueError where the caisse has no terms.
    """
    if policy.terms.version is None:
        raise ValueError("this caisse has no terms of use")
    # Two posts of one answer: the second waits here, and finds that of the first.
    User.objects.select_for_update().get(pk=user.pk)
    before = latest_answer(user=user, policy=policy)
    if before is not None and (before.accepted or not accepted):
        return
    TermsAnswer.objects.create(
        who=user.uuid,
        version=policy.terms.version,
        digest=policy.terms.digest,
        language=language,
        accepted=accepted,
        at=now,
    )
    kind = ACCEPTED if accepted else DECLINED
    record(kind=kind, at=now, subject=str(user.uuid), address=address, version=policy.terms.version)
