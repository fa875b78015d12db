"""A made-up archive of any size: the rows of its tables, the same for the same seed.

Places, crime types and campaigns are those of the archive's own vocabularies. What depends on each other in real
announcements does so here: the year chooses the campaigns, the campaign the crime types, the publisher the province.
An announcement's rows depend on nothing but the seed and its number, so that parts can be made side by side.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from cases.fingerprints import folded_sha256, sketch
from cases.intervals import Interval, interval
from tools.bench import words

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures"
CASES_PER_ANNOUNCEMENT = 5
FIGURES_PER_CASE = 5
ENTERED = "2025-01-01 00:00:00+00"

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]

# The columns of each table that are filled; tables in the order of their references.
COLUMNS: dict[str, tuple[str, ...]] = {
    "cases_publisher": ("id", "slug", "name", "name_zh", "kind", "country"),
    "cases_release": ("id", "name", "authority", "disclosed", "fullest_id"),
    "cases_announcement": (
        *("id", "key", "kind", "title", "title_zh", "title_supplied", "publisher_id", "published", "url", "language"),
        *("translation", "abstract", "status", "version", "created_at", "updated_at"),
    ),
    "cases_releasereport": ("announcement_id", "release_id", "role"),
    "cases_announcement_crime_types": ("announcement_id", "crimetype_id"),
    "cases_announcement_places": ("announcement_id", "place_id"),
    "cases_campaignmention": ("announcement_id", "campaign_id", "aliases", "name_zh"),
    "cases_textversion": (
        *("id", "announcement_id", "n", "text", "sha256", "language", "display", "created_at", "redacted_reason"),
    ),
    "cases_fingerprint": ("text_version_id", "folded_sha256", "sketch"),
    "cases_typicalcase": ("id", "announcement_id", "number", "heading", "code_name", "summary", "period"),
    "cases_typicalcase_crime_types": ("typicalcase_id", "crimetype_id"),
    "cases_caseplace": ("announcement_id", "case_id", "place_id", "role"),
    "cases_figure": (
        *("id", "announcement_id", "ref", "position", "case_id", "release_id", "campaign_id", "measure_id", "value"),
        *("value_high", "qualifier", "step", "interval", "unit", "period", "cumulative", "phrase", "note", "preferred"),
        "preferred_reason",
    ),
    "cases_figure_crime_types": ("figure_id", "crimetype_id"),
    "cases_figure_places": ("figure_id", "place_id"),
    "cases_span": ("announcement_id", "figure_id", "case_id", "target", "text_version_id", "start", '"end"', "phrase"),
}
NUMBERED = (
    *("cases_publisher", "cases_release", "cases_announcement", "cases_textversion", "cases_typicalcase"),
    "cases_figure",
)

YEARS = dict(zip(range(2011, 2025), (2, 2, 3, 3, 4, 5, 6, 9, 11, 12, 14, 11, 9, 9), strict=True))
# How often a province is named, by the first two digits of its code.
_PROVINCES = """
44:140 32:110 33:95 37:70 51:60 41:55 11:50 42:45 43:42 13:40 35:38 34:36 31:34 50:28
61:24 21:22 36:20 45:18 53:18 23:16 52:14 14:14 22:12 12:12 15:10 65:9 62:9 46:8
64:4 63:3 54:2 81:2 82:1 71:1
"""
PROVINCES = {f"{code}0000": int(weight) for code, weight in (pair.split(":") for pair in _PROVINCES.split())}
# What a campaign is about, by words in its slug: these crime types come five times as often as the others.
THEMES = {
    "guns": ("firearms",),
    "rumours": ("rumours", "water_army"),
    "personal": ("personal_info", "personal_info.insider", "personal_info.darkweb"),
    "postal": ("personal_info.insider", "personal_info"),
    "hack": ("hacking", "hacking.intrusion", "hacking.data_theft", "hacking.malware", "hacking.tools"),
    "water-army": ("water_army", "water_army.paid_deletion", "water_army.extortion"),
    "cyber-violence": ("cyber_violence", "cyber_violence.doxing"),
    "base-stations": ("fake_base_station",),
    "cards": ("black_cards", "black_accounts", "fraud.telecom"),
    "telecom": ("fraud.telecom", "black_cards"),
    "antiporn": ("pornography", "prostitution"),
    "seedlings": ("pornography.minors", "cyber_violence"),
    "promotion": ("water_army.paid_deletion", "water_army"),
    "organised": ("organised_crime", "routine_loan", "extortion"),
    "black-market": ("black_market", "counterfeit_documents", "contraband_other"),
    "four-": ("aiding_cybercrime", "tech_support", "fourth_party_payment", "platform_duty"),
    "source": ("black_cards", "black_devices", "aiding_cybercrime"),
    "fugitives": ("theft", "fraud"),
    "clear-the-net": ("theft", "fraud"),
    "sword": ("fraud.telecom", "routine_loan", "theft"),
}
COMMON_CRIMES = (
    *("fraud.telecom", "personal_info", "gambling", "hacking.intrusion", "fraud", "aiding_cybercrime", "pornography"),
    *("gambling.cross_border", "water_army", "black_cards", "rumours", "hacking.data_theft", "counterfeit_goods"),
)


@dataclass(frozen=True)
class Claim:
    """A kind of figure: the measure, its unit, the words around the number, and how large the number is."""

    measure: str
    unit: str
    english: str
    chinese: str
    largest: int  # as a power of ten


CLAIMS = (
    Claim("suspects_arrested", "persons", "arrested {} people", "抓获涉案人员{}名", 4),
    Claim("cases_solved", "cases", "solved {} cases", "侦破案件{}起", 4),
    Claim("gangs_dismantled", "gangs", "broke up {} gangs", "打掉犯罪团伙{}个", 2),
    Claim("money_involved", "CNY", "involving {} yuan", "涉案金额{}元", 9),
    Claim("personal_info_items_seized", "items", "seized {} items of personal information", "查获公民个人信息{}条", 9),
    Claim("devices_seized", "devices", "seized {} devices", "收缴作案设备{}台", 5),
    Claim("accounts_closed", "accounts", "closed {} accounts", "关停违法账号{}个", 6),
    Claim("websites_closed", "websites", "shut down {} websites", "关停违法网站{}个", 4),
    Claim("cards_seized", "cards", "seized {} cards", "扣押手机卡、银行卡{}张", 6),
    Claim("illegal_profit", "CNY", "made {} yuan from it", "非法获利{}元", 8),
    Claim("info_items_deleted", "items", "deleted {} posts", "清理违法信息{}条", 7),
    Claim("dens_destroyed", "dens", "destroyed {} dens", "捣毁窝点{}个", 2),
    Claim("victim_loss", "CNY", "cost its victims {} yuan", "造成损失{}元", 8),
    Claim("money_frozen", "CNY", "froze {} yuan", "冻结资金{}元", 9),
    Claim("phone_numbers_closed", "numbers", "blocked {} phone numbers", "关停涉案电话号码{}个", 5),
    Claim("persons_admin_penalty", "persons", "fined {} people", "行政处罚{}人", 4),
    Claim("groups_closed", "groups", "closed {} chat groups", "解散违法群组{}个", 5),
    Claim("apps_removed", "apps", "removed {} apps", "下架违法应用{}款", 3),
)
QUALIFIERS = {"exact": 55, "more_than": 40, "about": 2, "nearly": 2, "at_least": 1, "range": 1}
WORDED = {
    "exact": ("{}", "{}"),
    "more_than": ("more than {}", "{}余"),
    "nearly": ("nearly {}", "近{}"),
    "about": ("about {}", "约{}"),
    "at_least": ("at least {}", "至少{}"),
    "range": ("{} to {}", "{}至{}"),
}
ROLES = {"arrest": 0.3, "scene": 0.2, "victims": 0.12}


class Weighted:
    """Things to draw from, the first of them most often or by given weights."""

    def __init__(self, items: Iterable[Any], weights: Iterable[float] | None = None) -> None:
        self.items: list[Any] = list(items)
        own = weights or (1 / (place + 2.7) for place in range(len(self.items)))  # Zipf's law, as texts have it
        self.cumulative = list(accumulate(own))

    def some(self, random: Random, k: int) -> list[Any]:
        return random.choices(self.items, cum_weights=self.cumulative, k=k)

    def one(self, random: Random) -> Any:
        return random.choices(self.items, cum_weights=self.cumulative)[0]

    @staticmethod
    def of(weights: dict[Any, float]) -> "Weighted":
        return Weighted(weights, weights.values())


@dataclass(frozen=True)
class Place:
    """A place of the gazetteer, as far as texts and ties need it."""

    code: str
    province: str
    english: str
    chinese: str


@dataclass(frozen=True)
class Campaign:
    """A campaign, as far as texts and ties need it."""

    slug: str
    english: str
    chinese: str
    crimes: Weighted


@dataclass
class Figure:
    """A claim before it has its numbers."""

    claim: Claim
    phrase: str
    value: int
    high: int | None
    step: int
    qualifier: str
    allowed: Interval


class Corpus:
    """An archive of `size` typical cases."""

    def __init__(self, size: int, seed: int = 2018) -> None:
        self.size, self.seed = size, seed
        random = _random(f"{seed} sizes")
        counts = [self._cases_of(random) for _ in range(max(1, size // CASES_PER_ANNOUNCEMENT))]
        surplus = sum(counts) - size
        while surplus:  # the number of cases is exact; who has more or fewer of them does not matter
            at = random.randrange(len(counts))
            if surplus < 0 or counts[at]:
                counts[at] -= 1 if surplus > 0 else -1
                surplus = sum(counts) - size
        self.cases_of = counts
        self.own_figures_of = [random.choice((0, 2, 2, 3, 4)) for _ in counts]
        self.first_case = [0, *accumulate(counts)]
        every = (FIGURES_PER_CASE * n + own for n, own in zip(counts, self.own_figures_of, strict=True))
        self.first_figure = [0, *accumulate(every)]

    @staticmethod
    def _cases_of(random: Random) -> int:
        return min(30, int(random.expovariate(1 / (CASES_PER_ANNOUNCEMENT + 0.5))))

    @property
    def announcements(self) -> int:
        return len(self.cases_of)

    @property
    def figures(self) -> int:
        return self.first_figure[-1]

    # --- what the texts and ties are drawn from -------------------------------------------------------------------

    @cached_property
    def _places(self) -> dict[str, list[Place]]:
        """The places of each province, from the province down, the larger first."""
        found: dict[str, list[Place]] = defaultdict(list)
        with (FIXTURES / "gazetteer.csv").open(encoding="utf-8", newline="") as file:
            for row in sorted(csv.DictReader(file), key=lambda row: (row["level"] != "province", row["code"][4:])):
                code = row["code"]
                found[f"{code[:2]}0000"].append(Place(code, f"{code[:2]}0000", row["name_en"], row["name_zh"]))
        return found

    @cached_property
    def _nation(self) -> Place:
        return self._places["000000"][0]

    @cached_property
    def _prefectures(self) -> dict[str, Weighted]:
        return {
            code: Weighted([p for p in places[1:] if p.code[4:] == "00"] or places)
            for code, places in self._places.items()
        }

    @cached_property
    def _counties(self) -> dict[str, list[Place]]:
        """The counties of each prefecture."""
        found: dict[str, list[Place]] = defaultdict(list)
        for places in self._places.values():
            for place in places:
                if place.code[4:] != "00":
                    found[f"{place.code[:4]}00"].append(place)
        return found

    @cached_property
    def _crimes(self) -> list[str]:
        with (FIXTURES / "crime_types.csv").open(encoding="utf-8", newline="") as file:
            codes = [row["code"] for row in csv.DictReader(file)]
        return [*COMMON_CRIMES, *(code for code in codes if code not in COMMON_CRIMES)]

    @cached_property
    def _crime_labels(self) -> dict[str, tuple[str, str]]:
        with (FIXTURES / "crime_types.csv").open(encoding="utf-8", newline="") as file:
            return {row["code"]: (row["label_en"], row["label_zh"]) for row in csv.DictReader(file)}

    @cached_property
    def _campaigns(self) -> dict[int, Weighted]:
        """The campaigns of each year; the great yearly ones come most often."""
        found: dict[int, dict[Campaign, float]] = defaultdict(dict)
        for row in json.loads((FIXTURES / "campaigns.json").read_text(encoding="utf-8")):
            if row["year"]:
                weight = 6.0 if row["slug"] == f"net-net-{row['year']}" else 1.0
                campaign = Campaign(row["slug"], row["name_en"], row["name_zh"] or "", self._crimes_of(row["slug"]))
                found[row["year"]][campaign] = weight
        return {year: Weighted.of(campaigns) for year, campaigns in found.items()}

    def _crimes_of(self, slug: str) -> Weighted:
        themes = {crime for word, crimes in THEMES.items() if word in slug for crime in crimes}
        weights = {code: (5 if code in themes else 1) / (place + 2.7) for place, code in enumerate(self._crimes)}
        for crime in themes:
            weights[crime] = max(weights[crime], 0.8)
        return Weighted.of(weights)

    @cached_property
    def _crimes_at_large(self) -> Weighted:
        return Weighted(self._crimes)

    @cached_property
    def _provinces(self) -> Weighted:
        return Weighted.of(dict(PROVINCES))

    @cached_property
    def _publisher_weights(self) -> Weighted:
        weights = [PROVINCES.get(row[1][1], 250) for row in self._publishers]
        return Weighted(range(len(self._publishers)), weights)

    @cached_property
    def _publishers(self) -> list[tuple[Row, tuple[str, str]]]:
        """Publishers, each with the kind of its documents' scope: ("province", code) or ("nation", "")."""
        found: list[tuple[Row, tuple[str, str]]] = []
        for code in PROVINCES:
            place = self._places[code][0]
            name, name_zh = f"{place.english} police", f"{place.chinese}公安"
            row = (len(found) + 1, f"police-{code}", name, name_zh, "authority", "CN")
            found.append((row, ("province", code)))
        for number, kind in enumerate(("authority", "official_media", "news", "trade_press", "aggregator") * 3, 1):
            row = (len(found) + 1, f"{kind.replace('_', '-')}-{number}", f"{kind.replace('_', ' ')} {number}".title(),
                   f"媒体{number}", kind, "XX" if kind == "aggregator" else "CN")  # fmt: skip
            found.append((row, ("nation", "")))
        return found

    # --- rows -----------------------------------------------------------------------------------------------------

    def shared(self) -> Rows:
        """Return the rows that announcements share."""
        return {"cases_publisher": [row for row, _scope in self._publishers]}

    def rows(self, first: int, last: int) -> Rows:
        """Return the rows of the announcements from one number up to, but not including, another; they count from 0."""
        rows: Rows = {table: [] for table in COLUMNS if table != "cases_publisher"}
        for at in range(first, last):
            _Announcement(self, at, rows).make()
        return rows

    def chunks(self, announcements: int) -> Iterator[tuple[int, int]]:
        """Return the archive in parts of so many announcements."""
        for first in range(0, self.announcements, announcements):
            yield first, min(first + announcements, self.announcements)


class _Announcement:
    """One announcement in the making: its own random numbers, its rows, its text."""

    def __init__(self, corpus: Corpus, at: int, rows: Rows) -> None:
        self.corpus, self.at, self.rows = corpus, at, rows
        self.id = at + 1
        self.random = _random(f"{corpus.seed} {at}")
        self.english = at_random(self.random, 0.5)
        self.text = ""
        self.spans: list[Row] = []

    def make(self) -> None:
        random, corpus = self.random, self.corpus
        publisher, (scope, province) = corpus._publishers[corpus._publisher_weights.one(random)]
        self.province = province if scope == "province" else ""
        # Every fourth announcement reports the release that the one before it brought out, so on the same campaign.
        self.release = self.id - (self.id % 4 == 0)
        topic = _random(f"{corpus.seed} release {self.release}")
        self.year = _YEARS.one(topic)
        campaigns = corpus._campaigns[self.year]
        self.campaigns = list(dict.fromkeys(campaigns.some(topic, topic.choices((0, 1, 2), (8, 82, 10))[0])))
        self.crimes = self.campaigns[0].crimes if self.campaigns else corpus._crimes_at_large
        self.with_text = at_random(random, 0.9)
        self.position = 0
        crimes: dict[str, None] = {}
        provinces: dict[str, None] = {}
        title, opening = self._opening()
        self.text = opening
        first_case = corpus.first_case[self.at] + 1
        for number in range(1, corpus.cases_of[self.at] + 1):
            of_case, places = self._case(first_case + number - 1, number)
            crimes |= dict.fromkeys(of_case)
            provinces |= dict.fromkeys(place.province for place in places)
        self._own_figures(list(crimes))
        self._announcement(publisher[0], title, list(crimes)[:5], [] if len(provinces) > 4 else list(provinces))

    def _add(self, table: str, *row: Any) -> None:
        self.rows[table].append(row)

    def _announcement(self, publisher: int, title: str, crimes: list[str], provinces: list[str]) -> None:
        random, id_ = self.random, self.id
        language = "en" if self.english else "zh"
        month, day = random.randint(1, 12), random.randint(1, 28)
        dates = (f"{self.year}-{month:02}-{day:02}", f"{self.year}-{month:02}", f"{self.year}", None)
        published = random.choices(dates, (80, 14, 4, 2))[0]
        kind = random.choices(("release", "report", "feature", "case_list"), (10, 70, 8, 12))[0]
        abstract = self._sentences(2, 14)
        url = f"https://news.example.org/{self.year}/{id_}.html" if at_random(random, 0.9) else None
        translation = "none" if self.english else random.choices(("none", "machine"), (9, 1))[0]
        title_zh = title if not self.english else ""
        self._add("cases_announcement", id_, f"b{id_}", kind, title, title_zh, False, publisher, published, url,
                  language, translation, abstract, "published", 1, ENTERED, ENTERED)  # fmt: skip
        if self.release == id_:
            self._add("cases_release", id_, "", "Ministry of Public Security", published, id_)
        self._add("cases_releasereport", id_, self.release, "original" if self.release == id_ else "report")
        for crime in crimes:
            self._add("cases_announcement_crime_types", id_, crime)
        national = not provinces or (not self.province and at_random(random, 0.3))
        for code in provinces[:4] + (["000000"] if national and at_random(random, 0.95) else []):
            self._add("cases_announcement_places", id_, code)
        for campaign in self.campaigns:
            self._add("cases_campaignmention", id_, campaign.slug, "{}", "" if self.english else campaign.chinese)
        if self.with_text:
            display = random.choices(("excerpt", "full", "hidden"), (84, 12, 4))[0]
            digest = sha256(self.text.encode()).hexdigest()
            self._add("cases_textversion", id_, id_, 1, self.text, digest, language, display, ENTERED, "")
            found_by = ",".join(map(str, sketch(self.text)))
            self._add("cases_fingerprint", id_, folded_sha256(self.text), f"{{{found_by}}}")
            self.rows["cases_span"] += self.spans

    def _case(self, id_: int, number: int) -> tuple[list[str], list[Place]]:
        random = self.random
        crimes = list(dict.fromkeys(self.crimes.some(random, random.choices((1, 2, 3), (65, 30, 5))[0])))
        places = self._places_of(id_)
        where = places[0] if places else self.corpus._nation
        heading, opening = self._case_opening(crimes[0], where)
        code_name = f"{random.randint(1, 12)}.{random.randint(1, 28)}" if at_random(random, 0.05) else ""
        month = random.randint(1, 12)
        periods = (f"{self.year}-{month:02}", f"{self.year - 1}-06/{self.year}-{month:02}", f"{self.year}", None)
        period = random.choices(periods, (40, 10, 10, 40))[0]
        summary = self._sentences(2, 12) + self._marked()
        self._add("cases_typicalcase", id_, self.id, number, heading, code_name, summary, period)
        for crime in crimes:
            self._add("cases_typicalcase_crime_types", id_, crime)
        self._passage(id_, opening, crimes, places)
        return crimes, places

    def _places_of(self, case: int) -> list[Place]:
        """Add the places of a case, in their roles; the police that investigates stands first."""
        random = self.random
        if at_random(random, 0.06):
            return []
        investigating = self._place(self.province or self.corpus._provinces.one(random))
        places = {"investigating_authority": investigating}
        for role, chance in ROLES.items():
            if at_random(random, chance):
                elsewhere = at_random(random, 0.5)
                places[role] = (
                    self._place(self.corpus._provinces.one(random))
                    if elsewhere
                    else self._place(investigating.province)
                )
        for role, place in places.items():
            self._add("cases_caseplace", self.id, case, place.code, role)
        return list(places.values())

    def _place(self, province: str) -> Place:
        random, corpus = self.random, self.corpus
        depth = random.choices((0, 1, 2), (10, 60, 30))[0]
        place: Place = corpus._places[province][0] if not depth else corpus._prefectures[province].one(random)
        counties = corpus._counties.get(place.code) if depth == 2 else None
        return random.choice(counties) if counties else place

    # --- figures --------------------------------------------------------------------------------------------------

    def _passage(self, case: int, opening: str, crimes: list[str], places: list[Place]) -> None:
        """Tell a case in the text, figure by figure, with the spans of what is told."""
        random = self.random
        start = len(self.text)
        self.text += opening
        for _ in range(FIGURES_PER_CASE):
            campaign = self.campaigns[0].slug if self.campaigns and at_random(random, 0.7) else None
            id_ = self._tell(self._claim(), case, campaign)
            if places and at_random(random, 0.2):
                self._add("cases_figure_places", id_, places[0].code)
            if at_random(random, 0.15):
                self._add("cases_figure_crime_types", id_, crimes[0])
        self.text += self._sentences(2, 12) + "\n"
        self.spans.append((self.id, None, case, "text", self.id, start, len(self.text) - 1, ""))

    def _own_figures(self, crimes: list[str]) -> None:
        """Tell the totals of the announcement itself."""
        random = self.random
        for _ in range(self.corpus.own_figures_of[self.at]):
            campaign = self.campaigns[0].slug if self.campaigns and at_random(random, 0.85) else None
            id_ = self._tell(self._claim(), None, campaign)
            if at_random(random, 0.7):
                self._add("cases_figure_places", id_, self.province or "000000")
            if crimes and at_random(random, 0.4):
                self._add("cases_figure_crime_types", id_, crimes[0])

    def _tell(self, figure: Figure, case: int | None, campaign: str | None) -> int:
        """Add a figure, with its words in the text; return its id."""
        lead = " ".join(_words_en().some(self.random, 5)) if self.english else self._clause()
        self.text += f"{lead.capitalize()} and " if self.english else f"{lead}，"
        start = len(self.text)
        self.text += figure.phrase
        end = len(self.text)
        self.text += ". " if self.english else "。"
        self.position += 1
        id_ = self.corpus.first_figure[self.at] + self.position
        claim = figure.claim
        self._add("cases_figure", id_, self.id, f"f{self.position}", self.position, case, self.release, campaign,
                  claim.measure, figure.value, figure.high, figure.qualifier, figure.step, as_range(figure.allowed),
                  claim.unit, *((None, None) if case else (f"{self.year}", True)), figure.phrase, "", False,
                  "")  # fmt: skip
        self.spans.append((self.id, id_, None, "text", self.id, start, end, figure.phrase))
        return id_

    def _claim(self) -> Figure:
        """Return a claim: a few significant digits and a power of ten, in the words of the language."""
        random = self.random
        claim: Claim = _CLAIMS.one(random)
        digits = random.choices((1, 2, 3, 4), (30, 35, 20, 15))[0]
        mantissa = random.randint(10 ** (digits - 1), 10**digits - 1)
        while mantissa % 10 == 0:
            mantissa += 1
        power = random.randint(0, max(0, claim.largest - digits))
        value, step = mantissa * 10**power, 10**power
        qualifier = _QUALIFIERS.one(random)
        high = (mantissa + 2 - (mantissa % 10 == 8)) * step if qualifier == "range" else None
        numbers = [number for number in (value, high) if number is not None]
        worded = WORDED[qualifier][0 if self.english else 1].format(*(self._printed(n, power) for n in numbers))
        phrase = (claim.english if self.english else claim.chinese).format(worded)
        allowed = _allowed(qualifier, value, step, high)
        return Figure(claim, phrase, value, high, step, qualifier, allowed)

    def _printed(self, value: int, power: int) -> str:
        if self.english:
            return f"{value / 1_000_000:.15g} million" if value >= 1_000_000 and power >= 4 else f"{value:,}"
        if value >= 100_000_000 and power >= 6:
            return f"{value / 100_000_000:.15g}亿"
        return f"{value / 10_000:.15g}万" if value >= 10_000 and power >= 2 else str(value)

    # --- words ----------------------------------------------------------------------------------------------------

    def _opening(self) -> tuple[str, str]:
        """Return the announcement's title and how its text begins."""
        random = self.random
        place = self.corpus._places[self.province][0] if self.province else self.corpus._nation
        number = random.randint(12, 9999)
        campaign = self.campaigns[0] if self.campaigns else None
        if self.english:
            name = campaign.english if campaign else "this year's special action"
            return f"{place.english} police solve {number:,} cases in {name}", f"{self._sentences(2, 14)}\n"
        name = (campaign.chinese if campaign else "") or "专项行动"
        return f"{place.chinese}公安机关{name}侦破案件{number}起", f"{self._sentences(2, 10)}\n"

    def _case_opening(self, crime: str, place: Place) -> tuple[str, str]:
        """Return the heading of a case and how its passage begins."""
        random = self.random
        label, label_zh = self.corpus._crime_labels[crime]
        if self.english:
            surname = random.choice(_SURNAMES_EN)
            given = "".join(random.choices(_GIVEN_EN, k=2)).capitalize()
            heading = f"{label}: {surname} {given} and others, {place.english}"
            return heading, f"Police in {place.english} took up the case of {surname} {given} in {self.year}. "
        name = f"{random.choice(words.SURNAMES_ZH)}某{random.choice(words.GIVEN_ZH)}"
        return f"{place.chinese}{name}等人{label_zh}案", f"{self.year}年，{place.chinese}公安机关侦办{name}等人案件。"

    def _sentences(self, count: int, length: int) -> str:
        """Return running text: English words, or Chinese clauses of about as many characters in twos."""
        random = self.random
        if not self.english:
            return "".join("，".join(self._clause() for _ in range(max(2, length // 4))) + "。" for _ in range(count))
        drawn = _words_en().some(random, count * length)
        small = random.choices(_FUNCTION_EN, k=count * length // 2)
        parts = []
        for n in range(count):
            of_sentence = drawn[n * length : (n + 1) * length]
            for place, word in enumerate(small[n * length // 2 : (n + 1) * length // 2]):
                of_sentence.insert(2 * place + 1, word)
            parts.append(" ".join(of_sentence).capitalize() + ". ")
        return "".join(parts)

    def _clause(self) -> str:
        before, slot, after = _clauses_zh().one(self.random)
        return f"{before}{_words_zh().one(self.random)}{after}" if slot else before

    def _marked(self) -> str:
        """Return the sentences whose words a search is measured with, as often as they are to be found."""
        random = self.random
        broad = words.BROAD_SENTENCES_EN if self.english else words.BROAD_SENTENCES_ZH
        selective = words.SELECTIVE_SENTENCE_EN if self.english else words.SELECTIVE_SENTENCE_ZH
        said = [random.choice(broad)] if at_random(random, words.BROAD) else []
        if at_random(random, words.SELECTIVE):
            said.append(selective)
        return " ".join(said) if self.english else "".join(said)


def _random(seed: str) -> Random:
    return Random(seed)  # noqa: S311


def at_random(random: Random, chance: float) -> bool:
    return random.random() < chance


def as_range(allowed: Interval) -> str:
    """Return an interval as PostgreSQL reads it."""
    low = "" if allowed.low is None else f"{allowed.low:f}"
    high = "" if allowed.high is None else f"{allowed.high:f}"
    return f"{'[' if allowed.low_closed else '('}{low},{high}{']' if allowed.high_closed else ')'}"


def _allowed(qualifier: str, value: int, step: int, high: int | None) -> Interval:
    return interval(Decimal(value), qualifier, Decimal(step), None if high is None else Decimal(high))


_YEARS = Weighted.of(dict(YEARS))
_CLAIMS = Weighted(CLAIMS)
_QUALIFIERS = Weighted.of(dict(QUALIFIERS))
_SURNAMES_EN, _GIVEN_EN, _FUNCTION_EN = (
    text.split() for text in (words.SURNAMES_EN, words.GIVEN_EN, words.FUNCTION_EN)
)


@cache
def _words_en() -> Weighted:
    """The English word forms: nouns, verbs and adjectives mixed, the other forms of a word some way behind it."""
    kinds = (words.NOUNS, _plural), (words.VERBS, _conjugated), (words.ADJECTIVES, _unchanged)
    places: dict[str, float] = {}
    for text, others in kinds:
        written = dict.fromkeys(text.split())
        for place, word in enumerate(written):
            for behind, form in enumerate((word, *others(word))):
                places.setdefault(form, place / len(written) + 0.13 * behind)
    return Weighted(sorted(places, key=lambda form: (places[form], form)))


def _unchanged(word: str) -> tuple[str, ...]:
    return ()


def _plural(word: str) -> tuple[str, ...]:
    return (f"{word[:-1]}ies" if word[-1] == "y" and word[-2] not in "aeiou" else f"{word}{_s(word)}",)


def _conjugated(word: str) -> tuple[str, ...]:
    stem = word[:-1] if word.endswith("e") else word
    past = f"{word[:-1]}ied" if word[-1] == "y" and word[-2] not in "aeiou" else f"{stem}ed"
    return past, f"{stem}ing", *_plural(word)


def _s(word: str) -> str:
    return "es" if word.endswith(("s", "x", "ch", "sh")) else "s"


@cache
def _clauses_zh() -> Weighted:
    return Weighted(clause.partition("{}") for clause in words.CLAUSES_ZH.split())


@cache
def _words_zh() -> Weighted:
    return Weighted(words.WORDS_ZH.split())
