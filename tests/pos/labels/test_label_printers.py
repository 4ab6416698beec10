"""Labels for receipt and label printers: the very bytes, and names that try to steer the printer."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.labels.content import Copies, LabelContent
from pos.labels.errors import DoesNotFit
from pos.labels.formats import FORMATS
from pos.labels.renderers.escpos import barcode_bytes, render_escpos, text_bytes
from pos.labels.renderers.zpl import escaped, render_zpl
from pos.labels.symbols.choosing import Code, code_for
from pos.labels.symbols.gs1_strings import element_strings
from tests.pos.labels.pages import content

EAN = code_for(symbol="ean_13", code="4006381333931")


def gs1(lot: str = "123456") -> Code:
    data, text = element_strings(gtin="4006381333931", lot=lot)
    return Code(symbol="gs1_128", data=data, text=text)


def zpl(made: LabelContent, *, on: str = "62x29", count: int = 1, resolution: int = 203) -> str:
    return render_zpl(
        labels=[Copies(content=made, count=count)], on=FORMATS[on], resolution=resolution
    ).decode("ascii")


def test_the_bytes_of_a_label_on_58_mm_paper() -> None:
    plain = content(name="Olivenöl", details=("Charge L7",))
    assert render_escpos(labels=[Copies(content=plain, count=1)], paper="58") == (
        b"\x1b@"
        b"\x1ba\x00"
        b"\x1bE\x01\x1bt\x10Oliven\xf6l\x1bE\x00\n"
        b"\x1bt\x100,75 l\n"
        b"\x1bt\x10Charge L7\n"
        b"\x1ba\x01\x1d!\x11\x1bt\x1012,95 \x80\x1d!\x00\n\x1ba\x00"
        b"\x1bt\x1017,27 \x80/l OIL-75\n"
        b"\x1ba\x01\x1dH\x00\x1dhP\x1dw\x03\x1dkC\x0d4006381333931\n"
        b"\x1bt\x104006381333931\n\x1ba\x00"
        b"\x1bd\x02\x1dVB\x00"
    )


def test_copies_are_cut_one_by_one() -> None:
    made = render_escpos(labels=[Copies(content=content(), count=3)])
    assert made.count(b"\x1dVB\x00") == 3
    assert made.count(b"\x1b@") == 1


def test_each_symbol_has_its_command() -> None:
    assert b"\x1dkD\x0896385074" in barcode_bytes(code=code_for(symbol="ean_8", code="96385074"), dots=384)
    upc = code_for(symbol="upc_a", code="036000291452")
    assert b"\x1dkA\x0c036000291452" in barcode_bytes(code=upc, dots=384)
    own = code_for(symbol="code_128", code="A{1")
    assert b"\x1dkI\x06{BA{{1" in barcode_bytes(code=own, dots=384)


def test_a_delivery_is_a_gs1_128_with_its_first_function_character() -> None:
    """In code set B on wide paper; in pairs of digits where the paper is too narrow for that."""
    wide = barcode_bytes(code=gs1("1"), dots=1000)
    assert b"{B{1010400638133393110" in wide
    narrow = barcode_bytes(code=gs1(), dots=512)
    pairs = bytes([1, 4, 0, 63, 81, 33, 39, 31, 10, 12, 34, 56])
    assert narrow.endswith(b"\x1dkI\x10{C{1" + pairs + b"\n")


def test_a_qr_code_is_stored_and_printed() -> None:
    made = barcode_bytes(code=code_for(symbol="qr", code="ABC"), dots=384)
    assert made == (
        b"\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x06\x1d(k\x03\x001E1\x1d(k\x06\x001P0ABC\x1d(k\x03\x001Q0\n"
    )


@pytest.mark.parametrize("dots", [384, 512])
def test_a_code_too_long_for_the_paper_is_refused(dots: int) -> None:
    with pytest.raises(DoesNotFit):
        barcode_bytes(code=code_for(symbol="code_128", code="X" * 48), dots=dots)


def test_letters_are_found_in_the_table_that_has_them() -> None:
    assert text_bytes("Größe") == b"\x1bt\x10Gr\xf6\xdfe"
    assert text_bytes("Чай") == b"\x1bt\x11\x97\xa0\xa9"
    assert text_bytes("τσάι") == b"\x1bt\x0e\xab\xa9\xe1\xa0"
    assert text_bytes("Łódź") == b"\x1bt\x12\x9d\x1bt\x10\xf3d\x1bt\x12\xab"
    assert text_bytes("茶") == b"\x1bt\x10?"


_OURS = (
    rb"\x1b@|\x1ba[\x00\x01]|\x1bE[\x00\x01]|\x1bt[\x0e\x10\x11\x12]|\x1bd\x02|\x1d![\x00\x11]|\x1dVB\x00|\n"
)


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=60))
def test_no_name_becomes_a_command_of_a_receipt_printer(text: str) -> None:
    evil = LabelContent(name=text, variant=text, price=text, unit_price=text, sku=text, details=(text,))
    made = render_escpos(labels=[Copies(content=evil, count=1)])
    assert not re.search(rb"[\x00-\x1f\x7f]", re.sub(_OURS, b"", made))


def test_the_lines_of_a_label_in_zpl() -> None:
    assert zpl(content(name="Öl ^XA~JA_\\&"), count=4).splitlines() == [
        "^XA",
        "^CI28",
        "^PW496",
        "^LL232",
        "^LH0,0",
        "^FO66,133^BY4,2,63^BEN,63,N^FD400638133393^FS",
        "^FO12,200^A0N,20,20^FB472,1,0,C,0^FH_^FD4006381333931^FS",
        "^FO12,90^A0N,39,39^FB472,1,0,R,0^FH_^FD12,95 _E2_82_AC^FS",
        "^FO12,12^A0N,23,23^FB472,1,0,L,0^FH_^FD_C3_96l _5EXA_7EJA_5F_5C_5C_26^FS",
        "^FO12,38^A0N,14,14^FB472,1,0,L,0^FH_^FD17,27 _E2_82_AC/l^FS",
        "^FO12,54^A0N,14,14^FB472,1,0,L,0^FH_^FD0,75 l^FS",
        "^FO12,70^A0N,14,14^FB472,1,0,L,0^FH_^FDOIL-75^FS",
        "^PQ4,0,1,N",
        "^XZ",
    ]


def test_symbols_in_the_words_of_a_label_printer() -> None:
    def field(code: Code) -> str:
        return next(line for line in zpl(content(code=code)).splitlines() if "^B" in line).partition("^B")[2]

    assert field(code_for(symbol="ean_8", code="96385074")).endswith("^B8N,63,N^FD9638507^FS")
    assert field(code_for(symbol="upc_a", code="036000291452")).endswith("^BUN,63,N^FD03600029145^FS")
    assert field(code_for(symbol="qr", code="AB^C")).endswith("QN,2,7^FH_^FDMA,AB_5EC^FS")
    assert field(gs1("L7")).endswith("^BCN,63,N,N,N,N^FH_^FD>;>80104006381333931" + "10>6L7^FS")
    assert field(code_for(symbol="code_128", code="A>^~_")).endswith("^FD>:A>0><>=_5F^FS")


def test_a_finer_printer_has_more_dots() -> None:
    assert "^PW744" in zpl(content(), resolution=300)


def test_a_code_too_long_for_the_label_is_refused() -> None:
    with pytest.raises(DoesNotFit):
        zpl(content(code=code_for(symbol="code_128", code="X" * 48)), on="38x25")


def test_every_byte_that_a_printer_obeys_is_escaped() -> None:
    assert escaped("a^b~c_d\\e{f}\n$") == "a_5Eb_7Ec_5Fd_5Ce_7Bf_7D _24"


_COMMANDS = re.compile(
    r"\^XA|\^XZ|\^CI28|\^PW\d+|\^LL\d+|\^LH0,0|\^PQ1,0,1,N|\^FO\d+,\d+|\^A0N,\d+,\d+|\^FB\d+,1,0,[LRC],0|\^FH_|\^FD|\^FS"
)


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=60))
def test_no_name_becomes_a_command_of_a_label_printer(text: str) -> None:
    evil = LabelContent(name=text, variant=text, price=text, unit_price=text, sku=text, details=(text,))
    made = zpl(evil)
    assert not re.search(r"[\^~\x00-\x09\x0b-\x1f\x7f]", _COMMANDS.sub("", made))
    assert made.count("^XA") == made.count("^XZ") == 1
