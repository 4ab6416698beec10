"""The fake's money: refunds, fees, disputes and payouts add up to the cent."""

import io
from typing import Any

import pytest
from stripe import InvalidRequestError, StripeClient

from tests.contracts.stripe.selling import Shop


def test_refunds_in_parts_never_exceed_the_charge(shop: Shop) -> None:
    intent = shop.paid(1000)
    for amount in (300, 300):
        shop.client.v1.refunds.create({"payment_intent": intent.id, "amount": amount})
    with pytest.raises(
        InvalidRequestError, match=r"Refund amount \(500\) is greater than unrefunded amount .* \(400\)"
    ):
        shop.client.v1.refunds.create({"payment_intent": intent.id, "amount": 500})
    rest = shop.client.v1.refunds.create({"payment_intent": intent.id})
    assert rest.amount == 400
    with pytest.raises(InvalidRequestError) as caught:
        shop.client.v1.refunds.create({"payment_intent": intent.id, "amount": 1})
    assert caught.value.code == "charge_already_refunded"
    charge = shop.client.v1.charges.retrieve(str(intent.latest_charge))
    assert (charge.amount_captured, charge.amount_refunded, charge.refunded) == (1000, 1000, True)


def test_a_partial_capture_caps_its_refunds(shop: Shop) -> None:
    intent = shop.held(1000)
    shop.client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 600})
    assert shop.client.v1.refunds.create({"payment_intent": intent.id}).amount == 600


def test_a_refund_may_fail_days_later(shop: Shop) -> None:
    intent = shop.paid(1000)
    refund = shop.client.v1.refunds.create({"payment_intent": intent.id, "amount": 400})
    shop.server.advance_clock(5 * 86_400)
    shop.server.fail_refund(refund.id, "expired_or_canceled_card")
    failed = shop.client.v1.refunds.retrieve(refund.id)
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    assert [bell.kind for bell in shop.server.bells.take("refund.failed")] == ["refund.failed"]
    assert shop.client.v1.charges.retrieve(str(intent.latest_charge)).amount_refunded == 0
    again = shop.client.v1.refunds.create({"payment_intent": intent.id})
    assert again.amount == 1000


def test_a_pending_refund_arrives(shop: Shop) -> None:
    intent = shop.paid(1000)
    shop.server.delay_refunds(str(intent.latest_charge))
    refund = shop.client.v1.refunds.create({"payment_intent": intent.id})
    assert refund.status == "pending"
    shop.server.settle_refund(refund.id)
    assert shop.client.v1.refunds.retrieve(refund.id).status == "succeeded"


def test_the_application_fee_goes_to_the_platform_and_back_in_proportion(
    shop: Shop, client: StripeClient
) -> None:
    intent = shop.paid(1000, application_fee_amount=30)
    shop.client.v1.refunds.create(
        {"payment_intent": intent.id, "amount": 500, "refund_application_fee": True}
    )
    mine = [
        (line.reporting_category, line.amount, line.fee)
        for line in shop.client.v1.balance_transactions.list()
    ]
    theirs = [(line.reporting_category, line.net) for line in client.v1.balance_transactions.list()]
    assert mine == [("refund", -500, -15), ("charge", 1000, 54)]
    assert theirs == [("platform_earning_refund", -15), ("platform_earning", 30)]


def test_a_payout_is_the_sum_of_its_lines(shop: Shop) -> None:
    paid = [shop.paid(1000 + n * 111) for n in range(3)]
    shop.client.v1.refunds.create({"payment_intent": paid[0].id, "amount": 250})
    shop.server.add_line("acct_cafe", -199, category="a_category_of_tomorrow", kind="stripe_fee")
    payout = shop.server.make_payout("acct_cafe")
    lines = list(
        shop.client.v1.balance_transactions.list(
            {"payout": payout["id"], "limit": 2, "expand": ["data.source"]}
        ).auto_paging_iter()
    )
    assert [(line.reporting_category, line.net) for line in lines] == [
        ("payout", -2808),
        ("a_category_of_tomorrow", -199),
        ("refund", -250),
        ("charge", 1195),
        ("charge", 1086),
        ("charge", 976),
    ]
    assert sum(line.net for line in lines) == 0
    assert payout["amount"] == sum(line.net for line in lines if line.type != "payout")


def test_what_was_paid_out_is_not_paid_out_again(shop: Shop) -> None:
    shop.paid(1000)
    first = shop.server.make_payout("acct_cafe")
    second = shop.server.make_payout("acct_cafe")
    assert (first["amount"], second["amount"]) == (976, 0)
    assert [bell.kind for bell in shop.server.bells.take("payout.reconciliation_completed")] == [
        "payout.reconciliation_completed",
        "payout.reconciliation_completed",
    ]


def test_a_manual_payout_cannot_be_traced(shop: Shop) -> None:
    shop.paid(1000)
    payout = shop.server.make_payout("acct_cafe", automatic=False, amount=500)
    assert shop.client.v1.payouts.retrieve(payout["id"]).reconciliation_status == "not_applicable"
    with pytest.raises(InvalidRequestError, match="only be filtered on automatic payouts, not manual"):
        shop.client.v1.balance_transactions.list({"payout": payout["id"]})


def test_a_payout_bounces(shop: Shop) -> None:
    shop.paid(1000)
    payout = shop.server.make_payout("acct_cafe")
    shop.server.fail_payout(payout["id"])
    assert shop.client.v1.payouts.retrieve(payout["id"]).failure_code == "account_closed"
    assert shop.server.make_payout("acct_cafe")["amount"] == 976


def test_a_dispute_is_answered_once_and_won(shop: Shop) -> None:
    intent = shop.paid(10_000)
    dispute = shop.server.open_dispute(str(intent.latest_charge))
    with pytest.raises(InvalidRequestError) as caught:
        shop.client.v1.refunds.create({"payment_intent": intent.id})
    assert caught.value.code == "charge_disputed"
    staged = shop.client.v1.disputes.update(
        dispute["id"], {"evidence": {"product_description": "Two lunches"}, "submit": False}
    )
    assert (staged.status, staged.evidence_details.has_evidence) == ("needs_response", True)
    sent = shop.client.v1.disputes.update(dispute["id"], {"submit": True})
    assert (sent.status, sent.evidence_details.submission_count) == ("under_review", 1)
    with pytest.raises(
        InvalidRequestError, match="You cannot update this dispute because it has a status of under_re"
    ):
        shop.client.v1.disputes.update(dispute["id"], {"evidence": {"product_description": "More"}})
    shop.server.close_dispute(dispute["id"], won=True)
    assert [
        (line.amount, line.fee)
        for line in shop.client.v1.disputes.retrieve(dispute["id"]).balance_transactions
    ] == [
        (-10_000, 2000),
        (10_000, 0),
    ]


def test_a_dispute_answered_too_late_is_refused(shop: Shop) -> None:
    dispute = shop.server.open_dispute(str(shop.paid().latest_charge))
    shop.server.advance_clock(7 * 86_400 + 60)
    with pytest.raises(InvalidRequestError, match="deadline for evidence has passed"):
        shop.client.v1.disputes.update(dispute["id"], {"submit": True})


def test_a_dispute_given_up_is_lost(shop: Shop) -> None:
    dispute = shop.server.open_dispute(str(shop.paid().latest_charge))
    assert shop.client.v1.disputes.close(dispute["id"]).status == "lost"


def test_a_warning_moves_no_money(shop: Shop) -> None:
    intent = shop.paid()
    shop.server.open_dispute(str(intent.latest_charge), warning=True)
    assert [line.type for line in shop.client.v1.balance_transactions.list()] == ["charge"]
    assert shop.client.v1.refunds.create({"payment_intent": intent.id}).status == "succeeded"


def test_a_paper_is_uploaded_and_sent(shop: Shop) -> None:
    paper = io.BytesIO(b"%PDF-1.7 receipt")
    paper.name = "receipt.pdf"
    file = shop.client.v1.files.create({"purpose": "dispute_evidence", "file": paper})
    assert (file.filename, file.size, file.type) == ("receipt.pdf", 16, "pdf")
    dispute = shop.server.open_dispute(str(shop.paid().latest_charge))
    with pytest.raises(InvalidRequestError, match="No such file: 'file_nowhere'"):
        shop.client.v1.disputes.update(dispute["id"], {"evidence": {"receipt": "file_nowhere"}})
    sent = shop.client.v1.disputes.update(dispute["id"], {"evidence": {"receipt": file.id}})
    assert (sent.status, sent.evidence.receipt) == ("under_review", file.id)


def test_the_balance_is_what_was_not_paid_out(shop: Shop) -> None:
    shop.paid(1000)
    before: Any = shop.client.v1.balance.retrieve()
    assert [(row.currency, row.amount) for row in (*before.available, *before.pending)] == [
        ("eur", 0),
        ("eur", 976),
    ]
    shop.server.make_payout("acct_cafe")
    after: Any = shop.client.v1.balance.retrieve()
    assert [row.amount for row in (*after.available, *after.pending)] == [0, 0]
    shop.paid(2000)
    shop.server.advance_clock(2 * 86_400)
    later: Any = shop.client.v1.balance.retrieve()
    assert [row.amount for row in (*later.available, *later.pending)] == [1962, 0]


@pytest.mark.parametrize(
    ("verbs", "status"), [(["prevent"], "prevented"), (["submit", "expire"], "warning_closed")]
)
def test_a_warning_ends_without_a_chargeback(shop: Shop, verbs: list[str], status: str) -> None:
    dispute = shop.server.open_dispute(str(shop.paid().latest_charge), warning=True)
    for verb in verbs:
        if verb == "submit":
            shop.client.v1.disputes.update(dispute["id"], {"submit": True})
        else:
            shop.server.end_dispute(dispute["id"], verb)
    assert shop.client.v1.disputes.retrieve(dispute["id"]).status == status
