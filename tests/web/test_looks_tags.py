"""The filters and tags of templates."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template, TemplateDoesNotExist
from django.utils.translation import override


def render(text: str, /, **context: object) -> str:
    return Template("{% load guichet %}" + text).render(Context(context))


def test_a_page_in_french_and_one_in_english_write_the_same_sum_differently() -> None:
    with override("fr"):
        assert render("{{ sum|euros }}", sum=Decimal("1234.56")) == "1\u202f234,56\u00a0€"
    with override("en"):
        assert render("{{ sum|euros }}", sum=Decimal("1234.56")) == "€1,234.56"


def test_the_large_sum_keeps_its_figure_and_its_sign_together() -> None:
    with override("fr"):
        page = render('{% amount sum %}{% amount sum "medium" %}', sum=Decimal("59.2"))
    small = "59,20<small>\u00a0€</small></span>"
    assert page == f'<span class="amount">{small}<span class="amount amount-medium">{small}'


def test_a_moment_is_said_in_paris_time() -> None:
    late = datetime(2026, 10, 21, 22, 30, tzinfo=UTC)
    with override("fr"):
        assert render("{{ at|moment }}", at=late) == "22\u00a0octobre 2026 à 0\u00a0h\u00a030"
        assert render("{{ at|date_long }}", at=late) == "22\u00a0octobre 2026"
        assert render("{{ at|date_long }}", at=date(2026, 10, 21)) == "21\u00a0octobre 2026"


def test_a_dense_table_writes_moments_and_counts_short() -> None:
    late = datetime(2026, 10, 4, 22, 30, tzinfo=UTC)
    with override("fr"):
        assert render("{{ at|date_short }}", at=late) == "05/10/2026"
        assert render("{{ at|moment_short }}", at=late) == "05/10/2026, 0\u00a0h\u00a030"
        assert render("{{ a|count }} {{ b|count }}", a=1240, b=0) == "1\u202f240 0"
        assert render("{{ none|count|default:'–' }}", none=None) == "–"
    with override("en"):
        assert render("{{ at|moment_short }}", at=late) == "05/10/2026, 00:30"
        assert render("{{ a|count }}", a=1240) == "1,240"


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=1), "1\u00a0seconde"),
        (timedelta(minutes=5), "5\u00a0minutes"),
        (timedelta(hours=1, minutes=1), "1\u00a0heure et 1\u00a0minute"),
        (timedelta(hours=24), "24\u00a0heures"),
        (timedelta(days=15), "15\u00a0jours"),
    ],
)
def test_a_duration_is_said_in_words(length: timedelta, said: str) -> None:
    with override("fr"):
        assert render("{{ length|duration }}", length=length) == said


@pytest.mark.parametrize(
    ("count", "french", "english"), [(1, "1", "1"), (23_716, "24", "24"), (2_500_000, "2\u202f500", "2,500")]
)
def test_the_size_of_a_file_is_said_as_a_telephone_says_it(count: int, french: str, english: str) -> None:
    for language, said in (("fr", f"{french}\u00a0Ko"), ("en", f"{english}\u00a0KB")):
        with override(language):
            assert render("{{ count|file_size }}", count=count) == said


def test_weights_and_phones_are_written_for_people() -> None:
    with override("fr"):
        assert render("{{ weight|grams }}", weight=Decimal("3.40")) == "3,40\u00a0g"
        assert render("{{ phone|phone }}", phone="+33639981234") == "06\u00a039\u00a098\u00a012\u00a034"
        assert render("{{ phone|phone_address }}", phone="06 39 98 12 34") == "+33639981234"


def test_a_text_of_the_caisse_is_shown_in_the_language_of_the_page() -> None:
    class Both:
        def for_language(self, code: str) -> str:
            return {"fr": "Bonjour", "en": "Hello"}[code]

    with override("en"):
        assert render("{{ text|words }}{{ plain|words }}", text=Both(), plain=" !") == "Hello !"
    with override("fr"):
        assert render("{{ text|words }}{{ plain|words }}", text=Both(), plain=" !") == "Bonjour\u202f!"


def test_a_code_is_shown_large_and_nothing_of_the_message_becomes_markup() -> None:
    page = render("{{ text|codes_shown_large }}", text="<b>Code 481902, valable 5 minutes</b>")
    assert page == '&lt;b&gt;Code <strong class="code-shown">481902</strong>, valable 5 minutes&lt;/b&gt;'


def test_an_object_that_nobody_has_drawn_has_a_picture_all_the_same() -> None:
    assert "pawn/ring" in render('{% picture "pawn" kind %}', kind="ring")
    assert "pawn/other" in render('{% picture "pawn" kind %}', kind="../../mark")


def test_an_icon_says_nothing_to_a_screen_reader_and_a_missing_one_is_an_error() -> None:
    assert 'aria-hidden="true"' in render('{% icon "phone" %}')
    with pytest.raises(TemplateDoesNotExist):
        render('{% icon "nothing" %}')


def test_a_control_is_tied_to_its_hint_and_its_error() -> None:
    class Form(forms.Form):
        code = forms.CharField(
            help_text="Six", widget=forms.TextInput(attrs={"autocapitalize": "characters"})
        )

    page = render(
        '{% include "components/field.html" with autocomplete="one-time-code" %}', field=Form({})["code"]
    )
    assert 'aria-describedby="id_code_helptext id_code_error"' in page
    assert 'id="id_code_helptext"' in page
    assert 'id="id_code_error"' in page
    assert 'aria-invalid="true"' in page
    assert 'autocomplete="one-time-code"' in page
    assert 'autocapitalize="characters"' in page


class Choices(forms.Form):
    """A field that is one control, one that is several, a box and a file."""

    name = forms.CharField(help_text="Le vôtre")
    when = forms.ChoiceField(
        help_text="Un seul", choices=[("a", "Demain"), ("b", "Après")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="D’accord")
    proof = forms.FileField(widget=forms.FileInput)


def test_several_choices_are_one_group_that_says_its_hint_and_its_error() -> None:
    page = render('{% include "components/field.html" %}', field=Choices({})["when"])
    assert re.search(r'<fieldset[^>]+aria-describedby="id_when_helptext id_when_error"', page)
    assert "<legend>When</legend>" in page
    assert page.count('type="radio"') == 2
    assert 'id="id_when_error"' in page


def test_the_words_of_a_box_stand_after_it_and_answer_for_it() -> None:
    page = render('{% include "components/field.html" %}', field=Choices()["agreed"])
    assert page.index('type="checkbox"') < page.index('<label for="id_agreed">D’accord</label>')


def test_a_file_is_dropped_on_a_plain_field() -> None:
    page = render('{% include "components/file_drop.html" %}', field=Choices({})["proof"])
    assert re.search(r'<input type="file"[^>]+aria-describedby="id_proof_error"', page)
    assert '<label for="id_proof">' in page


def test_a_code_to_scan_is_drawn_in_the_page_and_tells_one_text_from_another() -> None:
    one, other = render('{% qr "otpauth://a" %}'), render('{% qr "otpauth://b" %}')
    assert one != other
    assert 'role="img"' in one
    assert "otpauth" not in one
    # Its three corners: seven squares, after the white around it.
    rows = {tuple(map(int, cell)) for cell in re.findall(r"M(\d+) (\d+)h1", one)}
    assert {(4 + at, 4) for at in range(7)} <= rows
    assert not {(x, y) for x, y in rows if min(x, y) < 4}


def test_a_key_is_shown_by_four() -> None:
    page = render('{% include "components/qr.html" %}', text="otpauth://x", key="JBSWY3DPEHPK3PXPAA")
    assert re.findall(r"<span>(\w+)</span>", page) == ["JBSW", "Y3DP", "EHPK", "3PXP", "AA"]
    assert 'data-copy="JBSWY3DPEHPK3PXPAA"' in page


def test_steps_say_where_one_stands_in_words() -> None:
    page = render('{% include "components/steps.html" with current=2 %}', steps=["Un", "Deux", "Trois"])
    words = " ".join(re.sub(r"<[^>]+>", " ", page.partition("<ol")[0]).split())
    assert words == "Étape 2 sur 3 : Deux"
    assert page.count("stages-done") == 1


def test_a_line_that_can_be_changed_says_which_one() -> None:
    rows = [{"label": "Montant", "value": "150 €", "url": "/x/"}, {"label": "Référence", "value": "V"}]
    page = render('{% include "components/check.html" %}', rows=rows)
    [link] = re.findall(r"<a .*?</a>", page, re.DOTALL)
    assert " ".join(re.sub(r"<[^>]+>", " ", link).split()) == "Modifier Montant"


def test_an_establishment_is_called_what_it_is() -> None:
    text = "{{ caisse|body }}"
    assert render(text, caisse=SimpleNamespace(body="mutual")) == "mutuelle"
    assert render(text, caisse=SimpleNamespace(body="caisse")) == "caisse"
