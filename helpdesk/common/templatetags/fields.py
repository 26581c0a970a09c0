"""`{% load fields %}`: a form field with its label, hint and error, joined for screen readers."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField

register = template.Library()


def kind_of(widget: forms.Widget) -> str:
    """Which of the part's shapes a widget takes."""
    # RadioSelect and CheckboxSelectMultiple are ChoiceWidgets, so they come before Select.
    shapes: list[tuple[type, str]] = [
        (forms.HiddenInput, "hidden"),
        (forms.RadioSelect, "choices"),
        (forms.CheckboxSelectMultiple, "choices"),
        (forms.CheckboxInput, "check"),
        (forms.FileInput, "file"),
    ]
    return next((name for shape, name in shapes if isinstance(widget, shape)), "input")


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField, **options: Any) -> dict[str, Any]:
    """The `.field` part. Options: `label`, `hint`, `wide`, `rows`, `placeholder`, `autofocus`,
    `accept` and `limits` (of a file drop)."""
    shape = kind_of(bound.field.widget)
    hint = options.get("hint", bound.help_text)
    hint_id, error_id = f"{bound.auto_id}_hint", f"{bound.auto_id}_error"
    described = [i for i, wanted in ((hint_id, hint), (error_id, bound.errors)) if wanted]
    attrs: dict[str, Any] = {"class": "tick" if shape in {"check", "choices"} else "input"}
    if described and shape != "choices":
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors and shape != "choices":
        attrs["aria-invalid"] = "true"
    for name in ("rows", "placeholder", "accept"):
        if name in options:
            attrs[name] = options[name]
    if options.get("autofocus"):
        attrs["autofocus"] = True
    if shape == "file":
        attrs.pop("class")
        attrs["aria-labelledby"] = f"{bound.auto_id}_label"
    return {
        "bound": bound,
        "shape": shape,
        "label": options.get("label", bound.label),
        "hint": hint,
        "hint_id": hint_id,
        "error_id": error_id,
        "described": " ".join(described),
        "control": "" if shape == "choices" else bound.as_widget(attrs=attrs),
        "wide": options.get("wide", False),
        "limits": options.get("limits", ""),
        "optional": options.get(
            "optional", not bound.field.required and shape in {"input", "file"}
        ),
        # Of Django's widgets the one for many choices is a kind of the one for a single choice.
        "tick": "checkbox"
        if isinstance(bound.field.widget, forms.CheckboxSelectMultiple)
        else "radio",
    }


@register.inclusion_tag("parts/form_errors.html")
def form_errors(form: forms.BaseForm) -> dict[str, Any]:
    """What is wrong with the form as a whole, announced when the page comes back."""
    return {
        "errors": form.non_field_errors(),
        "fields": [_wrong(bound) for bound in form if bound.errors],
    }


def _wrong(bound: BoundField) -> dict[str, Any]:
    """A refused field in the summary; `id` is the control to go to, empty for a hidden one."""
    # A group of choices has no one control: its first one stands for it.
    control = bound.id_for_label or f"{bound.auto_id}_0"
    return {
        "id": "" if bound.is_hidden else control,
        "label": bound.label,
        "errors": bound.errors,
    }
