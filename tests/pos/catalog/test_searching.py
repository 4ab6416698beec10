"""Names are folded to what people type."""

import pytest

from pos.catalog.searching import fold, search_text


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Crème-Brûlée", "creme brulee"),
        ("  Weißbier 0,5 l ", "weissbier 0 5 l"),
        ("ŁÓDŹ", "lodz"),
        ("Smørrebrød", "smorrebrod"),
        ("ＦＵＬＬ　ｗｉｄｔｈ", "full width"),
        ("カフェ", "カフェ"),
        ("100% !?", "100"),
        ("", ""),
    ],
)
def test_accents_case_and_signs_do_not_matter(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_an_sku_is_found_with_and_without_its_signs() -> None:
    assert (
        search_text(item_name="T-Shirt", variant_name="S, Rot", sku="TEE-S-RED")
        == "t shirt s rot tee s red teesred"
    )
    assert search_text(item_name="Mug", variant_name="", sku="MUG") == "mug mug"
