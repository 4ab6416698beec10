"""The request validator: what the installed library allows, and the exact words for what it does not."""

from collections import Counter

import pytest

from tests.contracts.stripe import routes
from tests.contracts.stripe.validator import BadRequest, check

INTENT = b"amount=1000&currency=eur"


def refused(verb: str, path: str, body: bytes) -> tuple[str, str | None]:
    """The message and the parameter it names."""
    with pytest.raises(BadRequest) as caught:
        check(verb=verb, path=path, body=body)
    return caught.value.text, caught.value.param


def test_the_library_knows_648_routes() -> None:
    every = routes.all_routes()
    assert len(every) == 648
    assert Counter((route.verb, route.is_v2) for route in every) == {
        ("get", False): 250,
        ("post", False): 281,
        ("delete", False): 26,
        ("get", True): 40,
        ("post", True): 49,
        ("delete", True): 2,
    }


def test_every_route_has_parameters_the_library_describes() -> None:
    nameless = [route.name for route in routes.all_routes() if route.params is None]
    unknown = [
        route.name
        for route in routes.all_routes()
        if route.params is not None and route.params not in routes.names_of(route.module)
    ]
    assert (nameless, unknown) == ([], [])


def test_a_form_becomes_typed_parameters() -> None:
    body = INTENT + (
        b"&allowed_payment_method_types[0]=card_present&allowed_payment_method_types[1]=interac_present"
        b"&payment_method_options[card_present][request_incremental_authorization_support]=true&metadata[order]=A-1"
    )
    checked = check(verb="POST", path="/v1/payment_intents", body=body)
    assert checked.route.name == "POST /v1/payment_intents"
    assert checked.params == {
        "amount": 1000,
        "currency": "eur",
        "allowed_payment_method_types": ["card_present", "interac_present"],
        "payment_method_options": {"card_present": {"request_incremental_authorization_support": True}},
        "metadata": {"order": "A-1"},
    }


def test_a_query_is_read_like_a_form() -> None:
    checked = check(verb="GET", path="/v1/payment_intents", query="created[gte]=1790000000&limit=3")
    assert checked.params == {"created": {"gte": 1790000000}, "limit": 3}


def test_the_literal_path_wins_over_the_placeholder() -> None:
    assert check(verb="GET", path="/v1/payment_intents/search", query="query=a").route.path.endswith(
        "/search"
    )
    assert check(verb="GET", path="/v1/payment_intents/pi_1").ids == {"intent": "pi_1"}


def test_v2_speaks_json() -> None:
    body = b'{"contact_email": "owner@example.org", "include": ["configuration.merchant"]}'
    checked = check(verb="POST", path="/v2/core/accounts", body=body)
    assert checked.params == {"contact_email": "owner@example.org", "include": ["configuration.merchant"]}


@pytest.mark.parametrize(
    ("path", "body", "text", "param"),
    [
        pytest.param(
            "/v1/payment_intents",
            INTENT + b"&payment_method_types[0]=card",
            "Received unknown parameter: payment_method_types. It is no longer supported, use"
            " allowed_payment_method_types.",
            "payment_method_types",
            id="payment_method_types is gone",
        ),
        pytest.param(
            "/v1/payment_intents",
            INTENT + b"&payment_method_options[card_present][captur]=manual",
            "Received unknown parameter: payment_method_options[card_present][captur]",
            "payment_method_options[card_present][captur]",
            id="unknown and nested",
        ),
        pytest.param(
            "/v1/payment_intents",
            b"amount=1000",
            "Missing required param: currency.",
            "currency",
            id="missing",
        ),
        pytest.param(
            "/v1/payment_links",
            b"line_items[0][price]=price_1",
            "Missing required param: line_items[0][quantity].",
            "line_items[0][quantity]",
            id="missing in a list",
        ),
        pytest.param(
            "/v1/payment_intents",
            b"amount=10.00&currency=eur",
            "Invalid integer: amount is '10.00'",
            "amount",
            id="a decimal is no integer",
        ),
        pytest.param(
            "/v1/payment_intents",
            INTENT + b"&automatic_payment_methods[enabled]=1",
            "Invalid boolean: automatic_payment_methods[enabled] is '1'",
            "automatic_payment_methods[enabled]",
            id="a number is no boolean",
        ),
        pytest.param(
            "/v1/payment_intents",
            INTENT + b"&automatic_payment_methods=true",
            "Invalid object: automatic_payment_methods is 'true'",
            "automatic_payment_methods",
            id="a word is no object",
        ),
        pytest.param(
            "/v1/payment_intents",
            INTENT + b"&capture_method=manuel",
            "Invalid capture_method: 'manuel' must be one of automatic, automatic_async, manual",
            "capture_method",
            id="an open enum is closed here",
        ),
        pytest.param(
            "/v1/payment_intents",
            INTENT + b"&expand[1]=latest_charge",
            "Invalid array: expand has positions 1",
            "expand",
            id="a list starts at nought",
        ),
        pytest.param(
            "/v1/payment_intents", INTENT + b"&[a]=1", "Invalid parameter name: [a]", None, id="no name"
        ),
        pytest.param(
            "/v1/payment_intents",
            INTENT + b"&amount=5",
            "Parameter given twice: amount",
            None,
            id="given twice",
        ),
        pytest.param(
            "/v2/core/accounts",
            b'{"contact_email": 5}',
            "Invalid string: contact_email is 5",
            "contact_email",
            id="v2 wants real types",
        ),
        pytest.param(
            "/v2/core/accounts", b"[1]", "The body is not a JSON object", None, id="v2 wants an object"
        ),
        pytest.param(
            "/v1/nonsense", b"", "Unrecognized request URL (POST: /v1/nonsense).", None, id="no such route"
        ),
    ],
)
def test_what_is_wrong_is_named(path: str, body: bytes, text: str, param: str | None) -> None:
    assert refused("POST", path, body) == (text, param)


def test_the_library_s_own_options_are_no_parameters() -> None:
    assert refused("POST", "/v1/refunds", b"idempotency_key=k") == (
        "Received unknown parameter: idempotency_key",
        "idempotency_key",
    )


def test_a_post_keeps_its_parameters_in_the_body() -> None:
    with pytest.raises(BadRequest, match="Parameters belong into the body, not behind the path: amount=5"):
        check(verb="POST", path="/v1/refunds", query="amount=5")
