"""How much is asked of the database: constants it can look up, and no more statements for more lines."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from payments.reconciliation.models import SettlementLine
from payments.reconciliation.services.planning import array_of
from tests.payments.reconciliation.listing import AT, DAY, Desk, differences

pytestmark = pytest.mark.django_db

ODD = ["", "a,b", "{x}", 'say "so"', "back\\slash", "NULL", " ", "ü", None, "tab\t"]


def test_an_array_is_read_as_it_was_written(in_cafe: object) -> None:
    with database.cursor() as cursor:
        cursor.execute("SELECT %s::text[], %s::text[]", [array_of(ODD), array_of([])])
        assert cursor.fetchone() == (ODD, [])
        cursor.execute("SELECT %s::bigint[]", [array_of([1, -2, None])])
        assert cursor.fetchone() == ([1, -2, None],)


def test_words_of_a_vendor_are_kept_as_they_are_but_for_what_no_database_keeps(desk: Desk) -> None:
    odd = desk.line('a "word", of {tomorrow}\\', 5, source="nu\x00l")
    desk.pays_out(odd)
    desk.run()
    row = SettlementLine.objects.get(vendor_id=odd.id)
    assert (row.category, row.source, row.state) == ('a "word", of {tomorrow}\\', "nul", "listed")
    assert differences() == [("unknown_category", odd.id)]


def test_more_lines_take_no_more_statements(desk: Desk) -> None:
    counted = []
    for day, lines in enumerate((1, 3, 60)):  # the first one makes accounts in the books
        attempts = [desk.attempt(1000 + number, at=AT + (day - 3) * DAY) for number in range(lines)]
        desk.vendor.settlements_now = []
        desk.pays_out(*(desk.charge(each, fee=10) for each in attempts))
        with CaptureQueriesContext(database) as statements:
            desk.run(at=AT + day * DAY)
        counted.append(len(statements))
    assert counted[1] == counted[2]
    assert SettlementLine.objects.filter(state="matched").exclude(about="own").count() == 64
