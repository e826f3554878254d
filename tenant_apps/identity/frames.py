"""In which frame a page that several kinds of people have is shown: whoever has a menu of their own says so."""

from tenant_apps.identity.models import User

DEFAULT = "layouts/sheet.html"
_frames: dict[User.Kind, str] = {}


def register_frame(*, kind: User.Kind, template: str) -> None:
    """Called by the application whose layout those people know."""
    _frames[kind] = template


def frame_of(user: User) -> str:
    return _frames.get(User.Kind(user.kind), DEFAULT)
