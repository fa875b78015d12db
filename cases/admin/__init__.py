"""The editors' desk. Importing the modules registers their models with Django's admin."""

from cases.admin import announcement, vocabulary

__all__ = ["announcement", "vocabulary"]
