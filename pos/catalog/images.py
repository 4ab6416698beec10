"""Pictures made ours: decoded within limits, turned upright, made small, and written anew without anything else.

What a merchant uploads is never stored or served as it came: only pixels pass, so neither scripts nor places nor
names of cameras travel along (traps 31 and 33 are about what files bring with them). Pure: bytes in, bytes out.
"""

import hashlib
import io
from dataclasses import dataclass
from typing import ClassVar, Final

from PIL import Image, ImageOps

from fynlo.core.errors import RuleViolation

MAX_BYTES: Final = 10 * 1024 * 1024
"""How large an upload may be."""
MAX_PIXELS: Final = 25_000_000
"""How many pixels are decoded: 100 MB of memory at most, whatever a few bytes of file claim."""
MAX_SIDE: Final = 1024
"""How wide and how high a stored picture is at most."""
MEDIA_TYPE: Final = "image/webp"
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
_QUALITY: Final = 82

# Pillow's own limit warns only; ours is asked before the first pixel is decoded.
Image.MAX_IMAGE_PIXELS = None


class ImageUnreadable(RuleViolation):
    """The file is no picture in a form that is read here (JPEG, PNG, WebP, GIF), or it is damaged."""

    code: ClassVar[str] = "image_unreadable"
    title: ClassVar[str] = "The file cannot be read as a picture"


class ImageTooManyPixels(RuleViolation):
    """The picture has more pixels than are decoded; make it smaller first."""

    code: ClassVar[str] = "image_too_many_pixels"
    title: ClassVar[str] = "The picture has too many pixels"


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedImage:
    """A picture as it is stored; `digest` is the SHA-256 of `content`."""

    content: bytes
    digest: str
    width: int
    height: int


def encode(content: bytes) -> EncodedImage:
    """The picture in `content` as WebP, upright, at most 1024 pixels a side, without metadata.

    The same bytes give the same picture. Of an animation the first frame counts. Raises `ImageUnreadable` and
    `ImageTooManyPixels`.
    """
    picture = _decoded(content)
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=_QUALITY, method=4, exif=b"", xmp=b"", icc_profile=b"")
    data = buffer.getvalue()
    return EncodedImage(
        content=data, digest=hashlib.sha256(data).hexdigest(), width=picture.width, height=picture.height
    )


def _decoded(content: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as source:
            if source.width * source.height > MAX_PIXELS:
                raise ImageTooManyPixels(
                    f"{source.width} × {source.height} pixels; at most {MAX_PIXELS} are read."
                )
            source.thumbnail((MAX_SIDE, MAX_SIDE))
            upright = ImageOps.exif_transpose(source)
            return upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except ImageTooManyPixels:
        raise
    except Exception as error:  # decoders raise what they like; none of it is a fault of the server
        raise ImageUnreadable("JPEG, PNG, WebP and GIF are read here.") from error
