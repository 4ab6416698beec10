"""What people call the things of a catalogue, and the keys these words stand for. Pure."""

from collections import defaultdict
from collections.abc import Iterable

from pos.catalog.csv_reading.cells import CellInvalid

Path = tuple[str, ...]


def path_key(path: Path) -> Path:
    """A key under which equal paths meet, whatever the case of their letters."""
    return tuple(name.casefold() for name in path)


class Words:
    """Things of one kind by their names, which are unique whatever the case of their letters."""

    def __init__(self, what: str, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self.what = what
        self.words: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        for key, word in pairs:
            self.add(key, word)

    def add(self, key: str, word: str) -> None:
        """Remember a thing, under its present name only."""
        old = self.words.get(key)
        if old is not None and self._ids.get(old.casefold()) == key:
            del self._ids[old.casefold()]
        self.words[key] = word
        self._ids[word.casefold()] = key

    def find(self, word: str) -> str | None:
        """The key, None if there is no such thing."""
        return self._ids.get(word.casefold())

    def key(self, word: str) -> str:
        """The key; raises `CellInvalid` naming some that there are."""
        found = self.find(word)
        if found is None:
            known = sorted(self.words.values())[:20]
            raise CellInvalid(f"there is no {self.what} {word!r}; there are {', '.join(known) or 'none yet'}")
        return found

    def word(self, key: str) -> str:
        """The name, or the key itself of something that is gone."""
        return self.words.get(key, key)


class Names:
    """All words of a catalogue: those there are, and, while a file is planned, those it makes."""

    def __init__(self, *, currency: str) -> None:
        self.currency = currency
        self.tax_classes = Words("tax class")
        self.groups = Words("modifier group")
        self.price_lists = Words("price list")
        self.promotions = Words("promotion")
        self.service_charges = Words("service charge")
        self.menus = Words("menu")
        self.patterns = Words("barcode pattern")
        self.locations = Words("location")
        self.variants = Words("SKU")
        self.item_of: dict[str, str] = {}
        self.items: dict[str, tuple[str, str]] = {}
        self._named: dict[str, list[str]] = defaultdict(list)
        self.paths: dict[str, Path] = {}
        self._by_path: dict[Path, str] = {}

    # -- categories ---------------------------------------------------------------------------------------

    def add_category(self, key: str, path: Path) -> None:
        """Remember a category by its path from the root."""
        self.paths[key] = path
        self._by_path[path_key(path)] = key

    def find_category(self, path: Path) -> str | None:
        """The category at a path, None if there is none."""
        return self._by_path.get(path_key(path))

    def category(self, path: Path) -> str:
        """The category at a path; raises `CellInvalid`."""
        found = self.find_category(path)
        if found is None:
            raise CellInvalid(f"there is no category {' > '.join(path)}")
        return found

    # -- items and variants -------------------------------------------------------------------------------

    def add_item(self, key: str, category_id: str, name: str) -> None:
        """Remember an item, under its present name only."""
        before = self.items.get(key)
        if before is not None:
            self._named[before[1].casefold()].remove(key)
        self.items[key] = (category_id, name)
        self._named[name.casefold()].append(key)

    def add_variant(self, key: str, item_id: str, sku: str) -> None:
        """Remember a variant and the item it is of."""
        self.variants.add(key, sku)
        self.item_of[key] = item_id

    def items_named(self, name: str) -> list[str]:
        """The items of that name, in any category."""
        return self._named.get(name.casefold(), [])

    def is_ambiguous(self, key: str) -> bool:
        """Whether another item has the same name."""
        return len(self.items_named(self.items[key][1])) > 1

    def item_word(self, key: str) -> str:
        """An item's name; with its category before it where another item has the same name."""
        if key not in self.items:
            return key
        category, name = self.items[key]
        return " > ".join((*self.paths.get(category, ()), name)) if self.is_ambiguous(key) else name

    def item(self, word: str) -> str:
        """The item of a name, or of a category and a name (`Drinks > Hot > Tea`); raises `CellInvalid`."""
        found = self.items_named(word)
        if len(found) == 1:
            return found[0]
        if found:
            ways = ", ".join(sorted(self.item_word(key) for key in found)[:5])
            raise CellInvalid(f"several items have this name; write {ways}")
        if ">" in word:
            *path, name = (part.strip() for part in word.split(">"))
            category = self.find_category(tuple(path))
            for key in self.items_named(name):
                if self.items[key][0] == category:
                    return key
        raise CellInvalid("there is no item of this name")

    def variant(self, sku: str) -> str:
        """The variant of a SKU; raises `CellInvalid`."""
        found = self.variants.find(sku)
        if found is None:
            raise CellInvalid("there is no variant with this SKU")
        return found
