"""What a guest signs for a card payment: kept once, as a picture of ours, for whoever answers a dispute."""

import base64
import io
import logging
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection as database
from django.db.utils import InternalError, ProgrammingError
from PIL import Image, ImageDraw, PngImagePlugin

from fynlo.core.errors import RuleViolation
from fynlo.core.tenancy import tenant_context
from fynlo.events.models import Event
from payments.gateways.models import Attempt, AttemptSignature
from payments.gateways.services import look_at_attempt
from payments.gateways.signatures import MOST_BYTES, drawn, pictured
from tests.factories import shop
from tests.factories.tills import TillClient, paired_till, signed_in
from tests.payments.gateways.asking import AT, Desk, desk_of
from tests.payments.gateways.vendor import Vendor, vendor_present

CROSS = [[[0, 0], [9000, 4000]], [[0, 4000], [9000, 0]]]
LINE = [[[0, 0], [9000, 10]]]


def signature_png(width: int = 400, height: int = 150, *, mode: str = "RGBA", **saved: Any) -> bytes:
    """Ink on nothing, as most tills send it."""
    paper = {"RGBA": (0, 0, 0, 0), "RGB": (255, 255, 255), "L": 255}[mode]
    picture = Image.new(mode, (width, height), paper)
    ImageDraw.Draw(picture).line([(10, 10), (width - 10, height - 10)], fill="black", width=5)
    out = io.BytesIO()
    picture.save(out, "PNG", **saved)
    return out.getvalue()


def in_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is this large."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        for chunk in (head, b"IDAT")
    )


def white_png() -> bytes:
    out = io.BytesIO()
    Image.new("L", (40, 20), 255).save(out, "PNG")
    return out.getvalue()


def test_a_picture_becomes_dark_ink_on_white_without_what_came_along() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "Tablet of Ayşe, 48.1 N 11.5 E")
    sent = signature_png(2000, 800, pnginfo=told)
    assert b"Tablet" in sent
    made = pictured(sent)
    image = opened(made.content)
    assert (image.format, image.mode, image.size) == ("PNG", "L", (800, 320))
    assert (made.width, made.height) == (800, 320)
    assert (image.getpixel((0, 319)), image.info) == (255, {})
    assert image.getextrema()[0] < 64  # type: ignore[operator]


def test_the_same_pixels_are_the_same_signature_however_they_were_packed() -> None:
    assert pictured(signature_png()).digest == pictured(signature_png(compress_level=0)).digest
    assert pictured(signature_png()).digest != pictured(signature_png(401)).digest


def test_strokes_are_drawn_as_large_as_they_get_and_not_distorted() -> None:
    small = drawn([((10, 10), (110, 60)), ((10, 60), (110, 10))])
    large = drawn([((0, 0), (10_000, 5_000)), ((0, 5_000), (10_000, 0))])
    assert small.digest == large.digest
    image = opened(small.content)
    assert (image.size, image.getpixel((400, 200))) == ((800, 400), 0)


@pytest.mark.parametrize(
    ("strokes", "is_drawn"),
    [([], False), ([((5, 5),)], False), ([((5, 5), (5, 5))], False), ([((0, 0), (9, 9)), ((4, 0),)], True)],
    ids=["nothing", "a dot", "a dot twice", "a line and a dot"],
)
def test_a_dot_alone_is_no_signature(strokes: Any, is_drawn: bool) -> None:
    if is_drawn:
        assert drawn(strokes).width == 800
        return
    with pytest.raises(RuleViolation) as caught:
        drawn(strokes)
    assert caught.value.code == "signature_blank"


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with vendor_present() as made:
        yield made


@pytest.fixture
def till(cafe: Any) -> TillClient:
    shop(cafe)
    return TillClient(cafe, paired_till(cafe))


@pytest.fixture
def owner(cafe: Any, till: TillClient) -> TillClient:
    return TillClient(cafe, signed_in(cafe, till.headers, role="owner"))


@pytest.fixture
def desk(cafe: Any, till: TillClient, vendor: Vendor) -> Desk:
    with tenant_context(cafe):
        return desk_of(vendor, [])


@pytest.fixture
def paid(cafe: Any, desk: Desk) -> Attempt:
    """An attempt that a card paid."""
    with tenant_context(cafe):
        row = desk.presented(purpose="nothing")
        desk.vendor.guest_pays(row.pk)
        return look_at_attempt(attempt_id=row.pk, at=AT)


def place(row: Attempt) -> str:
    return f"/payment-attempts/{row.pk}/signature"


@pytest.mark.django_db
def test_a_till_brings_it_and_the_owner_reads_it(till: TillClient, owner: TillClient, paid: Attempt) -> None:
    sent = signature_png()
    told = till.put(place(paid), {"png": in_base64(sent)})
    assert (told.status_code, told.json()["flags"]) == (200, [])
    assert (told.json()["attempt_id"], told.json()["width"]) == (str(paid.pk), 400)
    assert "png" not in told.json()
    read = owner.get(place(paid))
    assert read.content == pictured(sent).content
    assert {name: read[name] for name in ("Content-Type", "Cache-Control", "X-Content-Type-Options")} == {
        "Content-Type": "image/png",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    assert read["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert till.get(place(paid)).status_code == 403


@pytest.mark.django_db
def test_the_first_stays_and_the_same_again_is_fine(cafe: Any, till: TillClient, paid: Attempt) -> None:
    first = till.put(place(paid), {"strokes": CROSS}).json()
    again = till.put(place(paid), {"strokes": CROSS})
    assert (again.status_code, again.json()) == (200, first)
    other = till.put(place(paid), {"strokes": LINE})
    assert (other.status_code, other.json()["code"]) == (409, "signature_taken")
    with tenant_context(cafe):
        assert [row.digest for row in AttemptSignature.objects.all()] == [drawn(_pairs(CROSS)).digest]


@pytest.mark.django_db
def test_it_is_tied_to_who_brought_it_and_never_changed(cafe: Any, till: TillClient, paid: Attempt) -> None:
    till.put(place(paid), {"strokes": CROSS})
    with tenant_context(cafe):
        row = AttemptSignature.objects.get()
        assert (row.device_id is not None, row.by != "", row.signed_at) == (True, True, row.at)
        with pytest.raises((InternalError, ProgrammingError)), database.cursor() as cursor:
            cursor.execute("UPDATE payments_attemptsignature SET digest = 'x'")


@pytest.mark.django_db
def test_a_till_that_was_offline_brings_it_later_and_that_is_flagged(
    cafe: Any, till: TillClient, desk: Desk, paid: Attempt
) -> None:
    signed = "2026-03-02T11:00:00.000Z"
    told = till.put(place(paid), {"strokes": CROSS, "signed_at": signed}).json()
    assert (told["signed_at"], told["flags"]) == (signed, ["signed_earlier", "signed_before_asked"])
    with tenant_context(cafe):
        waits = desk.presented(700, purpose="nothing")
    ahead = till.put(place(waits), {"strokes": CROSS, "signed_at": "2126-01-01T00:00:00.000Z"}).json()
    assert ahead["flags"] == ["clock_ahead", "nothing_taken"]


def refusals() -> dict[str, tuple[Any, int, str, str]]:
    """What is sent, and how it is refused: status, code, and the field."""
    return {
        "svg": ({"png": in_base64(b"<svg onload='steal()'/>")}, 422, "image_unreadable", "/png"),
        "cut off": ({"png": in_base64(signature_png()[:80])}, 422, "image_unreadable", "/png"),
        "gif": ({"png": in_base64(b"GIF89a" + bytes(40))}, 422, "image_unreadable", "/png"),
        "bomb": ({"png": in_base64(claims(60_000, 60_000))}, 422, "image_too_many_pixels", "/png"),
        "too large": ({"png": in_base64(bytes(MOST_BYTES + 1))}, 400, "too_large", "/png"),
        "no base64": ({"png": "data:image/png;base64,AAAA"}, 400, "invalid", "/png"),
        "number": ({"png": 5}, 400, "invalid", "/png"),
        "white paper": ({"png": in_base64(white_png())}, 422, "signature_blank", "/png"),
        "no strokes": ({"strokes": []}, 422, "signature_blank", "/strokes"),
        "beside the field": ({"strokes": [[[0, 0], [10_001, 0]]]}, 400, "invalid", "/strokes"),
        "no number": ({"strokes": [[[0, 0], [1, True]]]}, 400, "invalid", "/strokes"),
        "too many points": ({"strokes": [[[0, 0]] * 5_001]}, 400, "too_many", "/strokes"),
        "stroke of nothing": ({"strokes": [[]]}, 400, "invalid", "/strokes"),
        "both": ({"png": in_base64(signature_png()), "strokes": CROSS}, 400, "one_of", ""),
        "neither": ({}, 400, "one_of", ""),
    }


@pytest.mark.django_db
def test_what_is_no_signature_is_refused_by_its_field(cafe: Any, till: TillClient, paid: Attempt) -> None:
    for name, (body, status, code, pointer) in refusals().items():
        refused = till.put(place(paid), body)
        told = [(each["code"], each["pointer"]) for each in refused.json()["errors"]]
        assert (name, refused.status_code, told) == (name, status, [(code, pointer)])
    with tenant_context(cafe):
        assert AttemptSignature.objects.count() == 0


@pytest.mark.django_db
def test_it_is_in_no_list_no_feed_and_no_log(
    cafe: Any, owner: TillClient, paid: Attempt, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    before = owner.get(f"/payment-attempts/{paid.pk}").json()
    sent = in_base64(signature_png())
    with tenant_context(cafe):
        told = Event.objects.count()
    owner.put(place(paid), {"png": sent})
    assert owner.get(f"/payment-attempts/{paid.pk}").json() == before
    assert "signature" not in owner.get("/payment-attempts").content.decode()
    with tenant_context(cafe):
        assert Event.objects.count() == told
        digest = AttemptSignature.objects.get().digest
    assert sent[:40] not in caplog.text
    assert digest not in caplog.text


@pytest.mark.django_db
def test_another_merchant_neither_reads_nor_brings_it(till: TillClient, paid: Attempt, grocer: Any) -> None:
    till.put(place(paid), {"strokes": CROSS})
    shop(grocer)
    stranger = TillClient(grocer, signed_in(grocer, paired_till(grocer), role="owner"))
    assert stranger.get(place(paid)).status_code == 404
    assert stranger.put(place(paid), {"strokes": LINE}).status_code == 404


@pytest.mark.django_db
def test_nobody_signed(owner: TillClient, paid: Attempt) -> None:
    assert owner.get(place(paid)).status_code == 404


def _pairs(strokes: Any) -> Any:
    return [tuple((x, y) for x, y in stroke) for stroke in strokes]
