"""Page classes: history that can only be read, and records that are saved through services.

Django's admin would save rows itself. Here it translates only: a form becomes one call of a service, in one
unit of work with the entry in the admin's own log, and a refusal of the service becomes an error of the form.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.amounts import AmountField
from fynlo.core.actors import Actor
from fynlo.core.clock import now
from fynlo.core.errors import DomainError
from fynlo.core.ids import new_id
from fynlo.events.log import unit_of_work

_REFUSAL: Final = "_fynlo_refusal"
_BY_FILTER: Final = ("", "__exact", "__id__exact", "__isnull")
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class BackOfficeAdmin(ModelAdmin):
    """A table in the back office. Nothing is deleted unless a subclass says so."""

    list_per_page = 50
    show_full_result_count = False
    list_filter_submit = False
    show_facets = ModelAdmin.show_facets.NEVER

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the filters on the page ask for.

        Others would let a reader guess columns they are not shown (hashes), or hand the database a pattern to
        be slow about (trap 32).
        """
        offered = [each for each in self.list_filter if isinstance(each, str)]
        asked = {f"{name}{suffix}" for name in offered for suffix in _BY_FILTER}
        asked |= {f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day")}
        asked |= {getattr(each, "parameter_name", "") for each in self.list_filter}
        return lookup in asked and super().lookup_allowed(lookup, value, request)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A field without the buttons that would add or change what it refers to in a pop-up window."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> Any:
        """Django repeats the key it was asked for on the next page; a key may be another merchant's."""
        del opts, object_id
        messages.warning(request, "There is no such entry (any more).")
        return HttpResponseRedirect(reverse("admin:index", current_app=self.admin_site.name))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes here."""
        del request, obj
        return False


class ReadOnlyAdmin(BackOfficeAdmin):
    """A table that is only shown."""

    actions: Any = None
    compressed_fields = False  # titles above values: beside them, three in a row do not fit

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds here."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes here."""
        del request, obj
        return False


class ReadOnlyInline(TabularInline):
    """Rows that belong to the record above, only shown."""

    extra = 0
    max_num = 0
    can_delete = False
    show_change_link = False
    hide_title = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody adds here."""
        del request, obj
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes here."""
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes here."""
        del request, obj
        return False


class ServiceForm(forms.ModelForm):
    """A form that shows what a service refused, at the fields its pointers name.

    Texts reach the service composed (NFC) and without needless spaces. What must be unique is the service's to
    check, so the form does not ask the database twice.
    """

    refusal: ClassVar[DomainError | None] = None

    def clean(self) -> dict[str, Any]:
        """The values in their clean form, and the refusal of the service if there was one."""
        values = super().clean() or self.cleaned_data
        for name, value in values.items():
            if type(value) is str and name not in self.errors:
                values[name] = _composed(value)
        if self.refusal is not None:
            for field, sentence in self.sentences(self.refusal):
                self.add_error(field, sentence)
        return values

    def sentences(self, refusal: DomainError) -> Iterator[tuple[str | None, str]]:
        """Every sentence of a refusal with the field it belongs to, or None."""
        return _sentences(refusal, self.fields)

    def _get_validation_exclusions(self) -> set[str]:
        """Every field of the model: rules that need the database are the service's matter."""
        return {field.name for field in self._meta.model._meta.get_fields()}


class ServiceAdmin(BackOfficeAdmin):
    """A table that is changed through services: subclasses say how in `carry_out` (and `remove`).

    `amounts` are fields of minor units that people type in the major unit.
    """

    form = ServiceForm
    amounts: ClassVar[frozenset[str]] = frozenset()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The field of a form; money as people write it."""
        if db_field.name not in self.amounts:
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        label = capfirst(db_field.verbose_name.removesuffix(" minor"))
        needed = not (db_field.null or db_field.blank)
        return AmountField(label=label, required=needed, widget=UnfoldAdminDecimalFieldWidget())

    def carry_out(
        self, *, obj: Any, form: Any, formsets: Sequence[Any], actor: Actor, at: dt.datetime
    ) -> None:
        """Make one call of one service with what the form says. Runs in a unit of work."""
        del obj, form, formsets, actor, at
        raise TypeError(f"{type(self).__name__} does not say how it saves")

    def ask_first(self, *, request: HttpRequest, object_id: str | None) -> None:
        """Ask what nobody may ask while rows are locked: a payment provider. Runs before the unit of work; what it
        refuses is told in the form.
        """
        del request, object_id

    def remove(self, *, obj: Any, actor: Actor, at: dt.datetime) -> None:
        """Make the call that removes `obj`; reached only where `has_delete_permission` allows it."""
        del obj, actor, at
        raise TypeError(f"{type(self).__name__} does not say how it removes")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form; on the second pass after a refusal it carries the refusal."""
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, _REFUSAL, None)
        return form if refusal is None else type(form.__name__, (form,), {"refusal": refusal})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show the form, or carry it out; what was typed stays in the form when it is refused."""
        if request.method in _READING:
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            self.ask_first(request=request, object_id=object_id)
            with unit_of_work():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as error:
            setattr(request, _REFUSAL, error)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask, or remove; a refusal is told on the record's own page."""
        if request.method in _READING:
            return super().delete_view(request, object_id, extra_context)
        try:
            with unit_of_work():
                return super().delete_view(request, object_id, extra_context)
        except DomainError as error:
            self.message_user(request, error.detail, level="ERROR")
        return self.response_post_save_change(request, None)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Nothing is saved here; `save_related` has everything."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Sequence[Any], change: bool) -> None:
        """Hand form and formsets to the service."""
        del change
        for formset in formsets:
            formset.save(commit=False)  # lets Django's log name what changed; writes nothing
        if (
            form.instance.pk is None
        ):  # Django takes the key of a new record away when there are tables below it
            form.instance.pk = new_id()
        self.carry_out(obj=form.instance, form=form, formsets=formsets, actor=actor_of(request), at=now())

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Hand the record to the service that removes it."""
        self.remove(obj=obj, actor=actor_of(request), at=now())


def _composed(text: str) -> str:
    lines = unicodedata.normalize("NFC", text).splitlines()
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def _sentences(error: DomainError, fields: dict[str, Any]) -> Iterator[tuple[str | None, str]]:
    """Every sentence of a refusal with the form's field it belongs to, or None."""
    if not error.errors:
        yield None, error.detail
    for problem in error.errors:
        name = problem.pointer.strip("/").partition("/")[0]
        known = next((each for each in (name, name.removesuffix("_id")) if each in fields), None)
        yield known, problem.detail
