"""Shapes of labels, in and out."""

from pos.labels.serializers.printing import FormatsOutput, LabelsInput

__all__ = ["FormatsOutput", "LabelsInput"]
