"""A form that a service judges: each problem is shown at the field that it belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from helpdesk.common.errors import Refusal


class JudgedForm(forms.Form):
    """Reads what was typed; what is wrong with it, a service or a check says by paths."""

    use_required_attribute = False

    def field_of(self, path: str) -> str | None:
        """The field for a problem's path; None: no concern of this form."""
        return path

    @property
    def values(self) -> dict[str, Any]:
        """What was typed; where that cannot be read, what stood there before: so that a check of the
        whole says all that is wrong at once."""
        before = {
            name: self.stood_before(name) for name in self.fields if name not in self.cleaned_data
        }
        return before | self.cleaned_data

    def stood_before(self, name: str) -> Any:
        """The value that stood in the field, as `cleaned_data` would have it."""
        return self.get_initial_for_field(self.fields[name], name)

    def elsewhere(self, path: str, message: Any) -> str:
        """A problem that concerns the form but none of its fields, as it is shown above them."""
        return str(message)

    def show(self, problems: Iterable[tuple[str, Any]]) -> bool:
        """Each problem where it belongs; whether there was one that concerns this form.

        A field that could not be read says that alone.
        """
        found = False
        for path, message in problems:
            name = self.field_of(path)
            if name is None:
                continue
            found = True
            if name in self.errors:
                continue
            if name in self.fields:
                self.add_error(name, str(message))
            else:
                self.add_error(None, self.elsewhere(path, message))
        return found

    def refuse(self, refusal: Refusal) -> None:
        """A service's refusal: its problems, or above all fields the refusal itself."""
        if not self.show(refusal.fields.items()):
            self.add_error(None, str(refusal))
