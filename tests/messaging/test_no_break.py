"""Lines of a paper are broken at spaces that may be, and nowhere else."""

from tenant_apps.messaging.letter_pdf import wrapped

SUM = "2\u202f000,00\u202f€"


def test_a_sum_and_a_colon_stay_with_what_they_belong_to() -> None:
    text = f"Vous devez {SUM} ce jour\u202f: payez à l’agence, ou prolongez."
    for width in range(20, 60):
        lines = wrapped(text, 11.0, float(width))
        assert any(SUM in line for line in lines), width
        assert not any(line.startswith(":") for line in lines), width
        assert " ".join(lines) == text
