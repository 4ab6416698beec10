"""Pictures made ours: decoded within limits (`fynlo.core.pictures`), made small, and written anew as WebP.

What a merchant uploads is never stored or served as it came. Pure: bytes in, bytes out.
"""

import hashlib
import io
from dataclasses import dataclass
from typing import Final

from fynlo.core.pictures import ImageTooManyPixels, ImageUnreadable, decoded

__all__ = ["MAX_BYTES", "MEDIA_TYPE", "EncodedImage", "ImageTooManyPixels", "ImageUnreadable", "encode"]

MAX_BYTES: Final = 10 * 1024 * 1024
"""How large an upload may be."""
MAX_PIXELS: Final = 25_000_000
"""How many pixels are decoded: 100 MB of memory at most, whatever a few bytes of file claim."""
MAX_SIDE: Final = 1024
"""How wide and how high a stored picture is at most."""
MEDIA_TYPE: Final = "image/webp"
_QUALITY: Final = 82


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
    picture = decoded(content, most_pixels=MAX_PIXELS, most_side=MAX_SIDE)
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=_QUALITY, method=4, exif=b"", xmp=b"", icc_profile=b"")
    data = buffer.getvalue()
    return EncodedImage(
        content=data, digest=hashlib.sha256(data).hexdigest(), width=picture.width, height=picture.height
    )
