"""The filters and tags of templates."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

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
