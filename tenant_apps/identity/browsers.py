"""A browser in plain words."""

from django.utils.translation import gettext as _
from django.utils.translation import override

_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
# Order matters: Edge and Opera also call themselves Chrome, Chrome also calls itself Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)


def words_in(user_agent: str) -> tuple[str, str]:
    """The browser and the system, such as « Firefox » and « Android »; empty where they are not known."""
    browser = next((word for mark, word in _BROWSERS if mark in user_agent), "")
    return browser, next((word for mark, word in _SYSTEMS if mark in user_agent), "")


def in_words(user_agent: str, *, language: str) -> str:
    """« Firefox sur Android », or that it is not known. Nothing of the raw text is passed on."""
    with override(language):
        return device_words(*words_in(user_agent))


def device_words(browser: str, system: str) -> str:
    """The same of the two words, in the language of the page."""
    if browser and system:
        return _("%(browser)s sur %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("un navigateur inconnu")
