"""The data of the archive. The layers above import the models from here."""

from cases.models.announcement import (
    Announcement,
    AnnouncementAuthor,
    AnnouncementCrimeType,
    AnnouncementPlace,
    Publisher,
    Release,
    ReleaseReport,
)
from cases.models.campaign import Campaign, CampaignConfusion, CampaignMention, CampaignName
from cases.models.desk import Attempt, ErrorReport, Transition
from cases.models.figure import Figure, FigureCrimeType, FigurePlace
from cases.models.history import PublishedVersion, Tombstone
from cases.models.intake import Fingerprint, PastedText
from cases.models.search_row import AnnouncementRow, CaseRow, FigureRow
from cases.models.text import Span, TextVersion
from cases.models.typical_case import CaseCrimeType, CasePlace, TypicalCase
from cases.models.verdict import Decision, SeriesClaim, Verdict
from cases.models.vocabulary import CrimeType, Measure, Place, PlaceName

__all__ = [
    "Announcement",
    "AnnouncementAuthor",
    "AnnouncementCrimeType",
    "AnnouncementPlace",
    "AnnouncementRow",
    "Attempt",
    "Campaign",
    "CampaignConfusion",
    "CampaignMention",
    "CampaignName",
    "CaseCrimeType",
    "CasePlace",
    "CaseRow",
    "CrimeType",
    "Decision",
    "ErrorReport",
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
    "SeriesClaim",
    "Span",
    "TextVersion",
    "Tombstone",
    "Transition",
    "TypicalCase",
    "Verdict",
]
