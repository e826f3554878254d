"""The page of a contract: what is owed and what may be done first, the rest folded; plain words, the law apart."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money, total
from tenant_apps.pawn.choices import asks_for_sale
from tenant_apps.pawn.domain.blocking import TO_BLOCK
from tenant_apps.pawn.domain.possible import BlockKind
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.selectors import contract_of_caisse
from tenant_apps.pawn.services.block_contract import block_contract
from tenant_apps.pawn.services.pay_out_boni import boni_left, pay_out_boni
from tenants.models import Caisse
from tests.pawn.loans.lending import announce, apply_grid, asked, lend, redeem, sell
from tests.pawn.pledges import enter, words
from tests.world import ANNE

LIST = "/contrats/"
TODAY = timezone.localdate
FOLD = re.compile(r'<details class="card fold".*?</details>', re.DOTALL)
ARTICLE = re.compile(r"\b[LDR]\.?\s?\d{3}-\d+|1343-1")
ROOT = Path(__file__).resolve().parents[3]
# Where the law itself is told: on the contract's page, before one pays, in the tariffs, in what is signed or posted.
OF_THE_LAW = (
    "tenant_apps/desk/",
    "tenant_apps/pawn/legal.py",
    "tenant_apps/pawn/papers/",
    "tenant_apps/pawn/settlement.py",
    "tenant_apps/pawn/tariffs/",
    "tenant_apps/pawn/templates/messages/pawn_boni/letter.txt",
    "tenant_apps/pawn/templates/pawn/tariff.html",
)


@pytest.fixture
def young(lends: Caisse) -> Contract:
    return lend(on=TODAY() - timedelta(days=100))


def page(browser: Browser, contract: Contract, query: str = "") -> str:
    return words(browser.get(f"{LIST}{contract.uuid}/{query}"))


def block(contract: Contract, kind: BlockKind) -> None:
    block_contract(contract=contract, kind=kind, reason=TO_BLOCK[kind][0], **asked(TODAY()))


def sold(caisse: Caisse, hammer: int) -> Contract:
    """Thirty days ago."""
    day = TODAY() - timedelta(days=30)
    with tenant_context(caisse):
        contract = lend(on=day - timedelta(days=400))
        announce(contract, day - timedelta(days=40), day)
        sell(contract, day, hammer)
    return contract


def test_what_is_owed_and_what_may_be_done_stand_before_all_that_is_folded(
    young: Contract, anne_in: Browser
) -> None:
    said = page(anne_in, young)
    folds = [said.index(each) for each in FOLD.findall(said)]
    assert len(folds) == 5
    for first in ("À payer pour tout rembourser", "Payer en ligne", "Prolonger de 6 mois", "Tout rembourser"):
        assert said.index(first) < min(folds)
    for later in ("Combien je dois ?", "Votre objet en gage", "Ce contrat", "Ce qui s’est passé"):
        assert any(later in each for each in FOLD.findall(said))
    assert 'class="card fold" open' not in said


def test_who_asks_for_a_day_finds_the_answer_unfolded(young: Contract, anne_in: Browser) -> None:
    for day in (TODAY() + timedelta(days=20), "hier"):
        assert 'class="card fold" id="combien" open' in page(anne_in, young, f"?le={day}")


def test_nothing_to_pay_is_said_calmly(young: Contract, anne_in: Browser) -> None:
    redeem(young, TODAY())
    said = page(anne_in, young)
    assert "Rien à payer" in said
    assert "Objet à reprendre" in said
    for alarm in ("notice-warn", "notice-bad", "badge-warn"):
        assert alarm not in said


def test_a_price_is_explained_by_lines_that_make_it(
    alpha: Caisse, beta: Caisse, browser_at: Callable[[str], Browser]
) -> None:
    """At Paris a prolongation costs the interest, and two euros."""
    with tenant_context(alpha):
        apply_grid("paris")
        contract = lend(2000, on=TODAY() - timedelta(days=100))
    browser = enter(browser_at(ANNE.host), alpha)
    answer = browser.get(f"{LIST}{contract.uuid}/")
    option = next(each for each in answer.context["choices"].options if each.act == "prolong:6")
    assert total(sum_ for _, sum_ in option.shares) == option.price
    assert ("Droit fixe", Money.of(2)) in option.shares
    assert total(each.amount for each in option.lines) == option.price
    said = words(answer)
    assert '<dt>Droit fixe</dt> <dd class="number"> 2,00 €' in said
    assert said.index("<dt>Droit fixe</dt>") < said.index("Payer une partie")


@pytest.mark.parametrize("kind", list(BlockKind))
def test_a_blocked_contract_offers_no_sale_and_says_what_holds_and_whom_to_see(
    young: Contract, anne_in: Browser, kind: BlockKind
) -> None:
    found = contract_of_caisse(uuid=young.uuid)
    request = asks_for_sale(contract=found, on=TODAY())
    assert request is not None
    assert request.can
    block(young, kind)
    assert asks_for_sale(contract=contract_of_caisse(uuid=young.uuid), on=TODAY()) is None
    said = page(anne_in, young)
    assert "Demander la vente" not in said
    assert "Parlez-en à votre agence" in said
    steps = said[said.index("Et ensuite</h2>") : said.index('id="combien"')]
    assert "vous prolongez, ou vous reprenez votre objet" not in steps
    if kind is BlockKind.CLAIMED_BY_OTHER:
        assert "il n’est ni rendu, ni vendu" in steps
        assert "Vente aux enchères" not in steps
    else:
        assert "même sans la reconnaissance" in steps


def test_a_sale_that_a_claim_stops_is_not_said_to_take_place(lends: Caisse, anne_in: Browser) -> None:
    with tenant_context(lends):
        late = lend(on=TODAY() - timedelta(days=400))
        announce(late, TODAY(), TODAY() + timedelta(days=20))
    assert "remboursez tout avant la vente" in page(anne_in, late)
    with tenant_context(lends):
        block(late, BlockKind.CLAIMED_BY_OTHER)
    said = page(anne_in, late)
    assert "Elle n’aura pas lieu tant que le contrat est bloqué." in said
    assert "remboursez tout avant la vente" not in said


def test_a_boni_that_was_paid_says_when_and_how_much_and_gives_no_more_time(
    lends: Caisse, anne_in: Browser
) -> None:
    contract = sold(lends, 3000)
    assert "La loi vous laisse 2 ans" in page(anne_in, contract)
    with tenant_context(lends):
        left = boni_left(contract=contract)
        done = pay_out_boni(contract=contract, document="passport", surety=False, left=left, **asked(TODAY()))
    said = page(anne_in, contract)
    assert "La loi vous laisse" not in said
    shown = anne_in.get(f"{LIST}{contract.uuid}/").context["sale"].paid
    assert (shown.on, shown.amount, shown.costs) == (TODAY(), done.operation.amount, Money())
    assert "Le boni vous a été versé le" in said


def test_articles_of_law_stand_in_the_fold_of_the_law_alone(
    young: Contract, lends: Caisse, anne_in: Browser
) -> None:
    late = sold(lends, 3000)
    with tenant_context(lends):
        block(young, BlockKind.LOST_RECEIPT)
        block(young, BlockKind.CLAIMED_BY_OTHER)
    for contract in (young, late):
        said = page(anne_in, contract)
        (law,) = [each for each in FOLD.findall(said) if "Ce que dit la loi" in each]
        assert ARTICLE.search(law)
        assert not ARTICLE.search(said.replace(law, ""))
        assert not ARTICLE.search(words(anne_in.get(f"{LIST}{contract.uuid}/payer/")))


def test_no_sentence_to_clients_names_an_article_but_where_the_law_is_told() -> None:
    """Each text says where it is from; the template of one is not the place of the other."""
    found = []
    for entry in (ROOT / "locale/en/LC_MESSAGES/django.po").read_text(encoding="utf-8").split("\n\n"):
        places = [each for line in re.findall(r"^#: (.*)$", entry, re.MULTILINE) for each in line.split()]
        text = "".join(
            json.loads(each) for each in re.findall(r'"(?:[^"\\]|\\.)*"', entry.split("\nmsgstr")[0])
        )
        ours = [each for each in places if each.startswith("tenant_apps/pawn/")]
        if ARTICLE.search(text) and not all(each.startswith(OF_THE_LAW) for each in ours):
            found.append(text)
    assert found == []
