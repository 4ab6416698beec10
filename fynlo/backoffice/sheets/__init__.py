"""Sheets: form fields for values with a structure, rows in rows, filled in as people write them.

A sheet is described by cells (`cells`, `groups`). Its field (`fields`) shows a stored value in them, reads it back,
and finds for each problem the cell it belongs to: a cell's place is the JSON pointer of the member it stands for.
"""

from fynlo.backoffice.sheets.cells import Area, Axes, Cell, Image, Key, Local, Text, Time, Unreadable, Words
from fynlo.backoffice.sheets.choices import Choice, Flag, Ticks
from fynlo.backoffice.sheets.fields import SheetField
from fynlo.backoffice.sheets.groups import Either, Object, Pairs, Pick, Picks, Rows
from fynlo.backoffice.sheets.numbers import Cost, Money, Number, Percent, Whole

__all__ = [
    "Area",
    "Axes",
    "Cell",
    "Choice",
    "Cost",
    "Either",
    "Flag",
    "Image",
    "Key",
    "Local",
    "Money",
    "Number",
    "Object",
    "Pairs",
    "Percent",
    "Pick",
    "Picks",
    "Rows",
    "SheetField",
    "Text",
    "Ticks",
    "Time",
    "Unreadable",
    "Whole",
    "Words",
]
