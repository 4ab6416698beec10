"""Files: what is sent along with a dispute."""

import stripe

from tests.contracts.stripe.calls import Call, handles
from tests.contracts.stripe.world import Body, Refusal

KINDS = {"pdf": "pdf", "png": "png", "jpg": "jpg", "jpeg": "jpg"}
LARGEST = 5_000_000  # bytes, for a paper that speaks in a dispute
BEGINS = {"pdf": b"%PDF", "png": b"\x89PNG", "jpg": b"\xff\xd8"}


@handles("POST /v1/files", knows="file purpose")
def create_file(call: Call) -> Body:
    """An upload; `purpose` says what it may be used for."""
    upload = call.params["file"]
    kind = KINDS.get(upload.name.rpartition(".")[2].lower())
    if call.params["purpose"] != "dispute_evidence":
        raise Refusal(
            "The fake only knows purpose=dispute_evidence", param="purpose", code="fake_unknown_parameter"
        )
    if kind is None:
        raise Refusal(f"A dispute takes pdf, png and jpg, not {upload.name}", param="file")
    if not upload.content.startswith(BEGINS[kind]):
        raise Refusal(f"{upload.name} is no {kind}", param="file")
    if len(upload.content) > LARGEST:
        raise Refusal(f"The file has {len(upload.content)} bytes, allowed are {LARGEST}", param="file")
    file = call.world.add(
        "file",
        stripe.File,
        filename=upload.name,
        purpose="dispute_evidence",
        size=len(upload.content),
        type=kind,
    )
    call.world.hidden[file["id"]]["content"] = upload.content
    return file


@handles("GET /v1/files/{}")
def retrieve_file(call: Call) -> Body:
    """What is known of an upload."""
    return call.world.get("file", call.key)
