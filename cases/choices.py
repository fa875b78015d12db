"""Closed vocabularies: the stable value that is stored and the label that is shown.

Open vocabularies (places, crime types, measures, campaigns) are tables; see `models`.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PublisherKind(TextChoices):
    AUTHORITY = "authority", _("authority")
    OFFICIAL_MEDIA = "official_media", _("official media")
    NEWS = "news", _("news")
    TRADE_PRESS = "trade_press", _("trade press")
    AGGREGATOR = "aggregator", _("aggregator")


class AnnouncementKind(TextChoices):
    RELEASE = "release", pgettext_lazy("kind of announcement", "release")
    REPORT = "report", _("report")
    FEATURE = "feature", _("feature")
    CASE_LIST = "case_list", _("list of cases")


class Language(TextChoices):
    ENGLISH = "en", _("English")
    CHINESE = "zh", _("Chinese")


class Script(TextChoices):
    LATIN = "Latn", _("Latin")
    SIMPLIFIED = "Hans", _("simplified Chinese")
    TRADITIONAL = "Hant", _("traditional Chinese")


class Translation(TextChoices):
    NONE = "none", _("original language")
    MACHINE = "machine", _("machine translation")
    HUMAN = "human", _("human translation")
    UNKNOWN = "unknown", _("translation of unknown origin")


class Status(TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ReportRole(TextChoices):
    ORIGINAL = "original", _("original")
    REPORT = "report", _("report")
    TRANSLATION = "translation", _("translation")
    COPY = "copy", _("copy")


class PlaceLevel(TextChoices):
    COUNTRY = "country", _("country")
    PROVINCE = "province", _("province")
    PREFECTURE = "prefecture", _("prefecture")
    COUNTY = "county", _("county")


class PlaceRole(TextChoices):
    INVESTIGATING_AUTHORITY = "investigating_authority", _("investigating authority")
    ARREST = "arrest", _("place of arrest")
    SCENE = "scene", _("scene")
    VICTIMS = "victims", _("place of the victims")


class Qualifier(TextChoices):
    EXACT = "exact", _("exactly")
    MORE_THAN = "more_than", _("more than")
    NEARLY = "nearly", _("nearly")
    ABOUT = "about", _("about")
    AT_LEAST = "at_least", _("at least")
    UP_TO = "up_to", _("up to")
    LESS_THAN = "less_than", _("less than")
    RANGE = "range", _("a range")
    SEVERAL = "several", _("several")


class Unit(TextChoices):
    """What is counted. Money is counted in ISO 4217 currencies."""

    PERSONS = "persons", _("persons")
    CASES = "cases", pgettext_lazy("unit", "cases")
    ITEMS = "items", _("items")
    WEBSITES = "websites", _("websites")
    FORUMS = "forums", _("forums")
    PAGES = "pages", _("pages")
    GANGS = "gangs", _("gangs")
    DENS = "dens", _("dens")
    LINES = "lines", _("production lines")
    ENTERPRISES = "enterprises", _("enterprises")
    PLATFORMS = "platforms", _("platforms")
    SHOPS = "shops", _("shops")
    CAFES = "cafes", _("Internet cafes")
    DEPARTMENTS = "departments", _("departments")
    PENALTIES = "penalties", _("penalties")
    OPERATIONS = "operations", _("operations")
    ACCOUNTS = "accounts", _("accounts")
    NUMBERS = "numbers", _("phone numbers")
    ROOMS = "rooms", _("live rooms")
    GROUPS = "groups", _("groups")
    APPS = "apps", _("apps")
    CARDS = "cards", _("cards")
    DEVICES = "devices", _("devices")
    WEAPONS = "weapons", _("weapons")
    ROUNDS = "rounds", _("rounds")
    MESSAGES = "messages", _("messages")
    FORWARDS = "forwards", _("forwards")
    LIKES = "likes", _("likes")
    COMMENTS = "comments", _("comments")
    VIEWS = "views", _("views")
    DOWNLOADS = "downloads", _("downloads")
    INSPECTIONS = "inspections", _("inspections")
    PROVINCES = "provinces", _("provinces")
    CITIES = "cities", _("cities")
    COUNTRIES = "countries", _("countries")
    MONTHS = "months", _("months")
    DAYS = "days", _("days")
    PERCENT = "percent", _("per cent")
    CNY = "CNY", _("yuan")
    USD = "USD", _("US dollars")
    EUR = "EUR", _("euros")
    GBP = "GBP", _("pounds")


class Display(TextChoices):
    """How much of a stored text the public may see."""

    HIDDEN = "hidden", _("hidden")
    EXCERPT = "excerpt", _("excerpts around the evidence")
    FULL = "full", _("in full")


class SpanTarget(TextChoices):
    TITLE = "title", _("title")
    TEXT = "text", _("text")


class TombstoneKind(TextChoices):
    ANNOUNCEMENT = "announcement", _("announcement")
    CASE = "case", _("case")
    FIGURE = "figure", _("figure")
    RELEASE = "release", _("release")


class ReportedKind(TextChoices):
    """What a reader's report of an error is about."""

    ANNOUNCEMENT = "announcement", _("announcement")
    CASE = "case", _("case")
    FIGURE = "figure", _("figure")
    ARCHIVE = "archive", _("the archive")


class ReportState(TextChoices):
    OPEN = "open", _("open")
    CORRECTED = "corrected", _("corrected")
    NOT_AN_ERROR = "not_an_error", _("not an error")


class VerdictKind(TextChoices):
    """How a figure stands to others: within its release, and (the last two) in its series."""

    AGREE = "agree", _("agrees")
    AGREE_ROUNDED = "agree_rounded", _("agrees but for rounding")
    CONTRADICT = "contradict", _("contradicts")
    ONLY_HERE = "only_here", _("only here")
    LATER = "later", _("later count")
    REVISED = "revised", _("revised")


class VerdictBasis(TextChoices):
    """Where two compared figures stand: in two reports of one release, in one report, or in a series of releases."""

    RELEASE = "release", _("same release")
    REPORT = "report", _("one report")
    SERIES = "series", _("series")


class DecisionAction(TextChoices):
    """What editors decide of two figures: whether they are compared, or what the comparison says."""

    ALIGN = "align", _("align")
    PART = "part", _("part")
    AGREE = "agree", _("agrees")
    AGREE_ROUNDED = "agree_rounded", _("agrees but for rounding")
    CONTRADICT = "contradict", _("contradicts")
