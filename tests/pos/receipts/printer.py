"""A receipt printer made of Python: reads ESC/POS strictly and prints on a picture.

It knows what Fynlo may send and nothing else: any other command, any control character between letters, and any
command that ends too early is an error. What it prints with letters of its own is drawn in cells of 12 × 24 dots.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from pos.labels.symbols.choosing import QR, Code, dots_of

CELL, LINE = 12, 30
FONT = Path(__file__).parent / "fonts" / "DejaVuSansMono.ttf"
TABLES = {16: "cp1252", 18: "cp852", 17: "cp866", 14: "cp737"}


class NotUnderstood(AssertionError):
    """A printer would do something nobody meant."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a printer does: its name, and what it does it with."""

    name: str
    data: bytes = b""
    number: int = 0


def commands(stream: bytes) -> list[Command]:
    """Everything a printer would do. Raises `NotUnderstood`."""
    return list(_Reader(stream).read())


def text_of(stream: bytes) -> str:
    """What is printed in the printer's own letters."""
    made, table = "", "cp437"
    for command in commands(stream):
        match command.name:
            case "table":
                table = TABLES[command.number]
            case "text":
                made += command.data.decode(table)
            case "feed":
                made += "\n"
    return made


def printed(stream: bytes, *, dots: int) -> Image.Image:
    """The paper as a picture, black on white."""
    paper = _Paper(dots)
    for command in commands(stream):
        paper.do(command)
    return paper.picture()


class _Reader:
    def __init__(self, stream: bytes) -> None:
        self.stream, self.at = stream, 0

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.stream):
            raise NotUnderstood(f"the stream ends within a command at {self.at}")
        self.at += count
        return self.stream[self.at - count : self.at]

    def read(self) -> Iterator[Command]:
        while self.at < len(self.stream):
            byte = self.take(1)[0]
            if byte >= 0x20 and byte != 0x7F:
                yield self.letters(byte)
            elif byte == 0x0A:
                yield Command("feed")
            elif byte == 0x1B:
                yield self.escape()
            elif byte == 0x1C:
                self.expect(b".")
                yield Command("single bytes")
            elif byte == 0x1D:
                yield self.group()
            else:
                raise NotUnderstood(f"control character {byte:#04x} at {self.at - 1}")

    def letters(self, first: int) -> Command:
        start = self.at - 1
        del first
        while self.at < len(self.stream) and self.stream[self.at] >= 0x20 and self.stream[self.at] != 0x7F:
            self.at += 1
        return Command("text", self.stream[start : self.at])

    def escape(self) -> Command:
        numbers: dict[bytes, tuple[str, Container[int]]] = {
            b"3": ("line spacing", range(256)),
            b"t": ("table", TABLES),
            b"E": ("bold", (0, 1)),
            b"a": ("side", (0, 1)),
            b"d": ("feed lines", range(9)),
        }
        kind = self.take(1)
        if kind == b"@":
            return Command("start")
        if kind == b"p":
            return Command("drawer", self.take(3))
        if kind not in numbers:
            raise NotUnderstood(f"ESC {kind!r} at {self.at - 2}")
        name, allowed = numbers[kind]
        return Command(name, number=self.one(allowed))

    def group(self) -> Command:
        match self.take(1):
            case b"V":
                self.expect(b"B\x00")
                return Command("cut")
            case b"v":
                self.expect(b"0\x00")
                width, rows = self.pair(), self.pair()
                return Command("dots", self.take(width * rows), width)
            case b"(":
                self.expect(b"k")
                return self.code(self.take(self.pair()))
            case other:
                raise NotUnderstood(f"GS {other!r} at {self.at - 2}")

    def code(self, data: bytes) -> Command:
        match data[:2]:
            case b"1A" if data[2:] == b"2\x00":
                return Command("code model")
            case b"1C" if len(data) == 3:
                return Command("code size", number=data[2])
            case b"1E" if data[2:] == b"1":
                return Command("code level")
            case b"1P" if data[2:3] == b"0":
                return Command("code data", data[3:])
            case b"1Q" if data[2:] == b"0":
                return Command("code print")
        raise NotUnderstood(f"GS ( k {data!r}")

    def one(self, allowed: Container[int]) -> int:
        value = self.take(1)[0]
        if value not in allowed:
            raise NotUnderstood(f"{value} at {self.at - 1}")
        return value

    def pair(self) -> int:
        return int.from_bytes(self.take(2), "little")

    def expect(self, data: bytes) -> None:
        found = self.take(len(data))
        if found != data:
            raise NotUnderstood(f"{found!r} instead of {data!r} at {self.at - len(data)}")


@cache
def _face() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), 20, layout_engine=ImageFont.Layout.BASIC)


class _Paper:
    def __init__(self, dots: int) -> None:
        self.dots, self.rows = dots, [Image.new("1", (dots, LINE // 2), 1)]
        self.line, self.column, self.table, self.is_bold = self.blank(), 0, "cp437", False
        self.spacing, self.code, self.size = LINE, "", 4

    def blank(self) -> Image.Image:
        return Image.new("1", (self.dots, LINE), 1)

    def do(self, command: Command) -> None:
        match command.name:
            case "text":
                self.letters(command.data.decode(self.table))
            case "feed":
                self.feed()
            case "feed lines":
                for _ in range(command.number):
                    self.feed()
            case "table":
                self.table = TABLES[command.number]
            case "bold":
                self.is_bold = bool(command.number)
            case "dots":
                self.raster(command)
            case "code data":
                self.code = command.data.decode("ascii")
            case "code size":
                self.size = command.number
            case "code print":
                self.square()

    def letters(self, text: str) -> None:
        for character in text:
            if (self.column + 1) * CELL > self.dots:
                raise NotUnderstood(f"a line of more than {self.column} letters")
            pen = ImageDraw.Draw(self.line)
            pen.fontmode = "1"
            for shift in (0, 1) if self.is_bold else (0,):
                place = (self.column * CELL + shift, 23)
                pen.text(place, character, fill=0, font=_face(), anchor="ls")
            self.column += 1

    def feed(self) -> None:
        self.rows.append(self.line)
        self.line, self.column = self.blank(), 0

    def raster(self, command: Command) -> None:
        if self.column:
            raise NotUnderstood("dots within a line")
        height = len(command.data) // command.number if command.number else 0
        if command.number * 8 > self.dots:
            raise NotUnderstood("dots beyond the edge of the paper")
        picture = Image.frombytes("1", (command.number * 8, height), bytes(255 - b for b in command.data))
        row = Image.new("1", (self.dots, height), 1)
        row.paste(picture, (0, 0))
        self.rows.append(row)

    def square(self) -> None:
        rows = dots_of(Code(symbol=QR, data=self.code, text=""))
        side = len(rows) * self.size
        row = Image.new("1", (self.dots, side + LINE), 1)
        for y, line in enumerate(rows):
            for x, is_dark in enumerate(line):
                if is_dark:
                    left = (self.dots - side) // 2 + x * self.size
                    row.paste(0, (left, y * self.size, left + self.size, (y + 1) * self.size))
        self.rows.append(row)

    def picture(self) -> Image.Image:
        whole = Image.new("1", (self.dots, sum(row.height for row in self.rows)), 1)
        top = 0
        for row in self.rows:
            whole.paste(row, (0, top))
            top += row.height
        return whole
