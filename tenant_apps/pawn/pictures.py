"""A picture as it is kept: drawn again from its points alone, so that nothing else it carried comes along."""

from io import BytesIO

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
MIME_TYPES = ("image/jpeg", "image/png", "image/webp")
SUFFIX = ".jpg"
MOST_POINTS = 60_000_000
"""Read from the header: a small file may unfold to more memory than there is."""
LONGEST_SIDE = 1600
QUALITY = 85
_WHITE = (255, 255, 255)


class NotAPictureError(ValueError):
    """It is none of the formats, whatever its name says, or it is broken."""


class TooManyPointsError(Exception):
    """It would take too much memory."""


def cleaned(data: bytes) -> bytes:
    """The same bytes give the same answer. Where it was taken, by which device and when is not in it.

    Raises NotAPictureError, TooManyPointsError.
    """
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as found:
            _refuse_beyond_measure(found)
            # The way up is one of the notes that are left behind.
            upright = ImageOps.exif_transpose(found)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _drawn(upright.convert("RGBA"))
    except Image.DecompressionBombError as error:
        raise TooManyPointsError from error
    # Pillow's decoders raise what they like on a broken file.
    except (OSError, ValueError, SyntaxError, EOFError, LookupError, TypeError) as error:
        raise NotAPictureError from error


def _refuse_beyond_measure(found: Image.Image) -> None:
    if found.width * found.height > MOST_POINTS:
        raise TooManyPointsError


def _drawn(picture: Image.Image) -> bytes:
    """On white, where it was see-through."""
    ground = Image.new("RGB", picture.size, _WHITE)
    ground.paste(picture, mask=picture.getchannel("A"))
    written = BytesIO()
    ground.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()
