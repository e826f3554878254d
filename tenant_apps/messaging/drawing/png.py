"""A small drawing of ours, such as a logo, as PNG."""

import io
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

from PIL import Image, ImageDraw
from qrcode.image.base import BaseImage
from qrcode.main import QRCode

from tenant_apps.messaging.drawing.outline import Line, outline

# Drawn so many times as large, then made smaller: edges are smooth.
_FINER = 8
_INHERITED = ("fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin")
_COLOURS = 32
# The white around the code, in squares: ISO/IEC 18004 wants four.
_QUIET_ZONE, _SQUARE = 4, 4
Attributes = Mapping[str, str]


def drawing_png(svg: str, *, side: int) -> bytes:
    """`svg`: square, without a style sheet; rects, circles and paths, plain colours."""
    root = ET.fromstring(svg)  # noqa: S314  # a drawing of the repository
    width = float(root.attrib["viewBox"].split()[2])
    scale = side * _FINER / width
    canvas = Image.new("RGBA", (side * _FINER, side * _FINER), (0, 0, 0, 0))
    for tag, attributes in _shapes(root, {}):
        canvas.alpha_composite(_layer(tag, attributes, scale=scale, size=canvas.size))
    small = canvas.resize((side, side), Image.Resampling.LANCZOS)
    return _bytes(small.quantize(colors=_COLOURS, method=Image.Quantize.FASTOCTREE))


def qr_png(text: str) -> bytes:
    """Black on white with its margin, whatever stands around it."""
    code: QRCode[BaseImage] = QRCode(border=_QUIET_ZONE)
    code.add_data(text)
    rows = code.get_matrix()
    picture = Image.new("1", (len(rows), len(rows)), 1)
    picture.putdata([0 if is_dark else 1 for row in rows for is_dark in row])
    side = len(rows) * _SQUARE
    return _bytes(picture.resize((side, side), Image.Resampling.NEAREST))


def _bytes(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()


def _shapes(node: ET.Element, above: Attributes) -> Iterator[tuple[str, Attributes]]:
    kept = {name: value for name, value in above.items() if name in _INHERITED}
    for child in node:
        attributes = {**kept, **child.attrib}
        tag = child.tag.rpartition("}")[2]
        if tag == "g":
            yield from _shapes(child, attributes)
        else:
            yield tag, attributes


def _layer(tag: str, attributes: Attributes, *, scale: float, size: tuple[int, int]) -> Image.Image:
    """One shape on a sheet of its own, so that it may be see-through."""
    sheet = Image.new("RGBA", size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(sheet)
    fill = None if attributes.get("fill") == "none" else attributes.get("fill", "#000000")
    if tag == "rect":
        x, y, width, height, rx = (
            scale * float(attributes.get(name, 0)) for name in ("x", "y", "width", "height", "rx")
        )
        pen.rounded_rectangle((x, y, x + width - 1, y + height - 1), radius=rx, fill=fill)
    elif tag == "circle":
        cx, cy, r = (scale * float(attributes[name]) for name in ("cx", "cy", "r"))
        pen.ellipse((cx - r, cy - r, cx + r - 1, cy + r - 1), fill=fill)
    else:
        for line in outline(attributes["d"]):
            _path(pen, [(x * scale, y * scale) for x, y in line], attributes, fill=fill, scale=scale)
    seen = float(attributes.get("opacity", 1))
    if seen < 1:
        sheet.putalpha(sheet.getchannel("A").point(lambda alpha: round(alpha * seen)))
    return sheet


def _path(
    pen: ImageDraw.ImageDraw, points: Line, attributes: Attributes, *, fill: str | None, scale: float
) -> None:
    if fill:
        pen.polygon(points, fill=fill)
    stroke = attributes.get("stroke")
    if stroke is None:
        return
    width = float(attributes.get("stroke-width", 1)) * scale
    pen.line(points, fill=stroke, width=round(width), joint="curve")
    closed, round_ends = points[0] == points[-1], attributes.get("stroke-linecap") == "round"
    corners = points if closed or round_ends else points[1:-1]
    for x, y in corners:
        pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=stroke)
