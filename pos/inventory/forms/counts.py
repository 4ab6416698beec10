"""What somebody says when they open a count in the back office."""

from typing import Any, Final
from uuid import UUID

from django import forms

from fynlo.backoffice.pages import repeat_no_choice
from fynlo.core.ids import new_id
from pos.catalog.models import Category
from pos.inventory.count_drafts import CountDraft, CountScope
from pos.registers.models import Location

_KINDS: Final = (
    ("full", "Everything"),
    ("cycle", "What was not counted for longest"),
    ("spot", "What I scan"),
    ("blind", "Everything, expected figures hidden"),
)


class OpenCountForm(forms.Form):
    """Where, what, and how."""

    location = forms.ChoiceField(label="Where")
    kind = forms.ChoiceField(label="What", choices=_KINDS)
    category = forms.ChoiceField(label="Of category", required=False)
    limit = forms.IntegerField(label="At most so many items", required=False, min_value=1, max_value=100_000)
    name = forms.CharField(label="Called", required=False, max_length=120)
    selling_zone = forms.CharField(label="Zone customers take from", required=False, max_length=40)
    is_blind = forms.BooleanField(label="Hide what is expected", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        repeat_no_choice(self)
        named: dict[str, Any] = self.fields
        places = Location.objects.order_by("code").values_list("id", "name")
        named["location"].choices = [(str(key), name) for key, name in places]
        known = Category.objects.order_by("name", "id").values_list("id", "name")
        named["category"].choices = [("", "any"), *((str(key), name) for key, name in known)]

    def draft(self) -> CountDraft:
        """The frozen input of `open_count`."""
        said = self.cleaned_data
        scope = CountScope(
            category_ids=(UUID(said["category"]),) if said["category"] else (), limit=said["limit"]
        )
        return CountDraft(
            id=new_id(),
            kind=said["kind"],
            location_id=UUID(said["location"]),
            name=said["name"],
            is_blind=said["is_blind"],
            selling_zone=said["selling_zone"],
            scope=scope,
        )
