"""A photo is drawn again from its points: nothing of where, when and by what it was taken is kept."""

from io import BytesIO

import pytest
from PIL import Image

from tenant_apps.pawn import pictures
from tenant_apps.pawn.pictures import NotAPictureError, TooManyPointsError, cleaned
from tests.pawn.photos import MAKER, drawn, taken_outside


def test_what_a_telephone_notes_beside_a_picture_is_gone_and_it_stands_upright() -> None:
    given = taken_outside()
    assert MAKER.encode() in given
    kept = cleaned(given)
    with Image.open(BytesIO(kept)) as found:
        assert (found.format, found.size) == ("JPEG", (200, 400))
        assert not found.getexif()
        assert set(found.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert MAKER.encode() not in kept


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_kind_that_is_offered_becomes_a_plain_picture_on_white(kind: str) -> None:
    given = taken_outside() if kind == "JPEG" else drawn(kind)
    with Image.open(BytesIO(cleaned(given))) as found:
        assert found.format == "JPEG"
        if kind != "JPEG":
            assert found.convert("L").getpixel((0, 0)) == 255


def test_a_large_picture_is_kept_at_a_size_for_a_screen() -> None:
    with Image.open(BytesIO(cleaned(taken_outside(width=3000, height=1500)))) as found:
        assert max(found.size) == pictures.LONGEST_SIDE


def test_the_same_picture_gives_the_same_bytes() -> None:
    assert cleaned(taken_outside()) == cleaned(taken_outside())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"\xff\xd8\xff\xe0 not a picture",
        taken_outside()[:300],
        drawn("PNG")[:40],
        drawn("GIF"),
    ],
    ids=["nothing", "a drawing with a script", "a lie", "half a JPEG", "half a PNG", "another kind"],
)
def test_what_is_no_picture_of_these_kinds_is_refused(data: bytes) -> None:
    with pytest.raises(NotAPictureError):
        cleaned(data)


def test_a_picture_that_would_unfold_beyond_measure_is_refused_by_its_header(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pictures, "MOST_POINTS", 400 * 200 - 1)
    with pytest.raises(TooManyPointsError):
        cleaned(taken_outside())
