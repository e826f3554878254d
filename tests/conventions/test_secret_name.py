"""A client reads one word for the secret, by the policy: « mot de passe » or « code secret », never « secret »."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal

import pytest
from _translations import messages_of
from django.template import Engine, Template
from django.template.defaulttags import IfNode, TemplateLiteral
from django.template.loader_tags import IncludeNode
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.translation import gettext, ngettext, override

from tenant_apps.identity.event_words import kinds_for_client, words_for_client
from tests.conventions.rule import refuse
from tests.conventions.tree import packages, templates

Kind = Literal["password", "pin"]
KINDS: tuple[Kind, ...] = ("password", "pin")
NAMES = {"password": {"fr": "mot de passe", "en": "password"}, "pin": {"fr": "code secret", "en": "PIN"}}
READ_BY_CLIENTS = re.compile(
    r"/templates/((?:messages|messaging|identity|portal|pawn|layouts|errors|pages)/.*)"
)
NAMELESS = r"|(?<!code )(?<!codes )\bsecrets?\b"
FOREIGN = {
    "password": re.compile(rf"\bcodes? secrets?\b|\bsecret codes?\b|\bPINs?\b{NAMELESS}", re.IGNORECASE),
    "pin": re.compile(rf"\bmots? de passe\b|\bsecret codes?\b|\bpasswords?\b{NAMELESS}", re.IGNORECASE),
}
PLACE = re.compile(r"%\(\w+\)s")
# A PIN may be the second step where the secret is a password: there it bears its own name.
OF_THE_SECOND_STEP = {
    "Ajouter un code secret",
    "Avec un code secret",
    "Choisir le code secret",
    "Choisir votre code secret",
    "Code secret",
    "Ensuite, nous vous demandons votre code secret.",
    "Jusqu’au %(until)s, vous pouvez vous connecter avec un second code secret.",
    "Tapez le code secret que vous avez choisi pour cet espace.",
    "Tapez votre code secret. Il ne confirmera que cet acte.",
    "Utiliser plutôt mon code secret",
    "Votre code secret",
    "Vous avez oublié votre code secret\u202f?",
}
# What a condition of a template may ask of the secret; of anything else, both branches are read.
ASKED = {"rules.secret.kind", "policy.secret.kind", "pin_length", "keypads", '"pin"'}


def faults(template: Template, kind: Kind) -> Iterator[str]:
    """What a client of such a caisse might read there under another name, in either language."""
    for singular, plural in _texts(template.nodelist, kind):
        if kind == "password" and singular in OF_THE_SECOND_STEP:
            continue
        for language, name in NAMES[kind].items():
            with override(language):
                said = ngettext(singular, plural, 1) if plural else gettext(singular)
            if FOREIGN[kind].search(PLACE.sub("", said.replace("%(secret)s", name))):
                yield f"where the secret is a {kind}: {said!r}"


def _read(name: str) -> Template:
    return Engine.get_default().get_template(name)


def _texts(nodes: Iterable[Any], kind: Kind) -> Iterator[tuple[str, str]]:
    for node in nodes:
        if isinstance(node, TranslateNode):
            yield str(getattr(node.filter_expression.var, "literal", node.filter_expression.var)), ""
        elif isinstance(node, BlockTranslateNode):
            plural = node.render_token_list(node.plural)[0] if node.plural else ""
            yield node.render_token_list(node.singular)[0], plural
        else:
            for part in _parts(node, kind):
                yield from _texts(part, kind)


def _parts(node: Any, kind: Kind) -> Iterator[Iterable[Any]]:
    if isinstance(node, IfNode):
        yield from _branches(node, kind)
    elif not isinstance(node, IncludeNode):
        yield from (getattr(node, name, None) or () for name in node.child_nodelists)
    # Else the card that an application registered: it stands in the list of pages.
    elif isinstance(node.template.var, str):
        yield _read(node.template.var).nodelist


def _branches(node: IfNode, kind: Kind) -> Iterator[Any]:
    policy = {"secret": {"kind": kind}}
    of_a_pin = {"pin_length": 6, "keypads": {"": ""}} if kind == "pin" else {}
    context = {"rules": policy, "policy": policy, **of_a_pin}
    for condition, branch in node.conditions_nodelists:
        known = condition is None or set(_asked(condition)) <= ASKED
        if not known or condition is None or condition.eval(context):
            yield branch
            if known:
                return


def _asked(condition: Any) -> Iterator[str]:
    if isinstance(condition, TemplateLiteral):
        yield condition.text
    for part in (getattr(condition, "first", None), getattr(condition, "second", None)):
        if part is not None:
            yield from _asked(part)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ('{% translate "Votre secret suffit." %}', {"password", "pin"}),
        ('{% translate "Votre mot de passe ou code secret" %}', {"password", "pin"}),
        ('{% translate "Votre mot de passe" %}', {"pin"}),
        ("{% blocktranslate %}Votre {{ secret }} {{ x }}{% endblocktranslate %}", set()),
        (
            """{% if policy.secret.kind == "pin" %}{% translate "Mes codes secrets" %}
               {% else %}{% translate "Mon mot de passe" %}{% endif %}""",
            set(),
        ),
        ('{% if x %}{% translate "Mon mot de passe" %}{% else %}{% translate "Oui" %}{% endif %}', {"pin"}),
        (
            '{% if keypads %}{% else %}{% include "identity/activation/_password_rules.html" %}{% endif %}',
            set(),
        ),
        ('{% if x %}{% else %}{% include "identity/activation/_password_rules.html" %}{% endif %}', {"pin"}),
    ],
)
def test_a_wrong_word_is_found_where_it_may_be_read(text: str, refused: set[str]) -> None:
    template = Template(f"{{% load i18n %}}{text}", engine=Engine.get_default())
    assert {kind for kind in KINDS if list(faults(template, kind))} == refused


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_and_every_message_of_a_client_says_the_word_of_the_policy(kind: Kind) -> None:
    """A part is read where it is included: what is decided there holds in it."""
    found = (READ_BY_CLIENTS.search(source.path) for source in templates())
    names = [match[1] for match in found if match and "/_" not in match[1]]
    assert {
        "identity/sign_in.html",
        "messages/secret_forced/sms.txt",
        "messages/recovery_code/letter.txt",
    } <= {*names}
    refuse(f"{name}, {fault}" for name in names for fault in faults(_read(name), kind))


def test_the_code_of_the_screens_names_the_secret_or_leaves_it_to_the_policy() -> None:
    """The forms of a password and of a PIN are two: each may say its own word, no text says both."""
    sources = [
        each
        for each in packages()
        if each.path.startswith(("tenant_apps/identity/views/", "tenant_apps/identity/forms/"))
    ]
    texts = {str(text) for each in sources for text, _context in messages_of(each.text, template=False)}
    plain = {text: text.replace("%(secret)s", "") for text in texts}
    assert "Saisissez votre mot de passe." in texts
    refuse(text for text, said in plain.items() if all(FOREIGN[kind].search(said) for kind in KINDS))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_happened_is_told_to_its_owner_in_the_word_of_the_policy(kind: Kind, language: str) -> None:
    with override(language):
        told = [words_for_client(each, secret=NAMES[kind][language]) or "" for each in kinds_for_client()]
    refuse(words for words in told if FOREIGN[kind].search(words))
    assert any(NAMES[kind][language] in words for words in told)
