"""The editors' desk. Importing the modules registers their models with Django's admin."""

from cases.admin import announcement, decisions, intake, reports, vocabulary

__all__ = ["announcement", "decisions", "intake", "reports", "vocabulary"]
