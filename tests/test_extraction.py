"""What is proposed for a text: numbers in every wording, what is none, and how well it does on the annotated texts."""

import gc
import json
from io import StringIO
from time import process_time

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from cases.extraction import rules
from cases.extraction.suggest import suggest
from cases.extraction.vocabulary import shipped_vocabulary
from tools.bench.extraction import SETS, annotated, evaluate

GOALS = {"figures": 0.9, "places": 0.9, "cases": 0.95, "crime_types": 0.75, "campaigns": 0.6, "dates": 0.9}


def read(text, published="2023-09-10"):
    return suggest(text, shipped_vocabulary(), published)


def claims(text):
    """Return what the figures of a text say: value (and the upper end), qualifier, unit."""
    return [
        (float(f.value), *(() if f.high is None else (float(f.high),)), f.qualifier, f.unit) for f in read(text).figures
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("抓获犯罪嫌疑人2.2万余名", (22000, "more_than", "persons")),
        ("抓获嫌疑人近9000人", (9000, "nearly", "persons")),
        ("抓获嫌疑人十余名", (10, "more_than", "persons")),
        ("捣毁窝点数十处", (10, "several", "dens")),
        ("查获上百部手机", (100, "several", "devices")),
        ("成百上千人受骗", (100, "several", "persons")),
        ("抓获嫌疑人三四十名", (30, 40, "range", "persons")),
        ("缴获电脑两三台", (2, 3, "range", "devices")),
        ("打掉3-5个团伙", (3, 5, "range", "gangs")),
        ("抓获５６名嫌疑人", (56, "exact", "persons")),
        ("破案一百二十三起", (123, "exact", "cases")),
        ("冻结资金1亿3000万元", (130000000, "exact", "CNY")),
        ("涉案金额约220万美元", (2200000, "about", "USD")),
        ("涉案资金逾80亿", (8000000000, "more_than", "CNY")),
        ("参赌人员50人以上", (50, "at_least", "persons")),
        ("抓获嫌疑人：233人", (233, "exact", "persons")),
        ("解散聊天群组390余万个", (3900000, "more_than", "groups")),
        ("违法APP5400余款", (5400, "more_than", "apps")),
        ("涉及全国11个省市", (11, "exact", "provinces")),
        ("同比下降42%", (-42, "exact", "percent")),
        ("搗毀犯罪集團二百三十多個", (230, "more_than", "gangs")),
        ("more than 1.56 million pieces of illegal information were deleted", (1560000, "more_than", "items")),
        ("a dozen suspects were arrested", (12, "exact", "persons")),
        ("dozens of suspects were arrested", (10, "several", "persons")),
        ("some 300 websites were closed", (300, "about", "websites")),
        ("up to 40 phones were seized", (40, "up_to", "devices")),
        ("5 % to 10 % of the sum", (5, 10, "range", "percent")),
        ("未成年人占一成", (10, "exact", "percent")),
        ("eight counts of wire fraud", (8, "exact", "items")),
        ("at least EUR 69 million was frozen", (69000000, "at_least", "EUR")),
        ("nearly half a million customers were cheated", (500000, "nearly", "persons")),
        ("between $280 and $420 was taken from each", (280, 420, "range", "USD")),
        ("detained 28,000-plus suspects", (28000, "more_than", "persons")),
        ("over 2 000 domains were closed", (2000, "more_than", "websites")),
        ("lost £1.3m", (1300000, "exact", "GBP")),
        ("nearly $2.5 bn was stolen", (2500000000, "nearly", "USD")),
        ("seized 3-5 servers", (3, 5, "range", "devices")),
        ("Mobile phones seized: 120", (120, "exact", "devices")),
        ("The number of victims reached 2,300.", (2300, "exact", "persons")),
        ("48 of the world's most popular booter websites were closed", (48, "exact", "websites")),
        ("Police arrest 15,000 for Internet crimes", (15000, "exact", "persons")),
        ("2,614 network-related cases were solved", (2614, "exact", "cases")),
        ("a rise of 52 per cent", (52, "exact", "percent")),
    ],
)
def test_a_number_is_read_with_its_qualifier_and_what_it_counts(text, expected):
    assert claims(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2018年9月7日",
            "历时三个多月",
            "王某（男，26岁）",
            "“5·22”专案",
            "案例3：",
            "《刑法》第二百八十五条",
            "判处三年有期徒刑",
        ),
        *("可拨打110或12377举报", "举报电话010-66266833", "（一）", "“净网2018”专项行动", "现年40周岁", "第20次会议"),
        *(
            "on June 14, 2018",
            "a six-month operation",
            "a 42-year-old man",
            "Daniel Roe, 38, of Henderson",
            "Case 5: the ring",
        ),
        *(
            "Article 285",
            "pages 12 and 13",
            "call 1-800-555-0199",
            "under 18 U.S.C. § 1343",
            "the first quarter",
            "24/7",
        ),
        *(
            "at 10:30 a.m.",
            "the 2019 edition",
            "No. 4:21-cr-00482",
            "360 Search",
            "the 31-count indictment",
            "over two nights",
        ),
    ],
)
def test_a_number_that_counts_nothing_is_no_figure(text):
    assert claims(text) == []


def test_a_table_of_bare_numbers_is_passed_over_and_what_stands_about_it_is_read():
    table = "1 23,4 567\n" * 60
    assert claims(f"Suspects arrested: 40\n{table}\n12 suspects were arrested") == [
        (40, "exact", "persons"),
        (12, "exact", "persons"),
    ]


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("警方冻结涉案资金300万元", "money_frozen"),
        ("为受害群众挽回损失300万元", "money_recovered"),
        ("受害人损失300万元", "victim_loss"),
        ("非法获利300万元", "illegal_profit"),
        ("罚款5万元", None),
        ("该团伙租用服务器20台", None),
        ("扣押服务器20台", "devices_seized"),
        ("The gang opened 260 bank accounts", None),
        ("Police froze 260 bank accounts", "accounts_closed"),
        ("43 websites that spread rumours, among them news sites, were closed", "websites_closed"),
        ("Losses of 86 million yuan were recovered", "money_recovered"),
        ("31,000 suspects were handed over to China", "suspects_returned"),
        ("Two of the defendants were extradited", "suspects_returned"),
        ("Police gave administrative penalties to eight users", "persons_admin_penalty"),
        ("He threatened 17 women with the publication of photographs", "victims_number"),
        ("The office obtained 17 convictions", "persons_convicted"),
        ("Officers recovered £7,400 in cash", "money_frozen"),
        ("Authorities froze accounts that had moved 2 million yuan", "money_involved"),
        ("Losses from fraud reached 2.9 billion dollars", "victim_loss"),
        ("The video was viewed 3.6 million times", "post_engagements"),
        ("Officers seized:\n• cryptocurrency worth EUR 1.3 million", "money_frozen"),
        ("法院责令追缴违法所得340万元", "money_recovered"),
        ("案件数同比下降三成", "change_percent"),
        ("为30余家网店刷单", None),
        ("出售手机卡5000张", None),
        ("查获贩卖的手机卡300张", "cards_seized"),
        ("Officers confiscated 30 phones used to send spam", "devices_seized"),
        ("The scam cost victims 2 million pounds", "victim_loss"),
        ("Nine lecturers were detained in July", "suspects_arrested"),
        ("Officers found 62,000 pirated novels in a warehouse", "goods_seized"),
        ("The organiser had taken 80 million yuan in bets", "money_involved"),
        ("The site had 22 million subscribers", "members_registered"),
        ("Prosecutors said that 21 adults went to trial", "persons_prosecuted"),
        ("33,000 people were talked out of a transfer", "persons_saved"),
        ("扣押盗版图书4.3万册", "goods_seized"),
        ("8.8万名客户的资料被转卖", "personal_info_items_seized"),
        ("巡查营运者逾120间次", "inspections"),
        ("平台共有会员账号11.2万个", "members_registered"),
    ],
)
def test_what_was_done_decides_the_measure(text, measure):
    assert [figure.measure for figure in read(text).figures] == [measure]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Police in Hefei, Anhui Province arrested two men", ["340100"]),
        ("台州路桥公安破获一案", ["331004"]),
        ("北京市公安局通报：朝阳分局抓获5人", ["110000", "110105"]),
        ("湖北公安机关", ["420000"]),
        ("Officers across the country were deployed by the Australian Federal Police", []),
        ("Chinese police across the country", ["000000"]),
    ],
)
def test_places_are_settled_by_what_stands_near(text, codes):
    assert [place.code for place in read(text).places] == codes


def test_places_of_one_name_are_a_choice():
    (place,) = read("Police in Suzhou arrested two men").places
    assert {"320500", "341300"} <= set(place.candidates)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("In June this year police", "2023-06"),
        ("5月以来", "2023-05/.."),
        ("1至8月，全区", "2023-01/2023-08"),
        ("9月3日至8日", "2023-09-03/2023-09-08"),
        ("今年上半年", "2023-01/2023-06"),
        ("in the first nine months of this year", "2023-01/2023-09"),
        ("since the campaign was launched in July", "2023-07/.."),
        ("From February to May, police", "2023-02/2023-05"),
        ("between 6 and 8 June 2023", "2023-06-06/2023-06-08"),
        ("八月十九日至三十日", "2023-08-19/2023-08-30"),
        ("今年首七个月", "2023-01/2023-07"),
        ("From December 2022, they sold cards", "2022-12/.."),
        ("今年以来", "2023/.."),
    ],
)
def test_dates_are_understood_from_the_day_of_publication(text, value):
    assert [date.value for date in read(text).dates] == [value]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("自2022年11月起，吴某招揽考生。6月7日，警方收网。", ["2022-11/..", "2023-06-07"]),
        ("自2021年11月起，吴某招揽考生。\n8月，警方收网。", ["2021-11/..", "2023-08"]),
        ("较去年同期上升9%。8月2日，警方收网。", ["2023-08-02"]),
    ],
)
def test_a_month_without_a_year_goes_on_in_its_paragraph(text, values):
    assert [date.value for date in read(text).dates] == values


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (
            "1. 嘉兴警方侦破行业内鬼泄露案，查获公民个人信息2万条。\n2. 合肥警方侦破诈骗案",
            {"personal_info.insider", "fraud"},
        ),
        ("The Cyber Fraud Unit arrested a man.", set()),
        ("警方提醒：出售银行卡可能构成帮信罪。", set()),
        ("网上骗案", {"fraud.telecom"}),
        ("Courier fraud", {"fraud"}),
        ("A night nurse had been selling the register of births.", {"personal_info.insider"}),
        ("The seller offered student records on the dark web.", {"personal_info.darkweb"}),
        ("They broke into a hotel's servers and copied its data.", {"hacking.data_theft"}),
        ("A studio built and maintained gambling websites to order.", {"tech_support", "gambling"}),
        ("Students lent their bank cards for a fee.", {"black_cards"}),
        ("Bank cards were seized. He sold fruit.", set()),
        ("物业客服卢某倒卖业主资料。", {"personal_info.insider"}),
        ("会员缴费后拉人可拿提成，发展到七个层级。", {"pyramid_schemes"}),
        ("参赌人员的代理缴纳费用，发展下线。", {"gambling"}),
        ("丁某把对方的住址和照片发帖曝光。", {"cyber_violence.doxing"}),
    ],
)
def test_a_crime_type_is_told_of_and_is_the_narrowest_of_its_case(text, codes):
    assert {crime.code for crime in read(text).crime_types} == codes


def test_a_combination_is_of_groups_that_have_words_in_both_languages():
    rows = rules.read_table(rules.TABLES / "crime_words.csv")
    groups = {(row["group"], row["language"]) for row in rows if row["words"]}
    codes = {crime.code for crime in shipped_vocabulary().crime_types}
    for one in rules.crime_combinations():
        assert one.code in codes
        for group in one.groups | ({one.without} - {""}):
            assert {(group, "en"), (group, "zh")} <= groups, group


# Where a set falls short of a goal, by how little: what it is to have at least.
SHORT = {
    ("eighth", "en"): {"cases": 0.94},
    ("ninth", "en"): {"cases": 0.91, "dates": 0.8},
    ("ninth", "zh"): {"cases": 0.93},
    ("tenth", "en"): {"cases": 0.85, "dates": 0.89, "measure": 0.74},
    ("tenth", "zh"): {"cases": 0.81},
}


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_goals_hold_on_the_annotated_texts(name, language):
    scores = evaluate(annotated(name), language)
    reached = {kind: score.f1 for kind, score in scores.kinds.items()} | {"measure": scores.measures}
    goals = GOALS | {"measure": 0.8} | SHORT.get((name, language), {})
    assert not {kind: reached[kind] for kind, goal in goals.items() if reached[kind] < goal}, "\n".join(scores.faults)


def test_the_annotations_stand_where_they_say():
    for item in annotated():
        for figure in item.expected["figures"]:
            assert item.text.startswith(figure["phrase"], figure["start"]), (item.name, figure)


FRAGMENTS = (
    "抓获",
    "嫌疑人",
    "12",
    "3.5",
    "万",
    "余",
    "名",
    "元",
    "，",
    "。",
    "\r\n",
    "Hefei",
    " police ",
    "arrested ",
    "“",
    "5·22",
)
MORE = (
    "”",
    "二十",
    "三四",
    "half a ",
    "million ",
    "between ",
    " and ",
    "$",
    "%",
    "案例一：",
    "1. ",
    "2018年",
    "5月",
    "日",
    "以来",
    "😀",
)


@given(st.lists(st.sampled_from(FRAGMENTS + MORE), max_size=24).map("".join))
def test_every_proposal_stands_where_it_says(text):
    found = read(text)
    for mention in (*found.figures, *found.places, *found.crime_types, *found.dates, *found.campaigns):
        assert 0 <= mention.start < mention.end <= len(text)
        assert mention.phrase == text[mention.start : mention.end]
    json.dumps(found.to_json())


def printed(path, **options):
    out = StringIO()
    call_command("suggest", path, stdout=out, **options)
    return json.loads(out.getvalue())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_command_counts_code_points_and_keeps_line_ends(tmp_path, encoding):
    text = "😀案例一：\r\n合肥警方抓获12人\r\n"
    path = tmp_path / "text.txt"
    path.write_bytes(text.encode(encoding))
    (figure,) = printed(path)["figures"]
    assert figure["value"] == 12
    assert type(figure["value"]) is int
    assert figure["phrase"] == text[figure["start"] : figure["end"]] == "抓获12人"
    assert set(figure) >= {"qualifier", "unit", "measure", "case", "period", "crime_types", "places"}


def test_the_command_takes_an_empty_file_and_names_what_it_cannot_read(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(b"")
    assert printed(path)["figures"] == []
    with pytest.raises(CommandError, match=r"gone\.txt: No such file"):
        printed(tmp_path / "gone.txt")
    with pytest.raises(CommandError, match="--published: "):
        printed(path, published="yesterday")
    path.write_bytes(b"\xff\xff\xff")
    with pytest.raises(CommandError, match="neither UTF-8 nor GB18030"):
        printed(path)


HOSTILE = (
    *("1234567890", "([{【“", " ", "and , ", "\n", "1,", "1 ", "a ", "万", "5人", "100 suspects ", "Case 1: x\n"),
    *(
        "1. x\n",
        "北京",
        "of ",
        "between 1 and ",
        "since a ",
        "number of x ",
        "1-",
        "million ",
        "2018年",
        "1月至",
        "a@",
        ".",
        "1.1.1.",
        "12\n",
        "1%北京",
        "徐州警方侦破一起",
        "In one case, a gang ",
        "一",
    ),
    *("一男一女", "A A ", "【a】徐州警方抓获一人\n", "提醒\n", "Police A raided a den in B.\n"),
    *("“5·22”", "May 5 ", "x: ", "$1 ", "每", "案例一：\n", "公民个人信息"),
)


@pytest.fixture
def no_collector():
    """Without the collector of garbage, whose pauses are as large as what is measured."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.trust
@pytest.mark.parametrize("unit", HOSTILE)
def test_twice_the_text_takes_twice_the_time(unit, no_collector):
    def seconds(characters):
        text = (unit * (characters // len(unit) + 1))[:characters]
        begun = process_time()
        read(text)
        return process_time() - begun

    read(unit)
    assert min(seconds(80_000) for _ in range(3)) <= 2.2 * min(seconds(40_000) for _ in range(3)) + 0.02
