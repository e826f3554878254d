import threading

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django_tenants.utils import schema_context, tenant_context

from guichet.tenancy.connection import connection
from guichet.web.context import caisse as caisse_context
from tenant_apps.messaging.rendering import rendered
from tenants.models import Caisse
from tenants.policy.current import NoPolicyError
from tests.conventions.rules.calls import schema_context as rule_against_schema_context
from tests.conventions.rules.calls import with_tenant as rule_against_with_tenant
from tests.conventions.tree import Source
from tests.isolation.visits import SIGN_IN, BrowserAt
from tests.world import ANNE, BRUNO

OF_ALPHA, OF_BETA = "Votre objet est à l’abri.", "Vos objets en lieu sûr."
TITLE = "theme/entrance_title.html"


@pytest.fixture(params=["alpha first", "beta first"])
def turns(request: pytest.FixtureRequest, alpha: Caisse, beta: Caisse) -> list[Caisse]:
    return [alpha, beta, alpha] if request.param == "alpha first" else [beta, alpha, beta]


def test_a_page_loaded_in_turn_by_two_caisses_has_each_ones_words(browser_at: BrowserAt) -> None:
    for _ in range(2):
        at_alpha = browser_at(ANNE.host).get(SIGN_IN).content.decode()
        at_beta = browser_at(BRUNO.host).get(SIGN_IN).content.decode()
        assert OF_ALPHA in at_alpha
        assert OF_BETA not in at_alpha
        assert OF_BETA in at_beta
        assert OF_ALPHA not in at_beta


def test_trap_4_a_template_of_a_theme_is_kept_for_its_theme_alone(turns: list[Caisse]) -> None:
    words = {"alpha": OF_ALPHA, "beta": OF_BETA}
    for caisse in turns:
        with tenant_context(caisse):
            assert words[caisse.schema_name] in render_to_string(TITLE)


def test_trap_4_a_message_is_written_in_the_words_of_its_caisse(turns: list[Caisse]) -> None:
    for caisse in turns:
        with tenant_context(caisse):
            mail = rendered(
                kind="new_sign_in",
                channel="mail",
                language="fr",
                context={"name": "Prénom", "at": caisse.created_at, "browser": "Firefox"},
            )
        other = "Beta" if caisse.name == "Caisse Alpha" else "Alpha"
        assert caisse.name in mail["subject"]
        assert all(caisse.name in mail[part] for part in ("text", "html"))
        assert not any(f"Caisse {other}" in text for text in mail.values())


def test_trap_4_no_template_of_a_caisse_is_rendered_by_its_name_alone(alpha: Caisse) -> None:
    with tenant_context(alpha):
        assert OF_ALPHA in render_to_string(TITLE)
    with schema_context("alpha"):
        assert OF_ALPHA not in render_to_string(TITLE)
        with pytest.raises(NoPolicyError):
            rendered(kind="sms_code", channel="sms", language="fr", context={})


def test_trap_4_and_5_lint_refuses_both_ways_in() -> None:
    assert list(rule_against_schema_context(Source("a.py", "with schema_context('alpha'): pass")))
    assert list(rule_against_with_tenant(Source("a.py", "with caisse: pass")))


def test_trap_5_two_threads_in_two_caisses_leave_each_other_alone(alpha: Caisse, beta: Caisse) -> None:
    alpha_in, beta_in, alpha_out = threading.Event(), threading.Event(), threading.Event()
    seen: dict[str, list[str]] = {}

    def visit(caisse: Caisse, before: Caisse | None, waits: threading.Event | None) -> None:
        if before is not None:
            connection.set_tenant(before)
        if waits is not None:
            assert waits.wait(timeout=10)
        with tenant_context(caisse):
            (alpha_in if caisse == alpha else beta_in).set()
            assert (beta_in if caisse == alpha else alpha_out).wait(timeout=10)
            inside = connection.schema_name
        seen[caisse.schema_name] = [inside, connection.schema_name]
        alpha_out.set()

    # Alpha's thread comes from beta, goes in first and comes out first.
    threads = [
        threading.Thread(target=visit, args=[alpha, beta, None]),
        threading.Thread(target=visit, args=[beta, None, alpha_in]),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert seen == {"alpha": ["alpha", "beta"], "beta": ["beta", "public"]}


def test_what_a_template_gets_of_a_caisse_is_that_of_the_request(
    rf: RequestFactory, alpha: Caisse, beta: Caisse
) -> None:
    for caisse in (alpha, beta):
        request = rf.get("/")
        request.tenant = caisse  # type: ignore[attr-defined]  # as TenantMiddleware does
        with tenant_context(caisse):
            context = caisse_context(request)
            assert context["policy"].caisse.name == caisse.name
            assert context["brand"].theme == {"alpha": "warm", "beta": "heritage"}[caisse.schema_name]
