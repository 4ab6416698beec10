"""Papers as bytes for receipt printers."""

from pos.receipts.renderers.escpos.compiler import MEDIA_TYPE, render_escpos
from pos.receipts.renderers.escpos.profiles import PROFILES, Profile

__all__ = ["MEDIA_TYPE", "PROFILES", "Profile", "render_escpos"]
