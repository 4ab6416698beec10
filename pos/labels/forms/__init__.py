"""Forms of labels in the back office."""

from pos.labels.forms.printing import PrintForm

__all__ = ["PrintForm"]
