"""What a page sends of a draft; the service judges it."""

from __future__ import annotations

from django import forms

LARGEST = 2**63 - 1


class DraftForm(forms.Form):
    mode = forms.CharField(max_length=10)
    body = forms.CharField(required=False, strip=False)
    waiting = forms.BooleanField(required=False)
    macro = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    version = forms.IntegerField(required=False, min_value=0, max_value=LARGEST)
    discard = forms.BooleanField(required=False)
