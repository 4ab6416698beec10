"""What labels say, and labels as files."""

from pos.labels.queries.contents import label_contents
from pos.labels.queries.printing import PrintedFile, printed_labels

__all__ = ["PrintedFile", "label_contents", "printed_labels"]
