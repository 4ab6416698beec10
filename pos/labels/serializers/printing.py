"""What labels are asked for, and what they can be printed on."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from fynlo.api.fields import (
    ChoiceField,
    DateField,
    IdField,
    IntegerField,
    ListField,
    StrictSerializer,
    TextField,
)
from pos.catalog.barcodes import MAX_LENGTH
from pos.labels.content import FIELDS
from pos.labels.drafts import ESCPOS, MAX_COPIES, MAX_LABELS, OUTPUTS, PDF, ZPL, LabelDraft, PrintDraft
from pos.labels.formats import FORMATS
from pos.labels.renderers.escpos import PAPERS
from pos.labels.renderers.zpl import RESOLUTIONS
from pos.labels.symbols.choosing import AUTO, CHOICES
from pos.labels.symbols.gs1_strings import MAX_LOT


class LabelInput(StrictSerializer):
    """A label of a variant."""

    variant_id = IdField()
    copies = IntegerField(min_value=1, max_value=MAX_COPIES, default=1)
    barcode = TextField(
        max_length=MAX_LENGTH, required=False, help_text="One of the variant's barcodes; else its usual one."
    )
    lot = TextField(max_length=MAX_LOT, required=False)
    use_by = DateField(required=False)
    best_before = DateField(required=False)


class LabelsInput(StrictSerializer):
    """Labels, and what they are printed on."""

    default_error_messages = {
        "no_roll": "ZPL prints on rolls; this is a sheet.",
        "needless": "This is for another kind of printer.",
        "too_many": "At most {most} labels at a time, copies included.",
        "no_place": "This sheet has places 1 to {most}.",
    }

    output = ChoiceField(choices=OUTPUTS, default=PDF)
    format = ChoiceField(choices=list(FORMATS), required=False, help_text="Needed for pdf and zpl.")
    paper = ChoiceField(
        choices=list(PAPERS), required=False, help_text="ESC/POS: width in millimetres; 80 unless said."
    )
    resolution = IntegerField(required=False, help_text="ZPL: 203 or 300 dots per inch; 203 unless said.")
    start = IntegerField(
        min_value=1,
        required=False,
        help_text="PDF: the first free label of a part-used sheet; 1 unless said.",
    )
    symbol = ChoiceField(choices=CHOICES, default=AUTO)
    fields_ = ListField(
        child=ChoiceField(choices=FIELDS), min_length=1, max_length=len(FIELDS), required=False
    )
    labels = LabelInput(many=True, allow_empty=False, max_length=MAX_LABELS)  # type: ignore[call-arg]

    def get_fields(self) -> dict[str, Any]:
        """`fields` is REST framework's own name in a class body."""
        return {name.rstrip("_"): field for name, field in super().get_fields().items()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What belongs to the kind of printer, and only that."""
        output, problems = attrs["output"], dict[str, list[ErrorDetail]]()
        belongs = {PDF: {"format", "start"}, ZPL: {"format", "resolution"}, ESCPOS: {"paper"}}[output]
        for name in {"format", "start", "resolution", "paper"} - belongs:
            if name in attrs:
                problems[name] = self._problem("needless")
        if "format" in belongs and "format" not in attrs:
            problems["format"] = self._problem("required")
        problems |= self._bounds(attrs)
        if problems:
            raise ValidationError(problems)
        return attrs

    def _bounds(self, attrs: dict[str, Any]) -> dict[str, list[ErrorDetail]]:
        problems: dict[str, list[ErrorDetail]] = {}
        on = FORMATS.get(attrs.get("format", ""))
        if on is not None and attrs["output"] == ZPL and not on.is_roll:
            problems["format"] = self._problem("no_roll")
        if on is not None and attrs.get("start", 1) > on.per_page:
            problems["start"] = self._problem("no_place", most=on.per_page)
        if attrs.get("resolution", 203) not in RESOLUTIONS:
            text = "This is not one of the known values. Known are 203 and 300."
            problems["resolution"] = [ErrorDetail(text, code="invalid_choice")]
        if sum(label["copies"] for label in attrs["labels"]) > MAX_COPIES:
            problems["labels"] = self._problem("too_many", most=MAX_COPIES)
        return problems

    def _problem(self, key: str, **values: Any) -> list[ErrorDetail]:
        return [ErrorDetail(str(self.error_messages[key]).format(**values), code=key)]

    def to_draft(self) -> PrintDraft:
        """The draft."""
        said = dict(self.validated_data)
        labels = tuple(LabelDraft(**label) for label in said.pop("labels"))
        fields = frozenset(said.pop("fields", FIELDS))
        return PrintDraft(labels=labels, fields=fields, format_code=said.pop("format", ""), **said)


class FormatOutput(serializers.Serializer[Any]):
    """A sheet or roll. Lengths are millimetres as text."""

    code = serializers.CharField()
    name = serializers.CharField()
    paper = serializers.ChoiceField(choices=["a4", "letter", "roll"])
    columns = serializers.IntegerField()
    rows = serializers.IntegerField()
    per_page = serializers.IntegerField()
    width_mm = serializers.CharField()
    height_mm = serializers.CharField()
    outputs = serializers.ListField(child=serializers.ChoiceField(choices=[PDF, ZPL]))


class FormatsOutput(serializers.Serializer[Any]):
    """Everything labels can be printed on, with and in."""

    items = FormatOutput(many=True)
    papers = serializers.ListField(child=serializers.CharField(), help_text="Receipt paper, in millimetres.")
    resolutions = serializers.ListField(child=serializers.IntegerField(), help_text="ZPL: dots per inch.")
    symbols = serializers.ListField(child=serializers.ChoiceField(choices=CHOICES))
    fields_ = serializers.ListField(child=serializers.ChoiceField(choices=FIELDS))

    def get_fields(self) -> dict[str, Any]:
        """`fields` is REST framework's own name in a class body."""
        return {name.rstrip("_"): field for name, field in super().get_fields().items()}
