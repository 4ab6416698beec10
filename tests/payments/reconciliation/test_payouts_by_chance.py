"""Whatever a fortnight brings: every line matched or listed, every payout in the books to the cent, twice the same.

And the mistakes one can make here, built in one at a time: each is caught.
"""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from payments.reconciliation import categories, postings
from payments.reconciliation.models import Difference, Payout, SettlementLine
from payments.reconciliation.services import closing, comparing, matching, posting
from tests.payments.reconciliation.listing import AT, DAY, Desk, balances, differences
from tests.payments.reconciliation.payouts_made import Fortnight

pytestmark = pytest.mark.django_db
SEEDS = range(8)
Mutant = Callable[[pytest.MonkeyPatch], None]


def checked(desk: Desk, seed: int) -> None:
    """Live through a fortnight, reconcile twice, compare with what must have come of it."""
    life = Fortnight(desk=desk, chance=random.Random(seed))
    life.live(25)
    for days in (0, 1):
        desk.run(at=AT + days * DAY)
        assert Counter(differences()) == life.expected
        assert {key: minor for key, minor in balances().items() if not key.startswith("sales")} == {
            key: minor for key, minor in life.balances.items() if minor
        }
    assert not SettlementLine.objects.filter(state="new").exists()
    subjects = set(Difference.objects.values_list("subject", flat=True))
    for line in SettlementLine.objects.filter(state="listed"):
        assert subjects & {line.vendor_id, line.payment, line.source}
    for payout in Payout.objects.filter(is_traced=True):
        lines = SettlementLine.objects.filter(payout=payout).exclude(about="own")
        assert sum(line.net_minor for line in lines) + payout.unexplained_minor == payout.amount_minor


@pytest.mark.parametrize("seed", SEEDS)
def test_every_line_is_matched_or_listed_and_the_books_agree_to_the_cent(desk: Desk, seed: int) -> None:
    checked(desk, seed)


def fees_forgotten(patch: pytest.MonkeyPatch) -> None:
    """What the vendor kept is not an expense."""
    patch.setattr(postings, "FEES", "fees_elsewhere")
    patch.setattr(
        postings,
        "_moves",
        lambda group: postings._moved("bank", group.key, group.net_minor),
    )


def gross_reaches_the_bank(patch: pytest.MonkeyPatch) -> None:
    """The bank is said to have what was sold, not what came."""
    patch.setattr(postings.Group, "net_minor", property(lambda group: group.gross_minor))


def own_line_counts(patch: pytest.MonkeyPatch) -> None:
    """A payout's own line is added to the others."""
    patch.setattr(categories, "OWN", "payout")
    patch.setattr(categories, "about", lambda *, category, **_: categories.ABOUT.get(category, "unknown"))


def unknown_is_a_fee(patch: pytest.MonkeyPatch) -> None:
    """A word nobody knows is believed to be harmless."""
    known: Any = categories.about

    def about(**facts: Any) -> str:
        found = known(**facts)
        return "fee" if found == "unknown" else found

    patch.setattr(categories, "about", about)


def posted_every_night(patch: pytest.MonkeyPatch) -> None:
    """A payout is booked again by every run."""
    patch.setattr(posting, "_due", lambda claim: Payout.objects.filter(connection=claim.connection))

    def again(payout: Payout, at: Any) -> Any:
        payout.posted_at = None
        return book(payout, at)

    book: Any = posting._book
    patch.setattr(posting, "_book", again)
    post: Any = posting._post

    def anew(claim: Any, key: Any) -> None:
        Payout.objects.filter(pk=key).update(posted_at=None)
        post(claim, key)

    patch.setattr(posting, "_post", anew)


def amounts_are_not_looked_at(patch: pytest.MonkeyPatch) -> None:
    """The same name is taken for the same payment."""
    patch.setattr(matching, "_JUDGE", matching._JUDGE.replace("THEN 'amount'", "THEN ''"))


def states_are_not_looked_at(patch: pytest.MonkeyPatch) -> None:
    """What was declined here counts as paid."""
    patch.setattr(matching, "_JUDGE", matching._JUDGE.replace("attempt_state <> 'captured'", "false"))


def foreign_is_ours(patch: pytest.MonkeyPatch) -> None:
    """A payment nobody knows agrees with nothing, and nothing is said."""
    patch.setattr(matching, "_JUDGE", matching._JUDGE.replace("THEN 'missing_here'", "THEN ''"))


def only_one_way(patch: pytest.MonkeyPatch) -> None:
    """Nobody asks what the vendor does not list."""
    patch.setattr(comparing, "_attempts", lambda _claim: False)


def rest_forgotten(patch: pytest.MonkeyPatch) -> None:
    """What the lines do not explain is not booked anywhere."""
    patch.setattr(postings, "unexplained", lambda **_: 0)


def resolved_by_itself(patch: pytest.MonkeyPatch) -> None:
    """A run closes whatever is open."""
    patch.setattr(closing, "_AGREES", closing._AGREES.replace("IS DISTINCT FROM %(run)s", "= %(run)s"))


MUTANTS: list[Mutant] = [
    fees_forgotten,
    gross_reaches_the_bank,
    own_line_counts,
    unknown_is_a_fee,
    posted_every_night,
    amounts_are_not_looked_at,
    states_are_not_looked_at,
    foreign_is_ours,
    only_one_way,
    rest_forgotten,
    resolved_by_itself,
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_a_planted_mistake_is_caught(desk: Desk, monkeypatch: pytest.MonkeyPatch, mutant: Mutant) -> None:
    mutant(monkeypatch)
    with pytest.raises(AssertionError):
        checked(desk, 0)
