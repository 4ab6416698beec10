"""Labels over HTTP."""

from pos.labels.views.printing import LabelFormatsView, LabelsView

__all__ = ["LabelFormatsView", "LabelsView"]
