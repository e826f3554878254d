"""Whether every screen of the caisse can be read: its theme, its colours."""

from collections.abc import Iterator

from tenants.brand import Pair, UnknownThemeError, load_theme, theme_names, weak_pairs
from tenants.policy.checks.finding import HOUSE, Finding, Rule
from tenants.policy.document import Policy

_THEME = Rule("theme-exists", "house", HOUSE)
_CONTRAST = Rule("contrast", "standard", "WCAG 2.2, 1.4.3 et 1.4.11, niveau AA ; RGAA 4.1, 3.2 et 3.3")

RULES = (_THEME, _CONTRAST)

_SCHEMES = {"light": "clair", "dark": "sombre"}


def find(policy: Policy) -> Iterator[Finding]:
    try:
        theme = load_theme(policy.brand.theme)
    except UnknownThemeError:
        yield _THEME.error("brand.theme", f"thème inconnu ; il y a {', '.join(theme_names())}")
        return
    worst: dict[str, Pair] = {}
    own = policy.brand.overrides
    for pair in weak_pairs(theme, own):
        path = _cause(pair, own)
        if path not in worst or pair.ratio / pair.required < worst[path].ratio / worst[path].required:
            worst[path] = pair
    for path, pair in worst.items():
        yield _CONTRAST.error(path, _sentence(pair))


def _cause(pair: Pair, own: dict[str, str]) -> str:
    """The caisse's own colour that makes the pair weak: itself, or what was computed from it."""
    for token in (pair.foreground, pair.background, *own):
        base = "accent" if "accent" in token else token
        if base in own:
            return f"brand.{base}"
    return "brand.theme"


def _sentence(pair: Pair) -> str:
    ratio, required = (f"{value:.1f}".replace(".", ",") for value in (pair.ratio, pair.required))
    return (
        f"contraste de {ratio}:1 entre {pair.foreground} ({pair.foreground_colour}) et {pair.background}"
        f" ({pair.background_colour}), thème {_SCHEMES[pair.scheme]} ; il faut {required}:1"
    )
