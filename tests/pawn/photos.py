"""Pictures to send at the counter, as a telephone or a liar would make them."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

WHERE = (48.0, 52.0, 0.0)
MAKER = "Fabricant inventé"
_GPS, _LATITUDE_REF, _LATITUDE, _MAKE, _ORIENTATION = 0x8825, 1, 2, 0x010F, 0x0112
ON_ITS_SIDE = 6


def taken_outside(*, width: int = 400, height: int = 200, colour: str = "gold") -> bytes:
    """A JPEG that tells where it was taken and by what, and lies on its side."""
    exif = Image.Exif()
    exif[_MAKE], exif[_ORIENTATION] = MAKER, ON_ITS_SIDE
    exif.get_ifd(_GPS).update({_LATITUDE_REF: "N", _LATITUDE: WHERE})
    written = BytesIO()
    Image.new("RGB", (width, height), colour).save(written, "JPEG", exif=exif, comment=MAKER.encode())
    return written.getvalue()


def drawn(kind: str, *, width: int = 40, height: int = 20) -> bytes:
    written = BytesIO()
    Image.new("RGBA", (width, height), (255, 0, 0, 0)).save(written, kind)
    return written.getvalue()


def sent(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.jpg", data, content_type="image/jpeg")
