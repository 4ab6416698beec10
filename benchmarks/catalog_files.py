"""The catalogue file of `catalog.py`: rows a wholesaler could have, and ways in which some of them are broken."""

HEADER = "category;item;variant;sku;barcode;price;tax_class;unit;active;tags"
COLUMNS = HEADER.split(";")
ADJECTIVES = [
    "Feine",
    "Große",
    "Kleine",
    "Rote",
    "Grüne",
    "Blaue",
    "Milde",
    "Kräftige",
    "Frische",
    "Alte",
    "Junge",
    "Helle",
    "Dunkle",
    "Süße",
    "Bittere",
]
GOODS = [
    "Schokolade",
    "Limonade",
    "Marmelade",
    "Butterkekse",
    "Kaffeebohnen",
    "Teemischung",
    "Gewürzgurken",
    "Mandelcreme",
]
PLACES = [
    "Freiburg",
    "Leipzig",
    "Rostock",
    "Bremen",
    "Kassel",
    "Trier",
    "Passau",
    "Lübeck",
    "Weimar",
    "Görlitz",
    "Konstanz",
    "Erfurt",
]
BREAKAGES = (
    ("price", "zwei"),
    ("sku", ""),
    ("tax_class", "standart"),
    ("barcode", "4006381333932"),
    ("unit", "Eimer"),
    ("active", "vielleicht"),
    ("category", "Getränke > "),
    ("item", "x" * 161),
    ("price", "1,234567"),
    ("variant", "x" * 121),
)


def title(number: int) -> str:
    """The name of the item that row `number` is of: two variants to an item."""
    item = number // 2
    words = (ADJECTIVES[item % 15], GOODS[item // 15 % 8], "aus", PLACES[item // 120 % 12])
    return f"{' '.join(words)} {item}"


def misspelled(number: int) -> str:
    """The same name as somebody types it who is in a hurry."""
    words = title(number).split()
    goods = words[1]
    return "+".join((words[0], goods[:3] + goods[4:], words[3], words[4]))


def barcode(number: int) -> str:
    """An EAN-13 of the shop's own range."""
    body = f"21{number:010}"
    digits = [int(digit) for digit in body]
    return f"{body}{-(sum(digits[0::2]) + 3 * sum(digits[1::2])) % 10}"


def rows(count: int) -> list[str]:
    """Right rows: fifty categories, a barcode on every fourth."""
    return [
        ";".join(
            (
                f"Sortiment > Gruppe {number // 2 % 50}",
                title(number),
                "groß" if number % 2 else "klein",
                f"SKU-{number}",
                barcode(number) if number % 4 == 0 else "",
                f"{number % 900 / 100 + 1:.2f}".replace(".", ","),
                "reduced" if number // 2 % 3 else "standard",
                "each",
                "ja",
                "bio | regional" if number // 2 % 5 == 0 else "",
            )
        )
        for number in range(count)
    ]


def broken(right: list[str], *, count: int) -> tuple[list[str], list[tuple[int, str]]]:
    """The rows with `count` of them broken, spread over the file, and the line and column of each."""
    made, places = list(right), []
    step = len(right) // count
    for number in range(count):
        place = number * step + step // 2
        column, cell = BREAKAGES[number % len(BREAKAGES)]
        cells = made[place].split(";")
        cells[COLUMNS.index(column)] = cell
        made[place] = ";".join(cells)
        places.append((place + 2, column))
    return made, places
