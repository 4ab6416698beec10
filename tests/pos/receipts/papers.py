"""Receipts of shops in many scripts, to be printed."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

from pos.receipts.document import (
    ReceiptAmount,
    ReceiptDocument,
    ReceiptLine,
    ReceiptModifier,
    ReceiptTax,
    ReceiptTender,
)

LINK = "https://cafe.example/r/3fK9vZ0QmB1xT7hYc2LwNA"


def line(
    name: str,
    quantity: str,
    price: int,
    amount: int,
    tax: str,
    *,
    unit: str = "each",
    modifiers: tuple[ReceiptModifier, ...] = (),
    discounts: tuple[ReceiptAmount, ...] = (),
) -> ReceiptLine:
    return ReceiptLine(
        name=name,
        quantity=Decimal(quantity),
        unit=unit,
        unit_price_minor=price,
        amount_minor=amount,
        taxes=(tax,),
        modifiers=modifiers,
        discounts=discounts,
    )


def tax(key: str, name: str, rate: str, net: int, amount: int) -> ReceiptTax:
    return ReceiptTax(
        key=key,
        name=name,
        rate=Decimal(rate),
        is_inclusive=True,
        net_minor=net,
        tax_minor=amount,
        gross_minor=net + amount,
    )


LATIN = ReceiptDocument(
    language="de",
    currency="EUR",
    merchant="Café Morgenrot",
    location="Café Morgenrot am Wiesenufer",
    address=("Wiesenufer 12", "10997 Berlin"),
    header=("Tel. 030 23125 041",),
    tax_number="DE000000000",
    number="K1-R42",
    order="K1-57",
    register="Theke",
    employee="Mareike",
    sold_at=dt.datetime(2026, 11, 24, 9, 14, tzinfo=ZoneInfo("Europe/Berlin")),
    business_date=dt.date(2026, 11, 24),
    lines=(
        line(
            "Cappuccino, Groß",
            "2",
            430,
            860,
            "standard",
            modifiers=(ReceiptModifier(name="Hafermilch", price_minor=50),),
        ),
        line("Schrippe", "1", 55, 55, "reduced"),
        line("Mandelkekse, lose", "0.335", 2690, 901, "reduced", unit="kg"),
    ),
    taxes=(tax("reduced", "7 % USt", "0.07", 893, 63), tax("standard", "19 % USt", "0.19", 723, 137)),
    total_minor=1816,
    tenders=(ReceiptTender(name="Bar", tendered_minor=2000, change_minor=184),),
    footer=("Vielen Dank und bis morgen!",),
    link=LINK,
)
GREEK = replace(
    LATIN,
    language="el",
    merchant="Καφενείο Η Αυγή",
    location="Καφενείο Η Αυγή",
    address=("Οδός Ερμού 12", "105 63 Αθήνα"),
    header=(),
    tax_number="099999999",
    register="Ταμείο 1",
    employee="Ελένη",
    sold_at=dt.datetime(2026, 11, 24, 9, 14, tzinfo=ZoneInfo("Europe/Athens")),
    lines=(
        line("Ελληνικός καφές διπλός", "2", 280, 560, "food"),
        line("Γαλακτομπούρεκο", "1", 450, 450, "food"),
        line("Ελιές Καλαμών, χύμα", "0.250", 1200, 300, "food", unit="kg"),
    ),
    taxes=(tax("food", "ΦΠΑ", "0.13", 1159, 151),),
    total_minor=1310,
    tenders=(ReceiptTender(name="Μετρητά", tendered_minor=2000, change_minor=690),),
    footer=("Ευχαριστούμε πολύ!",),
)
ARABIC = replace(
    LATIN,
    language="ar",
    currency="SAR",
    merchant="مقهى الصباح",
    location="فرع العليا",
    address=("شارع العليا ١٢", "الرياض 12211"),
    header=(),
    tax_number="300000000000003",
    register="صندوق 1",
    employee="ليلى",
    sold_at=dt.datetime(2026, 11, 24, 9, 14, tzinfo=ZoneInfo("Asia/Riyadh")),
    lines=(
        line("قهوة عربية (كبيرة)", "2", 1400, 2800, "standard"),
        line("كنافة بالجبن", "1", 2200, 2200, "standard"),
        line("Espresso", "1", 900, 900, "standard"),
        line("تمر سكري", "0.500", 6000, 3000, "standard", unit="kg"),
    ),
    taxes=(tax("standard", "ضريبة القيمة المضافة", "0.15", 7739, 1161),),
    total_minor=8900,
    tenders=(ReceiptTender(name="نقدًا", tendered_minor=10000, change_minor=1100),),
    footer=("شكرًا لزيارتكم",),
)
HEBREW = replace(
    LATIN,
    language="he",
    currency="ILS",
    merchant="קפה הבוקר",
    location="קפה הבוקר",
    address=("רחוב הרצל 12", "תל אביב"),
    header=(),
    register="קופה 1",
    employee="נועה",
    lines=(line("קפה הפוך (גדול)", "2", 1600, 3200, "vat"), line("בורקס גבינה", "1", 1800, 1800, "vat")),
    taxes=(tax("vat", "מע״מ", "0.18", 4237, 763),),
    total_minor=5000,
    tenders=(ReceiptTender(name="מזומן", tendered_minor=5000),),
    footer=("תודה ולהתראות",),
)
CHINESE = replace(
    LATIN,
    language="zh-Hans",
    currency="CNY",
    merchant="清晨茶馆",
    location="南京路店",
    address=("上海市黄浦区南京东路12号",),
    header=(),
    tax_number="91310000000000000X",
    register="一号收银台",
    employee="王芳",
    sold_at=dt.datetime(2026, 11, 24, 9, 14, tzinfo=ZoneInfo("Asia/Shanghai")),
    lines=(
        line("龙井茶（大壶）", "2", 4800, 9600, "standard"),
        line("小笼包", "1", 2600, 2600, "standard"),
        line("葵花籽", "0.250", 3200, 800, "standard", unit="kg"),
    ),
    taxes=(tax("standard", "增值税", "0.06", 12264, 736),),
    total_minor=13000,
    tenders=(ReceiptTender(name="现金", tendered_minor=15000, change_minor=2000),),
    footer=("谢谢光临",),
)
THAI = replace(
    LATIN,
    language="th",
    currency="THB",
    merchant="ร้านกาแฟยามเช้า",
    location="ร้านกาแฟยามเช้า",
    address=("ถนนสุขุมวิท 12", "กรุงเทพฯ"),
    header=(),
    register="เครื่องที่ 1",
    employee="มานี",
    lines=(line("กาแฟเย็นใส่น้ำเชื่อม", "2", 6500, 13000, "vat"), line("ขนมปังปิ้ง", "1", 4500, 4500, "vat")),
    taxes=(tax("vat", "ภาษีมูลค่าเพิ่ม", "0.07", 16355, 1145),),
    total_minor=17500,
    tenders=(ReceiptTender(name="เงินสด", tendered_minor=20000, change_minor=2500),),
    footer=("ขอบคุณที่แวะมา",),
)
CYRILLIC = replace(
    LATIN,
    language="bg",
    currency="EUR",
    merchant="Кафене Утро",
    location="Кафене Утро",
    address=("ул. Шипка 12", "София"),
    header=(),
    register="Каса 1",
    employee="Мария",
    lines=(line("Кафе с мляко", "2", 250, 500, "vat"), line("Баница", "1", 180, 180, "vat")),
    taxes=(tax("vat", "ДДС", "0.20", 567, 113),),
    total_minor=680,
    tenders=(ReceiptTender(name="В брой", tendered_minor=1000, change_minor=320),),
    footer=("Благодарим ви!",),
)
SCRIPTS = {
    "latin": LATIN,
    "greek": GREEK,
    "cyrillic": CYRILLIC,
    "arabic": ARABIC,
    "hebrew": HEBREW,
    "chinese": CHINESE,
    "thai": THAI,
}
