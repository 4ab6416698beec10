"""What a catalogue file means beside the catalogue there is: a plan of what to create and change. Pure.

The file is the truth for the things it names and the columns it has; everything else stays. A variant is found
by its SKU, other things by their names, codes and paths. The rows of one item mean the item of the same name
among the items their SKUs are in, else the first of those that no other rows mean, else an item of that name in
that category, else a new one.
"""

from pos.catalog.importing.planning import plan_import
from pos.catalog.importing.states import FieldChange, ImportPlan, Known, RowPlan

__all__ = ["FieldChange", "ImportPlan", "Known", "RowPlan", "plan_import"]
