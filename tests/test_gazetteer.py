"""The gazetteer file and its index: what a reader, an editor and an importer rely on."""

import json
import math
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from cases.gazetteer.index import (
    LEVELS,
    SHIPPED,
    Entry,
    Index,
    fold,
    read_gazetteer,
    shipped,
    suggest_slug,
)

COLLECTION = SHIPPED.parent / "collection"
SLUGS = """
    national anhui beijing chongqing fujian gansu guangdong guangxi guizhou hainan hebei heilongjiang henan hong-kong
    hubei hunan inner-mongolia jiangsu jiangxi jilin liaoning macao ningxia qinghai shaanxi shandong shanghai shanxi
    sichuan taiwan tianjin tibet xinjiang yunnan zhejiang
""".split()  # noqa: SIM905
HEADER = "code,level,parent,slug,name_zh,name_en,pinyin,lat,lon,other_names\n"


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return read_gazetteer(SHIPPED)


@pytest.fixture(scope="module")
def index() -> Index:
    return shipped()


def codes(found: list[Entry]) -> list[str]:
    return [entry.code for entry in found]


class TestFile:
    def test_is_plain_and_sorted(self) -> None:
        raw = SHIPPED.read_bytes()
        assert b"\r" not in raw
        assert not raw.startswith(b"\xef\xbb\xbf")
        assert raw.endswith(b"\n")
        lines = raw.decode("utf-8").splitlines()[1:]
        assert lines == sorted(lines, key=lambda line: line[:6])

    def test_holds_the_whole_country(self, entries: list[Entry]) -> None:
        levels = Counter(entry.level for entry in entries)
        assert levels["country"] == 1
        assert levels["province"] == 34
        assert levels["prefecture"] >= 333  # those in force: 293 cities, 30 autonomous prefectures, 7 areas, 3 leagues
        assert levels["county"] >= 2840

    def test_codes_are_unique(self, entries: list[Entry]) -> None:
        assert len({entry.code for entry in entries}) == len(entries)

    def test_has_every_place_of_the_collection(self, index: Index) -> None:
        used = {code for path in COLLECTION.glob("*.json") for code in places_in(json.loads(path.read_text("utf-8")))}
        assert len(used) > 100
        assert sorted(code for code in used if index.get(code) is None) == []

    def test_has_no_rows_that_are_no_places(self, entries: list[Entry]) -> None:
        artificial = re.compile("市辖区$|直辖县级|开发区$|^县$")
        assert [entry for entry in entries if artificial.search(entry.name_zh)] == []

    def test_every_parent_exists_and_is_higher(self, index: Index) -> None:
        for entry in index:
            if entry.level in ("country", "province"):
                assert entry.parent == ""
                continue
            parent = index.get(entry.parent)
            assert parent is not None, entry
            assert LEVELS.index(parent.level) < LEVELS.index(entry.level)
            assert parent.level != "country"
            assert parent.code < entry.code  # so that a loader meets parents before children
            assert parent.code[:2] == entry.code[:2]

    @pytest.mark.parametrize(
        ("code", "parent"),
        [
            ("110108", "110000"),
            ("500102", "500000"),
            ("429004", "420000"),
            ("469007", "460000"),
            ("659001", "650000"),
            ("371502", "371500"),
            ("371500", "370000"),
        ],
    )
    def test_parent_is_what_governs_it(self, index: Index, code: str, parent: str) -> None:
        entry = index.get(code)
        assert entry is not None
        assert entry.parent == parent

    def test_slugs_are_the_provinces_and_the_country(self, entries: list[Entry]) -> None:
        assert sorted(entry.slug for entry in entries if entry.slug) == sorted(SLUGS)
        assert all(bool(entry.slug) == (entry.level in ("country", "province")) for entry in entries)

    def test_no_name_twice_inside_one_parent(self, entries: list[Entry]) -> None:
        chinese = Counter((entry.parent, entry.name_zh) for entry in entries)
        english = Counter((entry.parent, entry.name_en) for entry in entries)
        assert [key for key, n in (chinese | english).items() if n > 1] == []

    def test_names_are_clean(self, entries: list[Entry]) -> None:
        for entry in entries:
            assert re.fullmatch(r"[一-鿿]+", entry.name_zh), entry
            assert entry.name_en[0].isupper(), entry
            assert "  " not in entry.name_en, entry
            assert re.fullmatch(r"[a-zü]+( [a-zü]+)*", entry.pinyin), entry
            assert len(entry.pinyin.split()) == len(entry.name_zh), entry
            assert len(set(entry.names)) == len(entry.names), entry
            assert all(name == name.strip() and len(name) > 1 for name in entry.names), entry

    def test_apostrophes_stand_where_a_syllable_would_be_misread(self, entries: list[Entry]) -> None:
        """Xi'an and Dong'e: where the English name is the pinyin, it has an apostrophe before a, e and o."""
        for entry in entries:
            for size in range(2, len(entry.name_zh) + 1):
                syllables = entry.pinyin.split()[:size]
                plain = "".join(syllables)
                word = entry.name_en.split(" ")[0]
                if word.replace("'", "").lower() == plain:
                    marked = "".join(("'" if i and s[0] in "aeo" else "") + s for i, s in enumerate(syllables))
                    assert word.lower() == marked, entry

    def test_points_are_in_china_and_near_their_province(self, index: Index) -> None:
        for entry in index:
            if entry.lat is None or entry.lon is None:
                assert entry.lat is entry.lon is None, entry
                continue
            assert 3 < entry.lat < 54, entry
            assert 73 < entry.lon < 136, entry
            way = index.ancestors(entry.code)
            province = centre([e for e in index if e.code[:2] == way[0].code[:2]])
            # Inner Mongolia, Xinjiang and the rest of the west are wider; Sansha is an island far south of Hainan.
            limit = 1300 if entry.code[:2] in ("15", "54", "62", "63", "65", "23") or entry.code == "460300" else 600
            assert distance((entry.lat, entry.lon), province) < limit, entry

    def test_counties_are_near_their_prefecture(self, index: Index) -> None:
        for entry in index:
            parent = index.get(entry.parent)
            if entry.lat and entry.lon and parent and parent.lat and parent.lon and parent.level == "prefecture":
                limit = 700 if entry.code[:2] in ("15", "54", "62", "63", "65", "23") else 220
                assert distance((entry.lat, entry.lon), (parent.lat, parent.lon)) <= limit, entry

    def test_provinces_and_most_prefectures_have_points(self, entries: list[Entry]) -> None:
        assert all(entry.lat for entry in entries if entry.level == "province")
        assert [entry.name_zh for entry in entries if entry.level == "prefecture" and not entry.lat] == []


class TestNames:
    @pytest.mark.parametrize(
        ("code", "name"),
        [
            ("610000", "Shaanxi"),
            ("140000", "Shanxi"),
            ("150000", "Inner Mongolia"),
            ("540000", "Tibet"),
            ("820000", "Macao"),
            ("341500", "Lu'an"),
            ("340300", "Bengbu"),
            ("341600", "Bozhou"),
            ("331000", "Taizhou"),
            ("321200", "Taizhou"),
            ("330382", "Yueqing"),
            ("350200", "Xiamen"),
            ("441900", "Dongguan"),
            ("140400", "Changzhi"),
            ("211300", "Chaoyang"),
            ("411221", "Mianchi County"),
            ("331100", "Lishui"),
            ("371522", "Shenxian County"),
            ("410182", "Xingyang"),
            ("410621", "Xunxian County"),
            ("371722", "Shanxian County"),
            ("652823", "Yuli County"),
            ("441422", "Dabu County"),
            ("440113", "Panyu District"),
            ("141024", "Hongtong County"),
            ("361124", "Yanshan County"),
            ("361130", "Wuyuan County"),
            ("371481", "Laoling"),
            ("131025", "Daicheng County"),
            ("310112", "Minhang District"),
            ("310115", "Pudong New Area"),
            ("371524", "Dong'e County"),
            ("370900", "Tai'an"),
            ("222400", "Yanbian"),
            ("150700", "Hulunbuir"),
            ("653200", "Hotan"),
            ("654000", "Ili"),
            ("652801", "Korla"),
            ("150622", "Jungar Banner"),
            ("420528", "Changyang Tujia Autonomous County"),
            ("530822", "Mojiang Hani Autonomous County"),
        ],
    )
    def test_english_name(self, index: Index, code: str, name: str) -> None:
        entry = index.get(code)
        assert entry is not None
        assert entry.name_en == name

    @pytest.mark.parametrize(
        "name",
        ["Tai'an", "Tai’an", "Tai 'an", "Tai ‘an", "Taian", "TAI-AN", "Tai  an", "Ｔａｉ＇ａｎ", "tai`an"],
    )
    def test_fold_makes_spellings_equal(self, name: str) -> None:
        assert fold(name) == fold("Tai'an")

    def test_fold_keeps_names_apart(self) -> None:
        assert fold("Ürümqi") == fold("Urumqi")
        assert fold("Hong Kong") == fold("hong-kong") == fold("HONGKONG")
        assert fold("Shanxi") != fold("Shaanxi")
        assert fold("广东") != fold("广西")
        assert fold(" '- ") == ""


class TestLookup:
    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("Tai'an", "370900"),
            ("Tai 'an", "370900"),
            ("TAI-AN", "370900"),
            ("Taian City", "370900"),
            ("泰安", "370900"),
            ("泰安市", "370900"),
            ("Hefei", "340100"),
            ("hefei city", "340100"),
            ("Hefei Prefecture", "340100"),
            ("Anhui Province", "340000"),
            ("Beijing Municipality", "110000"),
            ("Peking", "110000"),
            ("Canton", "440100"),
            ("Xizang", "540000"),
            ("内蒙", "150000"),
            ("广西", "450000"),
            ("广西壮族自治区", "450000"),
            ("廣東", "440000"),
            ("濟南", "370100"),
            ("臺灣", "710000"),
            ("Ürümqi", "650100"),
            ("Wulumuqi", "650100"),
            ("Huhehaote", "150100"),
            ("Haerbin", "230100"),
            ("Macau", "820000"),
            ("hong-kong", "810000"),
            ("Haidian", "110108"),
            ("Haidian county", "110108"),
            ("Gaotang", "371526"),
            ("Gaotang County", "371526"),
            ("高唐", "371526"),
            ("章丘市", "370114"),  # a city until 2016
            ("绍兴县", "330603"),  # the name before 2013
            ("长阳县", "420528"),
            ("甘孜州", "513300"),
            ("Ganzi", "513300"),
            ("Yanbian Korean Autonomous Prefecture", "222400"),
            ("Jin'an", "341502"),
            ("全国", "000000"),
            ("China", "000000"),
            ("公安县", "421022"),
        ],
    )
    def test_finds(self, index: Index, name: str, code: str) -> None:
        assert index.lookup(name)[0].code == code

    @pytest.mark.parametrize("name", ["", " ", "'", "市", "City", "Atlantis", "某市", "x" * 5000])
    def test_finds_nothing(self, index: Index, name: str) -> None:
        assert index.lookup(name) == []

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("Suzhou City", ["320500", "341300"]),
            ("Suzhou", ["320500", "341300", "620902"]),
            ("苏州", ["320500"]),
            ("宿州", ["341300"]),
            ("Fuzhou", ["350100", "361000"]),
            ("Yichun", ["230700", "360900"]),
            ("Taizhou", ["321200", "331000"]),
            ("Jilin", ["220000", "220200"]),
            ("Jilin City", ["220200"]),
            ("Jilin Province", ["220000"]),
            ("吉林", ["220000", "220200"]),
            ("吉林市", ["220200"]),
            ("Shanxi", ["140000"]),
            ("Shaanxi", ["610000"]),
            ("Jinan", ["370100"]),
            ("Jin'an", ["341502", "350111"]),
            ("Chaoyang City", ["211300"]),
            ("Chaoyang District", ["110105", "220104", "440513"]),
            ("河南", ["410000"]),
            ("Hainan Province", ["460000"]),
        ],
    )
    def test_keeps_homonyms_apart(self, index: Index, name: str, expected: list[str]) -> None:
        assert codes(index.lookup(name)) == expected

    def test_larger_places_come_first(self, index: Index) -> None:
        found = index.lookup("Chaoyang")
        assert found[0].code == "211300"
        assert "110105" in codes(found)
        ranks = [(LEVELS.index(entry.level), entry.code) for entry in found]
        assert ranks == sorted(ranks)

    def test_within_narrows(self, index: Index) -> None:
        assert codes(index.lookup("Suzhou", within="340000")) == ["341300"]
        assert codes(index.lookup("Chaoyang", within="110000")) == ["110105"]
        assert codes(index.lookup("鼓楼区", within="320100")) == ["320106"]
        assert codes(index.lookup("Jilin", within="220200")) == ["220200"]
        assert index.lookup("Suzhou", within="440000") == []
        assert index.lookup("Suzhou", within="999999") == []

    def test_every_name_finds_its_place(self, index: Index) -> None:
        for entry in index:
            for name in entry.names:
                assert entry in index.lookup(name), (name, entry.code)


class TestTree:
    def test_ancestors_lead_down_to_the_place(self, index: Index) -> None:
        assert codes(index.ancestors("371524")) == ["370000", "371500", "371524"]
        assert codes(index.ancestors("110108")) == ["110000", "110108"]
        assert codes(index.ancestors("340000")) == ["340000"]
        assert codes(index.ancestors("000000")) == ["000000"]
        assert index.ancestors("999999") == []

    def test_children_are_direct_and_sorted(self, index: Index) -> None:
        assert codes(index.children("340000"))[:2] == ["340100", "340200"]
        assert "371524" in codes(index.children("371500"))
        assert index.children("371524") == []
        assert index.children("000000") == []

    def test_province_of(self, index: Index) -> None:
        for code, slug in [
            ("371524", "shandong"),
            ("500102", "chongqing"),
            ("659001", "xinjiang"),
            ("000000", "national"),
        ]:
            province = index.province_of(code)
            assert province is not None
            assert province.slug == slug
        assert index.province_of("999999") is None

    def test_by_slug_is_exact(self, index: Index) -> None:
        entry = index.by_slug("inner-mongolia")
        assert entry is not None
        assert entry.code == "150000"
        assert index.by_slug("Anhui") is None
        assert index.by_slug("") is None


class TestSuggestion:
    @pytest.mark.parametrize(
        ("wrong", "slug"),
        [
            ("canton", "guangdong"),
            ("广东省", "guangdong"),
            ("廣東", "guangdong"),
            ("Kwangtung", "guangdong"),
            ("guangdnog", "guangdong"),
            ("shangdong", "shandong"),
            ("Shaanxi Province", "shaanxi"),
            ("peking", "beijing"),
            ("Hangzhou", "zhejiang"),
            ("xizang", "tibet"),
            ("neimenggu", "inner-mongolia"),
            ("Inner Mongolia", "inner-mongolia"),
            ("macau", "macao"),
            ("hongkong", "hong-kong"),
            ("China", "national"),
            ("全国", "national"),
            ("ANHUI", "anhui"),
        ],
    )
    def test_names_what_was_meant(self, wrong: str, slug: str) -> None:
        assert suggest_slug(wrong) == slug

    @pytest.mark.parametrize("wrong", ["", "suzhou", "france", "zzz", "1", "a" * 10_000])
    def test_does_not_guess(self, wrong: str) -> None:
        assert suggest_slug(wrong) is None


class TestRunningText:
    def test_everyday_words_are_not_spellings(self, index: Index) -> None:
        spellings = {name for name, _ in index.spellings()}
        assert spellings.isdisjoint({"公安", "合作", "平安", "新华", "和平", "会同", "中国", "China", "城区", "Mile"})
        assert spellings >= {"公安县", "合作市", "泰安", "Tai'an", "东阿县", "濟南", "全国"}

    def test_no_spelling_is_a_single_character(self, index: Index) -> None:
        assert [name for name, _ in index.spellings() if len(name) < 2] == []


class TestReading:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", "first line"),
            ("code,name\n", "first line"),
            (HEADER + "110000,province\n", "line 2: 2 columns"),
            (HEADER + "1100,province,,beijing,北京市,Beijing,bei jing shi,,,\n", "line 2: '1100'"),
            (HEADER + "110000,state,,beijing,北京市,Beijing,bei jing shi,,,\n", "'state'"),
            (HEADER + "110000,province,,beijing,北京市,Beijing,bei jing shi,39.9,east,\n", "'east'"),
            (HEADER + "110000,province,,beijing,北京市,Beijing,bei jing shi,39.9,,\n", "not a point"),
        ],
    )
    def test_says_what_is_wrong(self, tmp_path: Path, text: str, message: str) -> None:
        path = tmp_path / "gazetteer.csv"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match=message):
            read_gazetteer(path)

    def test_takes_a_circle_of_parents(self) -> None:
        one = Entry("110001", "county", "110002", "", "甲县", "Jiaxian", "jia xian", None, None)
        two = Entry("110002", "county", "110001", "", "乙县", "Yixian", "yi xian", None, None)
        assert codes(Index([one, two]).ancestors("110001")) == ["110002", "110001"]

    def test_is_built_quickly(self, entries: list[Entry]) -> None:
        best = min(timed(lambda: Index(entries)) for _ in range(3))
        assert best < 0.5  # about 0.06 s on a quiet machine


def places_in(value: object, under: str = "") -> set[str]:
    """Return every place code of a record: its own, its cases' and its figures'."""
    if isinstance(value, dict):
        found = {value["code"]} if under == "places" and "code" in value else set()
        return found.union(*(places_in(v, k) for k, v in value.items()))
    if isinstance(value, list):
        return set().union(*(places_in(v, under) for v in value)) if value else set()
    return {value} if under in ("place", "places") and isinstance(value, str) else set()


def centre(entries: list[Entry]) -> tuple[float, float]:
    points = [(entry.lat, entry.lon) for entry in entries if entry.lat is not None and entry.lon is not None]
    return sum(lat for lat, _ in points) / len(points), sum(lon for _, lon in points) / len(points)


def distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return kilometres between two points."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 12742 * math.asin(math.sqrt(h))


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start
