"""The pos app."""

from django.apps import AppConfig


class PosConfig(AppConfig):
    """Its rooms' tables live in every merchant's schema; its readers of the feed register here."""

    name = "pos"
    verbose_name = "Shop"

    def ready(self) -> None:
        """Runs once per process."""
        from fynlo.events.subscriptions import subscribe
        from payments.credit.ports import register_card_reader
        from payments.gateways.services import (
            register_approving,
            register_owed,
            register_settler,
            register_slip_rule,
        )
        from payments.reconciliation.ports import register_ports
        from pos.inventory.subscribers import READER, settle_what_was_sold
        from pos.orders.services.asked_terms import needs_slip_number
        from pos.orders.services.asking import check_still_owed, most_minor, still_owed_minor
        from pos.orders.services.asking_houses import PURPOSE as HOUSE_PAYMENT
        from pos.orders.services.asking_houses import check_still_paid, settle_house_payment
        from pos.orders.services.asking_values import PURPOSE as VALUE_SALE
        from pos.orders.services.asking_values import check_still_sold
        from pos.orders.services.override_approvals import approve_override
        from pos.orders.services.settling import PURPOSE, settle_attempt
        from pos.orders.services.settling_values import settle_value_sale
        from pos.receipts.evidence import sale_evidence
        from pos.receipts.subscribers import READER as RECEIPTS
        from pos.receipts.subscribers import send_what_was_asked_for
        from pos.registers.journal.subscribers import READER as JOURNAL
        from pos.registers.journal.subscribers import sign_what_was_told
        from pos.registers.queries.counted import counted_drawers, register_names, trading_day
        from pos.stock_files.gift_cards import read_gift_cards

        subscribe(name=READER, handler=settle_what_was_sold)
        subscribe(name=JOURNAL, handler=sign_what_was_told)
        subscribe(name=RECEIPTS, handler=send_what_was_asked_for)
        register_settler(PURPOSE, settle_attempt)
        register_owed(PURPOSE, check_still_owed, left=still_owed_minor, most=most_minor)
        register_settler(VALUE_SALE, settle_value_sale)
        register_owed(VALUE_SALE, check_still_sold)
        register_settler(HOUSE_PAYMENT, settle_house_payment)
        register_owed(HOUSE_PAYMENT, check_still_paid)
        register_approving(approve_override)
        register_slip_rule(needs_slip_number)
        register_card_reader(read_gift_cards)
        register_ports(
            drawers=counted_drawers, evidence=sale_evidence, registers=register_names, day=trading_day
        )
