"""The data of the archive. The layers above import the models from here."""

from cases.models.announcement import (
    Announcement,
    AnnouncementCrimeType,
    AnnouncementPlace,
    Publisher,
    Release,
    ReleaseReport,
)
from cases.models.campaign import Campaign, CampaignConfusion, CampaignMention, CampaignName
from cases.models.figure import Figure, FigureCrimeType, FigurePlace
from cases.models.history import PublishedVersion, Tombstone
from cases.models.intake import Fingerprint, PastedText
from cases.models.search_row import AnnouncementRow, CaseRow, FigureRow
from cases.models.text import Span, TextVersion
from cases.models.typical_case import CaseCrimeType, CasePlace, TypicalCase
from cases.models.vocabulary import CrimeType, Measure, Place, PlaceName

__all__ = [
    "Announcement",
    "AnnouncementCrimeType",
    "AnnouncementPlace",
    "AnnouncementRow",
    "Campaign",
    "CampaignConfusion",
    "CampaignMention",
    "CampaignName",
    "CaseCrimeType",
    "CasePlace",
    "CaseRow",
    "CrimeType",
    "Figure",
    "FigureCrimeType",
    "FigurePlace",
    "FigureRow",
    "Fingerprint",
    "Measure",
    "PastedText",
    "Place",
    "PlaceName",
    "PublishedVersion",
    "Publisher",
    "Release",
    "ReleaseReport",
    "Span",
    "TextVersion",
    "Tombstone",
    "TypicalCase",
]
