"""A catalogue with something on every sheet, as a merchant would write it, and short ways to make files."""

import io
import zipfile
from collections.abc import Mapping

WHOLE: Mapping[str, str] = {
    "settings": "rounding_scope;rounding_mode;cash_increment\nper_rate;half_even;5",
    "tax_classes": (
        "code;name;rate;inclusive;rules\n"
        "standard;Regelsatz;19 %;ja;\n"
        "reduced;Ermäßigt;;;"
        '"[{""when"":{""order_types"":[""take_away""],""locations"":[""main""]},""inclusive"":true,'
        '""net_of_contained"":false,'
        '""components"":[{""code"":""r"",""name"":""7"",""rate"":""0.07"",""compound"":false}]},'
        '{""when"":{},""inclusive"":true,""net_of_contained"":false,'
        '""components"":[{""code"":""s"",""name"":""19"",""rate"":""0.19"",""compound"":false}]}]"'
    ),
    "categories": "category;position;color\nGetränke;1;#AA5500\nGetränke > Heiß;2;\nSpeisen;0;#00ff00",
    "modifier_groups": (
        "group;group_kitchen_name;min;max;modifier;kitchen_name;price;default_quantity;max_quantity;active\n"
        "Milch;MI;1;2;Hafer;HA;0,50;0;2;ja\n"
        "Milch;;1;2;Keine;;-0,20;1;1;nein\n"
        "Sirup;;0;;Vanille;;0,40;;;\n"
        "Leer;;0;;;;;;;"
    ),
    "items": (
        "category;item;variant;sku;barcode;price;tax_class;unit;active;description;kitchen_name;units;"
        "option_axes;options;tags;allergens;open_price;item_active;scheduled_prices\n"
        'Getränke > Heiß;Kaffee;klein;K-S;96385074|4006381333931 × 2,125 kiste;2,40;standard;each;ja;"Gut.\nSehr.";'
        "KAF;kiste: Kiste = 24 | viertel: Viertel = 1/4;Größe: S, M\\, mittel | Röstung: hell;"
        "S | hell;warm | \\=a\\|b;milk|nuts;nein;ja;2026-12-01 00:00 = 2,60 | 2027-01-01 = 2,80\n"
        "Getränke > Heiß;Kaffee;mittel;K-M;;3,20;standard;each;nein;;KAF;"
        "kiste: Kiste = 24 | viertel: Viertel = 1/4;Größe: S, M\\, mittel | Röstung: hell;"
        "M, mittel | hell;warm | \\=a\\|b;milk|nuts;nein;ja;\n"
        "Speisen;Kuchen;;KU;;1.249,00;reduced;kg;ja;'=1+1;;;;;;;ja;nein;\n"
        "Speisen;Frühstück;;FR;;9,90;reduced;each;ja;;;;;;;;;;\n"
        "Speisen;Speisen > Tee;;T1;;2,00;standard;each;ja;;;;;;;;;;\n"
        "Getränke;Getränke > Tee;;T2;;2,10;standard;each;ja;;;;;;;;;;"
    ),
    "nested_groups": "group;modifier;nested_group;min;max\nMilch;Hafer;Sirup;;1",
    "modifier_prices": (
        "group;modifier;item;location;price\nMilch;Hafer;Kaffee;;0,30\nMilch;Hafer;;main;0,60\n"
        "Milch;Hafer;Speisen > Tee;main;-0,10"
    ),
    "item_modifiers": "item;group;min;max\nKaffee;Milch;0;\nKaffee;Sirup;;3\nGetränke > Tee;Milch;;",
    "combos": (
        "item;slot;choice;upcharge;default\nFrühstück;Getränk;K-S;;ja\nFrühstück;Getränk;K-M;0,50;\n"
        "Frühstück;Dazu;KU;1;"
    ),
    "price_lists": (
        "name;priority;starts_at;ends_at;weekdays;times;channels;locations;customer_groups;order_types;"
        "destinations;exempt;min_covers;coupons;active\n"
        "Happy Hour;10;2026-01-01;2027-01-01 00:00;5|1;17:00-19:00 | 22:00-02:00;web;main;members;dine_in;"
        "CA-QC;nein;8;ZEHN;ja\n"
        "Immer;;;;;;;;;;;;;;nein"
    ),
    "category_prices": (
        "price_list;category;min_quantity;price;percent_off;amount_off\nHappy Hour;;;;10 %;\n"
        "Happy Hour;Getränke;2,5;;;0,30\nImmer;Speisen;;5;;"
    ),
    "prices": (
        "price_list;item;sku;min_quantity;price;percent_off;amount_off\nHappy Hour;Kaffee;;;2;;\n"
        "Happy Hour;;K-M;3;;0,25;\nImmer;Speisen > Tee;;;;;0,10"
    ),
    "promotions": (
        "name;priority;stacking_group;exclusive;weekdays;rule;excluded;cap;max_applications;active\n"
        'Zwei plus eins;5;a;ja;6|7;"{""kind"":""buy_get"",""buy"":{""items"":[""Kaffee""],'
        '""categories"":[""Getränke > Heiß""]},""buy_quantity"":2,""get"":{""variants"":[""K-S""]},'
        '""get_quantity"":1,""percent"":""1""}";variant: K-M | item: Getränke > Tee | tag: =a\\|b;10;3;ja\n'
        'Alles;;;;;"{""kind"":""percent_off"",""select"":{""all"":true},""percent"":""0.10""}";;;;nein'
    ),
    "service_charges": (
        "name;priority;percent;amount;per_cover;order_types;phase;taxable;tax_class;active\n"
        "Bedienung;1;12,5 %;;;dine_in;before_tax;ja;standard;ja\nGedeck;2;;;1,50;;before_tax;nein;;ja\n"
        "Karte;3;;0,20;;;after_tax;nein;;nein"
    ),
    "menus": (
        "name;position;times;entries;active\n"
        "Morgens;1;06:00-11:00;category: Getränke > Heiß | item: Frühstück | item: Getränke > Tee;ja"
    ),
    "barcode_patterns": "name;pattern;position;active\nWaage;21IIIIIWWWWWC;1;ja",
}


def packed(sheets: Mapping[str, str]) -> bytes:
    """A ZIP with a CSV file for each sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sheets.items():
            archive.writestr(f"{name}.csv", text)
    return out.getvalue()


def unpacked(data: bytes) -> dict[str, str]:
    """The CSV files of a ZIP."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name.removesuffix(".csv"): archive.read(name).decode("utf-8-sig") for name in archive.namelist()
        }
