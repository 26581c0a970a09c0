"""Front door of what is written at the desk itself."""

from desk.services.keys import (
    change_key,
    reset_key,
    reset_keys,
    set_keys,
    switch_single_keys,
)
from desk.services.saved_views import change_view, delete_view, place_view, save_view
from desk.services.tour import begin_tour, skip_tour, take_step

__all__ = [
    "begin_tour",
    "change_key",
    "change_view",
    "delete_view",
    "place_view",
    "reset_key",
    "reset_keys",
    "save_view",
    "set_keys",
    "skip_tour",
    "switch_single_keys",
    "take_step",
]
