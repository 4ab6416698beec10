"""A catalogue file as merchants have it: rows come out typed, and everything wrong is told with its line."""

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fynlo.core.money import UnknownCurrency
from pos.catalog.csv_reading import CsvForm
from pos.catalog.csv_reading.reading import read_catalog
from pos.catalog.sheets.declared import ITEMS
from tests.pos.catalog.csv_files import HEADER, TAX_CLASSES, read, row, told


def test_a_full_row_is_typed() -> None:
    catalog = read(
        'Wein > Rot;Spätburgunder 2021;0,75 l;WEI-07;4006381333931|96385074;"1.249,50";standard;Stk.;nein;'
        '"Trocken, ""aus der Pfalz"".\nJahrgang 2021";12'
    )
    assert told(catalog) == []
    (only,) = catalog.rows
    assert only.line == 2
    assert {name: value for name, value in only.cells.items() if name in catalog.columns} == {
        "category": ("Wein", "Rot"),
        "item": "Spätburgunder 2021",
        "variant": "0,75 l",
        "sku": "WEI-07",
        "barcode": [
            {"code": "4006381333931", "unit": "", "multiplier": "1"},
            {"code": "96385074", "unit": "", "multiplier": "1"},
        ],
        "price": 124950,
        "tax_class": "standard",
        "unit": "each",
        "active": False,
        "description": 'Trocken, "aus der Pfalz".\nJahrgang 2021',
        "opening_stock": Decimal(12),
    }
    assert (catalog.encoding, catalog.delimiter, catalog.problem_count) == ("utf-8", ";", 0)


def test_columns_may_be_left_out_and_come_in_any_order() -> None:
    catalog = read("2,40;ESP;Espresso;standard;Heiß", header="price;sku;item;tax_class;category")
    assert told(catalog) == []
    (only,) = catalog.rows
    assert (only["unit"], only["active"], only["description"]) == ("each", True, "")
    assert (only["variant"], only["barcode"], only["opening_stock"]) == ("", [], None)


def test_formulas_are_text() -> None:
    catalog = read(row(item="=SUM(A1:A9)", sku="@cmd", description="+49 30 1234567"))
    (only,) = catalog.rows
    assert (only["item"], only["sku"], only["description"]) == ("=SUM(A1:A9)", "@cmd", "+49 30 1234567")


def test_white_space_and_composed_letters_are_made_one() -> None:
    catalog = read(row(item="  Cre\u0300me\u00a0 brûlée ", category="Desserts >  Süß"))
    (only,) = catalog.rows
    assert (only["item"], only["category"]) == ("Crème brûlée", ("Desserts", "Süß"))


def test_lines_count_from_the_header_also_after_line_breaks_and_empty_lines() -> None:
    catalog = read('Tee;Grün;;T1;;3;standard;;;"zwei\nZeilen";', "", ";;;;;;;;;;", row(price="?"))
    assert told(catalog) == [(6, "price", "not a number", "?")]
    assert [line.line for line in catalog.rows] == [2]


def test_all_problems_of_a_row_and_of_all_rows_are_told_at_once() -> None:
    catalog = read(
        row(category="", item=" ", sku="", price="", tax_class="", unit="Eimer", active="vielleicht"),
        row(barcode="4006381333932", price="-1", tax_class="standart", opening_stock="0,1234567"),
    )
    assert told(catalog) == [
        (2, "category", "may not be empty", ""),
        (2, "item", "may not be empty", ""),
        (2, "sku", "may not be empty", ""),
        (2, "price", "may not be empty", ""),
        (2, "tax_class", "may not be empty", ""),
        (2, "unit", "is no known unit; the units are each, kg, g, l, ml, m", "Eimer"),
        (2, "active", "is neither yes nor no", "vielleicht"),
        (3, "barcode", "4006381333932: the last digit is 2 but should be 1", "4006381333932"),
        (3, "price", "a negative number is not possible here", "-1"),
        (3, "tax_class", "is no tax class; did you mean standard?", "standart"),
        (3, "opening_stock", "has more than 6 decimal places", "0,1234567"),
    ]
    assert catalog.rows == ()


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"item": "x" * 161}, "item", "has 161 characters; at most 160 are possible"),
        ({"variant": "x" * 121}, "variant", "has 121 characters; at most 120 are possible"),
        ({"sku": "x" * 65}, "sku", "has 65 characters; at most 64 are possible"),
        ({"category": "x" * 121}, "category", "has 121 characters; at most 120 are possible"),
        ({"category": "a > > b"}, "category", "a name is missing before or after >"),
        ({"category": " > ".join("abcdefghi")}, "category", "has 9 levels; at most 8 are possible"),
        ({"item": "a\x00b"}, "item", "contains the unprintable character U+0000"),
        ({"item": "a\x1bp0"}, "item", "contains the unprintable character U+001B"),
        ({"item": "a\u202eb"}, "item", "contains the unprintable character U+202E"),
        ({"item": "Caf\ufffd"}, "item", "contains the unprintable character U+FFFD"),
        ({"barcode": "4011|4011"}, "barcode", "4011 is here twice"),
        ({"price": "2,405"}, "price", "has more decimal places than EUR (2)"),
        ({"price": "1.000.000.000,01"}, "price", "is more than 100000000000 minor units"),
        ({"price": "2,40 USD"}, "price", "is not in EUR"),
        ({"price": "$2,40"}, "price", "is not in EUR"),
        ({"tax_class": "luxury"}, "tax_class", "is no tax class; the tax classes are reduced, standard"),
        ({"opening_stock": "2,5"}, "opening_stock", "is not a whole number, but the unit is each"),
        ({"opening_stock": "1000001"}, "opening_stock", "is more than 1000000"),
    ],
)
def test_a_cell_that_cannot_be_used_is_refused_with_its_reason(
    cells: dict[str, str], column: str, reason: str
) -> None:
    catalog = read(row(**cells), row(sku="OTHER", item="Other", price="1,00"))
    assert [(problem.line, problem.column, problem.reason) for problem in catalog.problems] == [
        (2, column, reason)
    ]


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("2,40", 240),
        ("2,4", 240),
        ("2", 200),
        ("0,05", 5),
        (",50", 50),
        ("1.249,50", 124950),
        ("1249,5", 124950),
        ("1 249,50", 124950),
        ("1\u202f249,50", 124950),
        ("1'249,50", 124950),
        ("12,500", 1250),
        ("€ 2,40", 240),
        ("2,40 €", 240),
        ("EUR 2,40", 240),
        ("1.249", 124900),
    ],
)
def test_prices_with_a_decimal_comma(text: str, minor: int) -> None:
    catalog = read(row(price=text), row(sku="OTHER", item="Other", price="1,00"))
    assert told(catalog) == []
    assert catalog.rows[0]["price"] == minor


@pytest.mark.parametrize("text", ["1,249.50", "1249.5", "1'249.50", "£1,249.50", "1249.50 GBP"])
def test_prices_with_a_decimal_point(text: str) -> None:
    catalog = read(row(price=text), row(sku="OTHER", item="Other", price="1.00"), currency="GBP")
    assert told(catalog) == []
    assert catalog.rows[0]["price"] == 124950


@pytest.mark.parametrize(
    "text", ["abc", "1,2,3", "12.34.56", "1,23,456", "12 34", "1e3", "٣,٥٠", "=1+1", "2,40,", "9" * 41, ","]
)
def test_what_is_not_a_number_is_no_price(text: str) -> None:
    catalog = read(row(price=f'"{text}"'))
    ((line, column, reason, _),) = told(catalog)
    assert (line, column) == (2, "price")
    assert reason.startswith("not a number")


def test_a_number_that_may_mean_two_things_is_refused_unless_the_file_tells() -> None:
    alone = read(row(price="1.249"))
    assert told(alone) == [
        (
            2,
            "price",
            "this may be 1249 or 1.249; write it without grouping, or say which the decimal mark is",
            "1.249",
        )
    ]
    disagreeing = read(
        row(price="1.249"), row(sku="B", item="B", price="1,5"), row(sku="C", item="C", price="1.5")
    )
    assert [problem.line for problem in disagreeing.problems] == [2]
    declared = read(row(price="1.249"), form=CsvForm(decimal=","))
    assert declared.rows[0]["price"] == 124900


def test_a_declared_decimal_mark_is_kept_to() -> None:
    catalog = read(row(price="2.40"), form=CsvForm(decimal=","))
    assert told(catalog) == [
        (2, "price", "the file's decimal mark is ',', but this number has another", "2.40")
    ]


def test_currencies_without_or_with_three_decimals_settle_the_doubt() -> None:
    assert read(row(price="1.249"), currency="JPY").rows[0]["price"] == 1249
    assert read(row(price="1.249"), currency="KWD").rows[0]["price"] == 1249
    assert (
        read(row(price="1.249"), row(sku="B", item="B", price="2,5"), currency="KWD").rows[0]["price"]
        == 1249000
    )


def test_stock_is_counted_in_the_unit_of_the_item() -> None:
    catalog = read(
        row(unit="kg", opening_stock="12,5"), row(sku="B", item="B", unit="kg", opening_stock="0,335")
    )
    assert [line["opening_stock"] for line in catalog.rows] == [Decimal("12.5"), Decimal("0.335")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [";", "\t", ","])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_files_of_every_spreadsheet_are_recognised(encoding: str, delimiter: str, line_end: str) -> None:
    rows = [HEADER, row(item="Crème brûlée – groß", price="240")]
    text = line_end.join(rows).replace(";", delimiter)
    catalog = read_catalog(data=text.encode(encoding), currency="EUR", tax_classes=TAX_CLASSES)
    assert told(catalog) == []
    assert (catalog.rows[0]["item"], catalog.rows[0]["price"]) == ("Crème brûlée – groß", 24000)
    assert catalog.delimiter == delimiter


def test_the_separator_line_of_a_spreadsheet_is_passed_over() -> None:
    catalog = read(HEADER, row(price="?"), header="sep=;")
    assert told(catalog) == [(3, "price", "not a number", "?")]


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"", 0, "the file is empty"),
        (b" \n\n", 0, "the file is empty"),
        (b"PK\x03\x04rest", 0, "this is no workbook and no ZIP file that can be read"),
        (b"\xd0\xcf\x11\xe0rest", 0, "this is an old Excel workbook; save it as XLSX or CSV first"),
        (b"x" * (64 * 1024 * 1024 + 1), 0, "the file has 67108865 bytes; at most 67108864 are read"),
        (b"item;price\ncaf\x81;1\n", 2, "the byte 81 is not Windows-1252; save the file as UTF-8"),
        (
            "item;price\nCafé;1\nThé;2\n".encode() + b"Ma\xefs;3",
            4,
            "the byte ef is not UTF-8; save the file as UTF-8",
        ),
    ],
)
def test_files_that_are_no_csv_are_refused_with_a_reason(data: bytes, line: int, reason: str) -> None:
    catalog = read_catalog(data=data, currency="EUR", tax_classes=TAX_CLASSES)
    assert [(problem.line, problem.reason) for problem in catalog.problems] == [(line, reason)]
    assert (catalog.rows, catalog.problem_count) == ((), 1)


def test_a_declared_encoding_is_kept_to() -> None:
    data = f"{HEADER}\n{row(item='Café')}".encode()
    declared = read_catalog(
        data=data, currency="EUR", tax_classes=TAX_CLASSES, form=CsvForm(encoding="cp1252", delimiter=";")
    )
    assert declared.rows[0]["item"] == "CafÃ©"


def test_columns_have_other_names_in_other_languages() -> None:
    catalog = read(
        "Heiß;Espresso;ESP;4011;2,40;standard;Stück;ja",
        header="Warengruppe;Artikel;Art.-Nr.;EAN;Preis;MwSt;Einheit;Aktiv",
    )
    assert told(catalog) == []
    assert [one["code"] for one in catalog.rows[0]["barcode"]] == ["4011"]


def test_wrong_headers_are_all_told_with_the_nearest_name() -> None:
    catalog = read("a;b;c;1;standard;x;y", header="Categry;item;sku;price;tax_class;colour;Article")
    assert told(catalog) == [
        (1, "Categry", "there is no such column; did you mean category?", "Categry"),
        (
            1,
            "colour",
            f"there is no such column; the columns are {', '.join(ITEMS.names)}",
            "colour",
        ),
        (1, "Article", "the column item is here twice: 'item' and 'Article'", "Article"),
        (1, "category", "this column is needed but missing", ""),
    ]


def test_a_file_without_a_header_is_refused() -> None:
    catalog = read(header=row())
    assert [(problem.line, problem.given) for problem in catalog.problems] == [
        (1, "Getränke > Heiß;Espresso;;ESP;;2,40;standard;;;;")
    ]


def test_a_file_with_nothing_below_its_header_is_refused() -> None:
    assert told(read()) == [(1, "", "there is no row below the header", "")]


def test_ragged_rows_are_short_or_told() -> None:
    header = "category,item,sku,price,tax_class,unit"
    catalog = read(
        "Tea,Green tea,T1,2.50,standard",  # the last cells may be missing
        "Tea,Black tea,T2,2,50,standard,each",  # a decimal comma between commas
        "Tea,White tea",
        header=header,
    )
    assert [line["sku"] for line in catalog.rows] == ["T1"]
    assert told(catalog) == [
        (
            3,
            "",
            (
                "the row has 7 cells, the header names 6 columns; "
                "a text or number that contains the delimiter must be in quotes"
            ),
            "each",
        ),
        (4, "sku", "may not be empty", ""),
        (4, "price", "may not be empty", ""),
        (4, "tax_class", "may not be empty", ""),
    ]


def test_cells_below_a_column_without_a_title_are_not_lost_silently() -> None:
    header = "category;item;sku;price;tax_class;"
    assert told(read("Tea;Green;T1;2;standard;", header=header)) == []
    assert [problem.given for problem in read("Tea;Green;T1;2;standard;organic", header=header).problems] == [
        "organic"
    ]


def test_quotes_that_do_not_fit_are_told_and_the_rest_is_read() -> None:
    catalog = read(
        row(item='"5" pipe'),
        row(sku="B", item="B"),
        row(sku="C", item='"never closed'),
        row(sku="D", item="D"),
    )
    assert told(catalog) == [
        (2, "", 'text follows a closing quote; inside quoted text, a quote is written twice ("")', ""),
        (4, "", "a quoted text begins here and does not end", ""),
    ]
    assert [line["sku"] for line in catalog.rows] == ["B"]


def test_a_quote_inside_a_text_is_a_quote() -> None:
    assert read(row(item='Pipe 5" long')).rows[0]["item"] == 'Pipe 5" long'


def test_codes_used_twice_are_told_with_both_lines() -> None:
    catalog = read(
        row(sku="esp-1", barcode="036000291452"),
        row(sku="ESP-1", item="Lungo", barcode="0036000291452"),
    )
    assert told(catalog) == [
        (3, "sku", "is already used in line 2", "ESP-1"),
        (3, "barcode", "is already used in line 2", "0036000291452"),
    ]


def test_rows_of_one_item_may_not_contradict_each_other() -> None:
    catalog = read(
        row(item="Tee", variant="klein", sku="A", description="Aus Assam"),
        row(item="TEE", variant="groß", sku="B", category="Tee", tax_class="reduced", unit="g"),
        row(item="Tee", variant="Riesig", sku="C", description="Aus Ceylon"),
    )
    assert told(catalog) == [
        (3, "item", "the same item has 'Tee' in line 2", "TEE"),
        (3, "category", "the same item has 'Getränke > Heiß' in line 2", "Tee"),
        (3, "tax_class", "the same item has 'standard' in line 2", "reduced"),
        (3, "unit", "the same item has 'each' in line 2", "g"),
        (4, "description", "the same item has 'Aus Assam' in line 2", "Aus Ceylon"),
    ]


def test_variants_of_an_item_need_different_names() -> None:
    catalog = read(
        row(item="Tee", variant="klein", sku="A"),
        row(item="Tee", variant="Klein", sku="B"),
        row(item="Tee", variant="", sku="C"),
        row(item="Kaffee", sku="D"),
        row(item="Kaffee", sku="E"),
    )
    assert told(catalog) == [
        (3, "variant", "the same variant is already in line 2", "Klein"),
        (4, "variant", "an item with several variants needs a name for each", ""),
        (5, "variant", "an item with several variants needs a name for each", ""),
        (6, "variant", "the same item without variants is already in line 5", "Kaffee"),
    ]


def test_a_category_is_spelled_in_one_way() -> None:
    catalog = read(row(sku="A", item="A"), row(sku="B", item="B", category="Getränke > HEISS > Tee"))
    assert told(catalog) == [(3, "category", "is spelled 'Heiß' in line 2", "HEISS")]


def test_at_most_a_thousand_problems_are_listed_and_all_are_counted() -> None:
    catalog = read(*(row(price="?", sku=f"S{number}", item=f"I{number}") for number in range(1500)))
    assert (len(catalog.problems), catalog.problem_count) == (1000, 1500)
    assert catalog.problems[-1].line == 1001


def test_problems_of_all_kinds_are_listed_by_line() -> None:
    broken = (row(price="?", sku=f"S{number}", item=f"I{number}") for number in range(2500))
    catalog = read(row(sku="A", item="A"), row(sku="A", item="B"), *broken)
    assert catalog.problem_count == 2501
    assert told(catalog)[:2] == [
        (3, "sku", "is already used in line 2", "A"),
        (4, "price", "not a number", "?"),
    ]
    assert catalog.problems[-1].line == 1002


def test_a_first_line_of_very_many_cells_is_no_header() -> None:
    catalog = read(header=HEADER + ";x" * 190)
    assert [problem.reason for problem in catalog.problems] == [
        "the first line has 201 cells; at most 200 columns are read"
    ]


def test_a_file_has_at_most_two_hundred_thousand_rows() -> None:
    catalog = read(*["a;b;c;1;x"] * 200_001)
    assert told(catalog) == [(0, "", "the file has more than 200000 rows; divide it", "")]


def test_a_problem_reads_as_a_sentence() -> None:
    (problem,) = read(row(price="?")).problems
    assert str(problem) == "line 2, price: not a number (given: '?')"
    (problem,) = read_catalog(data=b"", currency="EUR", tax_classes=TAX_CLASSES).problems
    assert str(problem) == "the file is empty"


def test_an_unknown_currency_is_the_callers_mistake() -> None:
    with pytest.raises(UnknownCurrency):
        read(row(), currency="XYZ")


AWKWARD = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from(";,\t\n\r\"|>.'0123456789")), max_size=40
)


@settings(deadline=None)
@given(data=st.binary(max_size=200))
@example(data=b'"')
@example(data=b"item\n" + b'"' * 200_000)
@example(data=b"\xff\xfei\x00t")
def test_no_bytes_make_reading_fail(data: bytes) -> None:
    catalog = read_catalog(data=data, currency="EUR", tax_classes=TAX_CLASSES)
    assert catalog.problem_count > 0
    assert all(problem.reason for problem in catalog.problems)


@settings(deadline=None)
@given(cells=st.lists(AWKWARD, min_size=1, max_size=12))
def test_no_text_below_a_right_header_makes_reading_fail(cells: list[str]) -> None:
    text = f"{HEADER}\n{';'.join(cells)}\n"
    catalog = read_catalog(
        data=text.encode("utf-8", "surrogatepass"), currency="EUR", tax_classes=TAX_CLASSES
    )
    for line in catalog.rows:
        assert 0 <= line["price"] <= 10**11
        assert line["item"]
        assert not set(line["item"] + line["variant"] + line["sku"]) & set("\0\x1b\n\r\t\u202e")
