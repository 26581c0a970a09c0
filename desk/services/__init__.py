"""Front door of what is written at the desk itself."""

from desk.services.keys import (
    change_key,
    reset_key,
    reset_keys,
    set_keys,
    switch_single_keys,
)
from desk.services.saved_views import change_view, delete_view, place_view, save_view

__all__ = [
    "change_key",
    "change_view",
    "delete_view",
    "place_view",
    "reset_key",
    "reset_keys",
    "save_view",
    "set_keys",
    "switch_single_keys",
]
