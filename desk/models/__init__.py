"""Front door of the desk's own records."""

from desk.models.saved_view import SavedView

__all__ = ["SavedView"]
