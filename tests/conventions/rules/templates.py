"""What a page may not contain: inline style or script, a number of the policy, a text without translation."""

import re
from collections.abc import Iterable, Iterator

from _translations import messages_of

from tests.conventions.rule import Breach, rule
from tests.conventions.tree import Source, packages, pages, templates

SPACE = r"(?:[\s\u00a0\u202f]|&nbsp;|&#8239;|-)*"
NUMBER = (
    r"(?:\d+(?:[.,]\d+)?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente"
    r"|quarante|soixante|cent|two|three|four|five|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|sixty)"
)
UNIT = (
    r"(?:secondes?|minutes?|mins?|heures?|h|jours?|semaines?|mois|ans?|années?|chiffres?|caractères?|lettres?|signes?|essais?"
    r"|tentatives?|échecs?|erreurs?|seconds?|hours?|days?|weeks?|months?|years?|digits?|characters?|letters?|tries|attempts?"
    r"|failures?)"
)
POLICY_NUMBER = re.compile(rf"(?<![\w#&.-]){NUMBER}{SPACE}{UNIT}(?!\w)", re.IGNORECASE)
SHORT_MESSAGE = re.compile(rf"code{SPACE}(?:SMS{SPACE})?(?:à|de|of){SPACE}{NUMBER}(?!\w)", re.IGNORECASE)
COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}|<!--.*?-->", re.DOTALL)
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


def blank(match: "re.Match[str]") -> str:
    """Nothing but its line ends, so that positions keep their line."""
    return "\n" * match[0].count("\n")


def without_comments(text: str) -> str:
    return COMMENT.sub(blank, text)


@rule(
    over=templates,
    good=[
        ("templates/a.html", "{% blocktranslate %}Le code vit {{ minutes }} minutes.{% endblocktranslate %}"),
        (
            "templates/a.html",
            '<svg width="24" height="24"><path d="M10 5h8 6h4"/></svg><h1>Étape 1 sur 2</h1>',
        ),
        ("templates/a.html", "{# the code lives 5 minutes #}{% comment %}12 chiffres{% endcomment %}"),
        ("templates/a.html", "<p>au moins un caractère spécial</p><h2>2 contrats</h2>"),
    ],
    bad=[
        ("templates/a.html", '{% translate "Le code vit 5 minutes." %}'),
        ("templates/a.txt", "Le lien vit 24\u202fh."),
        ("templates/a.txt", "Le lien vit 24&nbsp;heures."),
        ("templates/a.html", "<p>quinze minutes</p>"),
        ("templates/a.html", "<p>Votre identifiant a 10 chiffres.</p>"),
        ("templates/a.html", "<p>At least 12 characters</p>"),
        ("templates/a.html", "<p>a 6-digit code</p>"),
        ("templates/a.html", "<p>après 3 essais</p>"),
        ("templates/a.html", "<p>un code SMS de 6</p>"),
    ],
)
def policy_number(source: Source) -> Iterator[Breach]:
    """Lengths, counts and durations are printed from the policy, or two screens will tell two of them."""
    text = re.sub(r"\s(?:d|points|viewBox|transform)=\"[^\"]*\"", blank, without_comments(source.text))
    for pattern in (POLICY_NUMBER, SHORT_MESSAGE):
        for match in pattern.finditer(text):
            yield Breach(text.count("\n", 0, match.start()) + 1, f"{match[0]!r} belongs to the policy")


@rule(
    over=packages,
    good=[
        ("tenant_apps/identity/forms.py", "_('Le code vit %(minutes)s minutes.')"),
        ("tenant_apps/identity/forms.py", "timedelta(minutes=5)  # 5 minutes"),
    ],
    bad=[
        ("tenant_apps/identity/forms.py", "gettext_lazy('Le code vit 5 minutes.')"),
        ("tenant_apps/identity/forms.py", "ngettext('un essai', 'après 3 essais', count)"),
    ],
)
def policy_number_in_a_message(source: Source) -> Iterator[Breach]:
    for message, _context in messages_of(source.text, template=False):
        for text in (message,) if isinstance(message, str) else message:
            if match := POLICY_NUMBER.search(text) or SHORT_MESSAGE.search(text):
                yield Breach(1, f"{match[0]!r} belongs to the policy: {text!r}")


def screens() -> Iterable[Source]:
    """The pages a browser shows; a mail has no stylesheet of ours, so its template must carry its style."""
    return [
        source for source in pages() if not re.search(r"/templates/(?:messages|messaging/mail)/", source.path)
    ]


INLINE = {
    "a script in the page": re.compile(
        r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*type=\"application/json\")", re.IGNORECASE
    ),
    "a style in the page": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\s(?:on[a-z]{3,}|hx-on[\w:-]*)\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript\s*:", re.IGNORECASE),
}


@rule(
    over=screens,
    good=[
        (
            "templates/a.html",
            '<script src="/static/a.js" defer></script>\n<link rel="stylesheet" href="/a.css">\n<p on="x">',
        )
    ],
    bad=[
        ("templates/a.html", "<script>alert(1)</script>"),
        ("templates/a.html", "<style>p { color: red }</style>"),
        ("templates/a.html", '<p class="a" style="color: red">'),
        ("templates/a.html", '<a\n  onclick="go()">'),
        ("templates/a.html", '<button hx-on:click="go()">'),
        ("templates/a.html", '<a href="javascript:go()">'),
    ],
)
def inline_style_or_script(source: Source) -> Iterator[Breach]:
    """The Content-Security-Policy would block it in the browser, silently."""
    text = TAG.sub(blank, without_comments(source.text))
    for what, pattern in INLINE.items():
        for match in pattern.finditer(text):
            yield Breach(text.count("\n", 0, match.start()) + 1, what)


@rule(
    over=templates,
    good=[("templates/a.html", "{# one line #}\n{% comment %}\ntwo\n{% endcomment %}<p>{{ a }}</p>")],
    bad=[("templates/a.html", "{# one line,\nthen another #}")],
)
def comment_over_two_lines(source: Source) -> Iterator[Breach]:
    """Django takes it for a text, and shows it to whoever reads the page."""
    for number, line in enumerate(source.lines, start=1):
        if "{#" in line.rpartition("#}")[2]:
            yield Breach(number, "this comment does not end on its line")


TRANSLATED = re.compile(r"\{%\s*blocktrans\w*\b.*?%\}.*?\{%\s*endblocktrans\w*\s*%\}", re.DOTALL)
# The name of a language in that language, and the blocks that fill a class attribute.
OWN_LANGUAGE = re.compile(r"<(\w+)\b[^>]*\slang=\"\w+\"[^>]*>[^<{]*</\1>")
CLASS_BLOCK = re.compile(r"\{%\s*block\s+(?:\w+_)?(?:layout|class)\s*%\}[\w -]*\{%\s*endblock[^%]*%\}")
SPOKEN_ATTRIBUTE = re.compile(r"\s(?:alt|title|aria-label|aria-description|placeholder)=\"([^\"]*)\"")
MARKUP = re.compile(
    r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>|&\w+;|&#\d+;", re.DOTALL | re.IGNORECASE
)
WORD = re.compile(r"[^\W\d_]{2,}")


@rule(
    over=pages,
    good=[
        ("templates/a.html", '<p class="lead">{% translate "Connectez-vous" %}&nbsp;{{ name }}</p>'),
        ("templates/a.html", "{% blocktranslate trimmed %}Bonjour{% endblocktranslate %}"),
        ("templates/a.html", '<img alt="{{ title }}"><span aria-hidden="true">→ 1</span>'),
        (
            "templates/a.html",
            '<button lang="en">English</button>{% block layout %}sheet{% endblock layout %}',
        ),
    ],
    bad=[
        ("templates/a.html", "<p>Connectez-vous</p>"),
        ("templates/a.html", '<img src="a.svg" alt="Un violon">'),
        ("templates/a.html", "{% if x %}Oui{% endif %}"),
        ("templates/a.html", '<html lang="fr"><p>Oui</p></html>'),
    ],
)
def text_without_translation(source: Source) -> Iterator[Breach]:
    """A person who reads English reads all of the page in English."""
    text = without_comments(source.text)
    for pattern in (TRANSLATED, CLASS_BLOCK, TAG, OWN_LANGUAGE):
        text = pattern.sub(blank, text)
    for match in SPOKEN_ATTRIBUTE.finditer(text):
        if WORD.search(match[1]):
            yield Breach(text.count("\n", 0, match.start()) + 1, f"not translated: {match[1]!r}")
    for number, line in enumerate(MARKUP.sub(blank, text).splitlines(), start=1):
        if WORD.search(line):
            yield Breach(number, f"not translated: {line.strip()!r}")
