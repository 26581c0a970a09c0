"""Front door of what is written at the desk itself."""

from desk.services.saved_views import change_view, delete_view, place_view, save_view

__all__ = ["change_view", "delete_view", "place_view", "save_view"]
