"""Labels in the back office: one page."""

from pos.labels.admin.printing import labels

__all__ = ["labels"]
