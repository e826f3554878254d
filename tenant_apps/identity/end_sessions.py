"""End every session of a user, in all browsers."""

from django.db.models import F

from tenant_apps.identity.models import User


def end_sessions(*, user: User) -> None:
    """In the caller's transaction: the next page of each of these sessions asks to sign in again."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
