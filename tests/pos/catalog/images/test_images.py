"""Pictures: what is stored is ours, whatever was sent; limits hold before they are needed."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from fynlo.core.tenancy import tenant_context
from pos.catalog.images import MAX_BYTES, ImageTooManyPixels, ImageUnreadable, encode
from pos.catalog.models import CatalogImage
from tests.factories import Shop, TillClient, paired_till, signed_in

ORIENTATION = 0x0112
MAKER = 0x010F
TURN_RIGHT = 6


def picture(width: int, height: int, *, form: str = "PNG", mode: str = "RGB", **saved: Any) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new(mode, (width, height), "red")
    image.paste(Image.new(mode, (width - width // 2, height), "blue"), (width // 2, 0))
    buffer = io.BytesIO()
    image.save(buffer, form, **saved)
    return buffer.getvalue()


def claims(width: int, height: int) -> bytes:
    """A PNG of 45 bytes that says it is this large."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        for chunk in (head, b"IDAT")
    )


@pytest.fixture
def manager(here: Shop, till: TillClient) -> TillClient:
    return TillClient(here.tenant, signed_in(here.tenant, till.headers, role="manager"))


def send(client: TillClient, content: bytes, media_type: str = "image/png", **headers: str) -> Any:
    return client._client.post(
        "/api/v1/catalog/images",
        data=content,
        content_type=media_type,
        headers={**client.headers, **headers},
        CONTENT_TYPE=media_type,
    )


def stored(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_form_becomes_webp_of_at_most_1024_pixels_a_side(form: str) -> None:
    made = encode(picture(2048, 512, form=form))
    image = stored(made.content)
    assert (image.format, image.size) == ("WEBP", (1024, 256))
    assert (made.width, made.height) == (1024, 256)


def test_small_pictures_are_not_made_larger() -> None:
    assert stored(encode(picture(40, 30)).content).size == (40, 30)


def test_a_picture_taken_sideways_is_turned_upright_and_loses_what_the_camera_said() -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = TURN_RIGHT, "Secret Camera of Ayşe"
    sent = picture(400, 200, form="JPEG", exif=exif)
    assert b"Secret Camera" in sent
    made = encode(sent)
    image = stored(made.content)
    assert image.size == (200, 400)
    red, _, blue = image.convert("RGB").getpixel((100, 40))  # type: ignore[misc]
    assert red > 200 > blue
    assert dict(image.getexif()) == {}
    assert b"Secret" not in made.content


def test_what_hides_behind_a_picture_is_not_kept() -> None:
    made = encode(picture(8, 8) + b"<script>alert(1)</script>")
    assert b"script" not in made.content


def test_see_through_parts_stay_see_through() -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(buffer, "PNG")
    assert stored(encode(buffer.getvalue()).content).mode == "RGBA"


def test_too_many_pixels_are_refused_before_any_is_decoded() -> None:
    bomb = claims(50_000, 50_000)
    assert len(bomb) == 45
    with pytest.raises(ImageTooManyPixels, match="50000 × 50000"):
        encode(bomb)
    with pytest.raises(ImageTooManyPixels):
        encode(claims(5_001, 5_000))
    with pytest.raises(ImageUnreadable):  # within the limit, and then there is nothing behind it
        encode(claims(5_000, 5_000))


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", picture(20, 20)[:60], b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7\n%%EOF"],
    ids=["nothing", "a beginning", "cut off", "svg", "pdf"],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(ImageUnreadable):
        encode(content)


def test_a_manager_adds_a_picture_and_every_till_can_show_it(till: TillClient, manager: TillClient) -> None:
    answer = send(manager, picture(64, 32))
    assert answer.status_code == 201, answer.content
    told = answer.json()
    shown = till.get(f"/catalog/images/{told['id']}")
    assert shown.status_code == 200
    assert stored(shown.content).size == (64, 32) == (told["width"], told["height"])
    assert shown.headers["Content-Type"] == "image/webp"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert shown.headers["ETag"] == f'"{told["digest"]}"'
    known = till.get(f"/catalog/images/{told['id']}", If_None_Match=shown.headers["ETag"])
    assert (known.status_code, known.content) == (304, b"")


def test_the_same_picture_twice_is_one(here: Shop, manager: TillClient) -> None:
    first, second = send(manager, picture(64, 32)), send(manager, picture(64, 32))
    assert first.json() == second.json()
    with tenant_context(here.tenant):
        assert CatalogImage.objects.count() == 1


def test_another_merchants_picture_is_not_there(there: Shop, manager: TillClient) -> None:
    told = send(manager, picture(64, 32)).json()
    stranger = TillClient(there.tenant, paired_till(there.tenant))
    assert stranger.get(f"/catalog/images/{told['id']}").status_code == 404


def test_uploads_have_limits_whatever_is_declared(manager: TillClient, till: TillClient) -> None:
    def code(answer: Any) -> tuple[int, str]:
        return answer.status_code, answer.json()["code"]

    assert code(send(manager, b"\0" * (MAX_BYTES + 1))) == (413, "upload_too_large")
    assert code(send(manager, b"")) == (400, "upload_empty")
    assert code(send(manager, picture(8, 8), "application/json")) == (415, "unsupported_media_type")
    assert code(send(manager, b"x", **{"Content-Encoding": "gzip"})) == (415, "unsupported_media_type")
    assert code(send(manager, b"x" * 100)) == (422, "image_unreadable")
    assert code(send(manager, claims(50_000, 50_000))) == (422, "image_too_many_pixels")
    assert code(send(till, picture(8, 8))) == (403, "forbidden")
