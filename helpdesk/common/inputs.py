"""What the API reads: bodies and queries, each name known, each value of its exact kind.

An unknown name is refused, not ignored: a caller who sends `state` or `is_staff` must learn that
it does nothing. `"5"` is no number and `1` is no text, except in a multipart form or a query.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request

from helpdesk.common.errors import InvalidInput
from helpdesk.common.problems import FieldError
from helpdesk.common.wording import LANGUAGES, Both
from helpdesk.common.wording import gettext as _

COMMON = {
    "required": gettext_lazy("This field is required."),
    "null": gettext_lazy("This field may not be null."),
}
NOT_TEXT = gettext_lazy("This must be text.")


class Text(serializers.CharField):
    """Text and nothing but text. Its cleaning is the service's."""

    default_error_messages = {
        **COMMON,
        "invalid": NOT_TEXT,
        "blank": gettext_lazy("This field may not be empty."),
        "max_length": gettext_lazy("At most {max_length} characters are possible."),
        "min_length": gettext_lazy("At least {min_length} characters are needed."),
        "surrogate_characters_not_allowed": gettext_lazy("The text holds a broken character."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"trim_whitespace": False, **options})

    def get_value(self, dictionary: Mapping[Any, Any]) -> Any:
        # In a form, too, an empty text is an empty text and not an absent one.
        return dictionary.get(self.field_name, serializers.empty)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if isinstance(data, str) and "\x00" in data:
            message = gettext_lazy("The text holds a character that cannot be stored (NUL).")
            raise serializers.ValidationError(message, code="null_character")
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Choice(serializers.ChoiceField):
    default_error_messages = {
        **COMMON,
        "invalid_choice": gettext_lazy("This value is not known."),
    }

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class WholeNumber(serializers.IntegerField):
    default_error_messages = {
        **COMMON,
        "invalid": gettext_lazy("This must be a whole number."),
        "max_string_length": gettext_lazy("This must be a whole number."),
        "min_value": gettext_lazy("This must be at least {min_value}."),
        "max_value": gettext_lazy("This must be at most {max_value}."),
    }

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int | str):
            self.fail("invalid")
        # REST framework reads '1.000' as 1; to an Indonesian reader it is a thousand.
        if isinstance(data, str) and not (_is_form(self) and re.fullmatch("-?[0-9]{1,20}", data)):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class Number(serializers.FloatField):
    default_error_messages = {
        **COMMON,
        "invalid": gettext_lazy("This must be a number."),
        "max_string_length": gettext_lazy("This must be a number."),
        "overflow": gettext_lazy("This must be a number."),
        "min_value": gettext_lazy("This must be at least {min_value}."),
        "max_value": gettext_lazy("This must be at most {max_value}."),
    }

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or (isinstance(data, str) and not _is_form(self)):
            self.fail("invalid")
        number = float(super().to_internal_value(data))
        if number != number:  # noqa: PLR0124 - NaN alone differs from itself
            self.fail("invalid")
        return number


class YesNo(serializers.BooleanField):
    # In a query, too, what is absent is absent and not 'no'.
    default_empty_html = serializers.empty
    default_error_messages = {**COMMON, "invalid": gettext_lazy("This must be true or false.")}

    def to_internal_value(self, data: Any) -> bool:
        if _is_form(self) and data in ("true", "false"):
            return bool(data == "true")
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Instant(serializers.DateTimeField):
    default_error_messages = {
        **COMMON,
        "invalid": gettext_lazy("This must be an instant such as 2026-11-17T09:30:00+07:00."),
        "date": gettext_lazy("This must be an instant such as 2026-11-17T09:30:00+07:00."),
        "overflow": gettext_lazy("This instant lies too far away."),
        "make_aware": gettext_lazy("This must be an instant such as 2026-11-17T09:30:00+07:00."),
    }

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str):
            self.fail("invalid", format="ISO 8601")
        return super().to_internal_value(value)


class Several(serializers.ListField):
    """A list; each entry is read by `child`."""

    default_error_messages = {
        **COMMON,
        "not_a_list": gettext_lazy("This must be a list."),
        "empty": gettext_lazy("This field may not be empty."),
        "max_length": gettext_lazy("At most {max_length} entries are possible."),
        "min_length": gettext_lazy("At least {min_length} entries are needed."),
    }


class Files(serializers.ListField):
    """The files of a multipart form, as many parts of the same name."""

    child = serializers.FileField(
        allow_empty_file=True,  # the service says which file is empty
        error_messages={**COMMON, "invalid": gettext_lazy("This must be a file.")},
    )
    default_error_messages = {**COMMON, "not_a_list": gettext_lazy("This must be a list.")}


class InputSerializer(serializers.Serializer[Any]):
    """Base of everything that the API reads."""

    unknown_code = "unknown_field"

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):  # of a part inside the body
            return super().to_internal_value(data)
        errors: dict[str, Any] = {}
        for name in data:
            if name not in self.fields:
                message = gettext_lazy("This name is not known here.")
                errors[str(name)] = [serializers.ErrorDetail(str(message), self.unknown_code)]
            elif isinstance(data, QueryDict) and self._is_repeated(name, data):
                message = gettext_lazy("This was given twice.")
                errors[str(name)] = [serializers.ErrorDetail(str(message), "repeated")]
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**cast("dict", error.detail), **errors}) from None
        if errors:
            raise serializers.ValidationError(errors)
        return values

    def _is_repeated(self, name: str, data: QueryDict) -> bool:
        return not isinstance(self.fields[name], Files) and len(data.getlist(name)) > 1


class QuerySerializer(InputSerializer):
    """Base of every query: only the names that it lists."""

    unknown_code = "unknown_parameter"


def read_body(request: Request, kind: type[InputSerializer]) -> dict[str, Any]:
    """The body's values. Raises InvalidInput naming each part that is wrong, in both languages."""
    return read(kind, request.data)


def read_query(request: Request, kind: type[QuerySerializer]) -> dict[str, Any]:
    return read(kind, request.query_params)


def read(kind: type[InputSerializer], data: Any) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        raise InvalidInput(_("Send an object with named fields."), code="not_an_object")
    serializer = kind(data=data)
    if serializer.is_valid():
        return dict(serializer.validated_data)
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            again = kind(data=data)
            again.is_valid()
            said[language] = _flat(again.errors)
    fields = {
        name: FieldError(name, code, Both({lang: said[lang][name][1] for lang in LANGUAGES}))
        for name, (code, _message) in said[LANGUAGES[0]].items()
    }
    codes = {error.code for error in fields.values()}
    code = codes.pop() if len(codes) == 1 else ""
    raise InvalidInput(_("Please mend the marked fields."), code=_whole(code), fields=fields)


def _whole(code: str) -> str:
    """Codes that tell more about the whole request than 'invalid_input' does."""
    return code if code in ("unknown_field", "unknown_parameter", "null_character") else ""


def _flat(errors: Any, path: str = "") -> dict[str, tuple[str, str]]:
    """The first error of each part: path -> (code, message)."""
    if isinstance(errors, Mapping):
        found: dict[str, tuple[str, str]] = {}
        for name, part in errors.items():
            own = "" if name == "non_field_errors" else str(name)
            found |= _flat(part, ".".join(filter(None, (path, own))))
        return found
    for index, part in enumerate(errors):
        if isinstance(part, Mapping | list):
            return _flat(part, f"{path}.{index}")
        return {path: (str(part.code), str(part))}
    return {}


def _is_form(field: serializers.Field) -> bool:
    return isinstance(getattr(field.root, "initial_data", None), QueryDict)
