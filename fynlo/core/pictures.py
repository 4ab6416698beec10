"""Pictures from outside, read within limits: decoded, turned upright and made small, without anything else. Pure.

Only pixels pass, so neither scripts nor places nor names of cameras travel along (traps 31 and 33 are about what
files bring with them). Whoever keeps a picture writes these pixels anew.
"""

import io
from typing import ClassVar, Final

from PIL import Image, ImageOps

from fynlo.core.errors import RuleViolation

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
_NAMES: Final = {"WEBP": "WebP"}

# Pillow's own limit warns only; ours is asked before the first pixel is decoded.
Image.MAX_IMAGE_PIXELS = None


class ImageUnreadable(RuleViolation):
    """The file is no picture in a form that is read here, or it is damaged."""

    code: ClassVar[str] = "image_unreadable"
    title: ClassVar[str] = "The file cannot be read as a picture"


class ImageTooManyPixels(RuleViolation):
    """The picture has more pixels than are decoded; make it smaller first."""

    code: ClassVar[str] = "image_too_many_pixels"
    title: ClassVar[str] = "The picture has too many pixels"


def decoded(
    content: bytes,
    *,
    most_pixels: int,
    most_side: int,
    formats: tuple[str, ...] = FORMATS,
    pointer: str | None = None,
) -> Image.Image:
    """The pixels of `content`, upright, at most `most_side` wide and high; RGBA where something shows through.

    Of an animation the first frame counts. More than `most_pixels` are not decoded, whatever a few bytes of file
    claim. Raises `ImageUnreadable` and `ImageTooManyPixels`, about the field at `pointer`.
    """
    try:
        with Image.open(io.BytesIO(content), formats=formats) as source:
            if source.width * source.height > most_pixels:
                raise ImageTooManyPixels(
                    f"{source.width} × {source.height} pixels; at most {most_pixels} are read.",
                    pointer=pointer,
                )
            source.thumbnail((most_side, most_side))
            upright = ImageOps.exif_transpose(source)
            return upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except ImageTooManyPixels:
        raise
    except Exception as error:  # decoders raise what they like; none of it is a fault of the server
        raise ImageUnreadable(f"{_listed(formats)} here.", pointer=pointer) from error


def _listed(formats: tuple[str, ...]) -> str:
    *most, last = [_NAMES.get(form, form) for form in formats]
    return f"{', '.join(most)} and {last} are read" if most else f"{last} is read"
