"""An id is of one payment: what is asked for at a provider and what a till took another way never share it."""

from typing import ClassVar

from django.db import migrations

from fynlo.core.stored_functions import asked_before_insert, stored_function

# Whoever takes money locks a share of the id's bucket, whoever asks for it locks all of it: takers never wait for
# one another, and each statement inside sees what the other committed while it waited. 256 buckets, so that many
# rows in one transaction take few locks.
_LOCK = (
    "hashtextextended(current_schema() || ' payment ids ' || (hashtextextended(NEW.id::text, 0) & 255), 0)"
)

_PAYMENT = """
BEGIN
    PERFORM pg_advisory_xact_lock_shared(<lock>);
    IF EXISTS (
        SELECT FROM payments_attempt a
        LEFT JOIN payments_tendertype t ON t.id = NEW.tender_type_id
        WHERE a.id = NEW.id AND (a.order_id, a.tender_type) IS DISTINCT FROM (NEW.order_id, t.code)
    ) THEN
        RAISE EXCEPTION 'the id % is of money asked for at a provider', NEW.id
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'payments_payment_pkey_of_attempt';
    END IF;
    RETURN NEW;
END
""".replace("<lock>", _LOCK)

_ATTEMPT = """
BEGIN
    PERFORM pg_advisory_xact_lock(<lock>);
    IF EXISTS (SELECT FROM payments_payment p WHERE p.id = NEW.id) THEN
        RAISE EXCEPTION 'the id % is of a payment', NEW.id
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'payments_attempt_pkey_of_payment';
    END IF;
    RETURN NEW;
END
""".replace("<lock>", _LOCK)


class Migration(migrations.Migration):
    """Functions and triggers only. The release before meets them as the conflicts of keys that it knows."""

    dependencies: ClassVar = [("payments", "0011_names")]
    operations: ClassVar = [
        stored_function(name="payment_id_is_free", arguments="", returns="trigger", body=_PAYMENT),
        stored_function(name="attempt_id_is_free", arguments="", returns="trigger", body=_ATTEMPT),
        asked_before_insert(name="id_used_once", table="payments_payment", function="payment_id_is_free"),
        asked_before_insert(name="id_used_once", table="payments_attempt", function="attempt_id_is_free"),
    ]
