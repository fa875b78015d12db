"""Typical cases told in running prose: where one begins and ends, and what only counts, warns or is about one case."""

import pytest

from cases.extraction.suggest import suggest
from cases.extraction.vocabulary import shipped_vocabulary

TITLE_EN, TITLE_ZH = "Police report on the campaign\n\n", "全省公安机关专项行动取得成效\n\n"


def told(text, published="2023-09-10"):
    """Return the words of each case that is proposed."""
    return [text[case.start : case.end] for case in suggest(text, shipped_vocabulary(), published).cases]


@pytest.mark.parametrize(
    "case",
    [
        "In one case, police in Xuzhou, Jiangsu, caught two hackers who had broken into a server.",
        "In May, Jiangsu police busted a ring that sold bank cards. Officers seized 400 cards.",
        "A gang in Chengdu ran hundreds of accounts that published false stories.",
        "A livestreamer in Yueyang was harassed for weeks. Officers took the person behind the posts into custody.",
        "In March, Wuzhong police received a clue from the public. They arrested 16 suspects.",
        "Two hackers, surnamed Zheng and Zhang, were arrested in Jiangsu Province in April for stealing accounts.",
        'Beijing cracked the country\'s first case of "network public relations".',
        "Spanish police detained a group of 14 who had cheated pensioners.",
        "District of New Jersey: A Toms River man was sentenced in October for running a support scam.",
        "Last month, Minhang police raided a beauty salon that moved money for gamblers.",
        "Qiqihar resident Sui sold masks that he did not have. He was arrested in March.",
        "Two employees of a power supplier in Lishui were found to have sold addresses.",
        "The second involved a hacker in Xiaogan who changed the prices of a restaurant.",
        "The Zhongshan municipal public security bureau took down a call center.",
    ],
)
def test_a_case_in_english_is_found_between_totals(case):
    text = f"{TITLE_EN}Police have solved 4,120 cases since January.\n\n{case}\n\nIn all, 62,000 cards were seized.\n"
    assert told(text) == [case]


@pytest.mark.parametrize(
    "case",
    [
        "2018年3月，江苏徐州警方破获一起侵犯公民个人信息案，抓获犯罪嫌疑人12名。",
        "厦门警方3月18日捣毁一个“跑分”团伙，查扣手机200多部。经查，该团伙转移资金900万元。",
        "其中，公安部挂牌督办的“9·26”网络贩枪案，涉及28个省区市。",
        "泰兴市公安局联合多警种，端掉藏身写字楼内的“引流”公司，扣押电脑51台。",
        "5月8日，网民马某某编造虚假信息。平凉市公安局崆峒分局对马某某采取刑事强制措施。",
        "福建福州侦破“黑客联盟”网络诈骗案，抓获一批犯罪嫌疑人。",
        "今年3月，江苏徐州公安机关在8个省份开展集中收网，抓获犯罪嫌疑人126名。",
        "2月，贵阳一家医院的预约系统瘫痪，民警循线追踪。7月，警方在广东将犯罪嫌疑人罗某抓获。",
        "阜阳女孩小雨（化名）被人造谣。太和县公安局仅用72小时就将造谣者马某抓获。",
        "在一起“薅羊毛”案件中，钱某套取平台优惠券，被法院判处有期徒刑四年。",
        "保定警方根据群众举报，一举端掉“刷单”公司3家，涉案人员48名悉数落网。",
        "臺中市第六分局接獲民眾報案，於4月12日查獲陳姓男子等11人。",
    ],
)
def test_a_case_in_chinese_is_found_between_totals(case):
    text = f"{TITLE_ZH}今年以来，全省共侦破案件4752起。{case}\n全省清理有害信息87万条。\n"
    assert told(text) == [case]


def test_cases_of_one_paragraph_are_parted_and_hold_their_figures():
    first = "无锡警方捣毁一个网络水军团伙，抓获犯罪嫌疑人9名。"
    second = "常州侦破一起敲诈勒索案，抓获犯罪嫌疑人16名。"
    text = f"{TITLE_ZH}全省累计侦破案件29起。{first}{second}全省抓获犯罪嫌疑人1939名。\n"
    assert told(text) == [first, second]
    found = suggest(text, shipped_vocabulary(), "2023-09-10")
    assert [(int(figure.value), figure.case) for figure in found.figures] == [(29, None), (9, 0), (16, 1), (1939, None)]
    assert [case.places for case in found.cases] == [("320200",), ("320400",)]
    assert [(case.number, case.numbered) for case in found.cases] == [(1, False), (2, False)]


def test_a_case_begins_in_the_middle_of_a_sentence_that_counts():
    text = f"{TITLE_ZH}全省共侦破案件320起，其中徐州警方打掉一个诈骗团伙，抓获23人。\n"
    assert told(text) == ["其中徐州警方打掉一个诈骗团伙，抓获23人。"]


def test_cases_that_are_only_named_are_parted_from_the_total():
    text = f"{TITLE_ZH}网安部门侦破泸州杨某等人非法侵入、串通招投标案、“5·22”网络赌博案等案件196件，抓获620人。\n"
    assert told(text) == ["泸州杨某等人非法侵入、串通招投标案", "“5·22”网络赌博案"]
    assert [figure.case for figure in suggest(text, shipped_vocabulary()).figures] == [None, None]


@pytest.mark.parametrize(
    "text",
    [
        "In Hangzhou, police solved 4,120 cases and arrested 5,300 people. In Wenzhou, 138 gangs were smashed.",
        "In May, officers across the country launched a sweep against a fraud network; 640 suspects were arrested.",
        "A case takes months to solve. Anyone who knows of a gang in Hefei should call the police.",
        "Police in Shanghai warned that a company may be punished if it leaks data.",
        "据介绍，江苏公安机关打掉的黑恶势力团伙中，有80%是便衣队员排查出来的。",
        "8月，济南公安机关破案210起，刑事拘留580人。青岛公安机关捣毁窝点43个。",
        "民警办理一起网络案件，往往要辗转多地取证。济南公安机关发现一起，查处一起。",
        "一是严打网络水军团伙，二是整治平台乱象，合肥公安机关查处网站712家。",
        "下一步，合肥警方将严厉打击每一个诈骗团伙。",
        "合肥警方对1200款APP开展检测，发现问题318款，对27家单位予以罚款。",
        "A Xuzhou police spokesman said on May 4 that a hotline had been opened.",
    ],
)
def test_totals_warnings_and_habits_are_no_cases(text):
    chinese = not text[0].isascii()
    assert told(f"{TITLE_ZH if chinese else TITLE_EN}{text}\n") == []


ABOUT_ONE = (
    "{police}打掉一“跑分”洗钱团伙\n\n近日，{police}成功打掉一个洗钱的犯罪团伙，抓获犯罪嫌疑人15人。\n\n"
    "5月18日，专案组展开抓捕，扣押现金21万元。\n\n警方提醒：切勿出售银行卡。\n"
)


@pytest.mark.parametrize("dateline", ["", "新华社合肥5月20日电（记者 周某）"])
def test_a_text_about_one_case_is_that_case_from_its_first_words_without_its_warning(dateline):
    text = ABOUT_ONE.format(police="合肥警方").replace("近日", f"{dateline}近日")
    assert told(text) == [text[text.index("近日") :].partition("\n\n警方提醒")[0]]


def test_a_release_from_abroad_whose_first_words_are_the_defendant_is_that_case():
    first = "A former bank employee from Trenton today admitted selling account details of customers."
    assert told(f"Former Teller Pleads Guilty\n\nNEWARK, N.J. – {first}\n") == [first]


ITEMS_EN = (
    "The Humberside Crime Team arrested a man of 44 in Hull who sold fake tickets. He has been released on bail.",
    "Officers from the Thames Valley Unit raided a flat in Slough and recovered 30 phones.",
    "In the East Midlands, detectives charged a woman with running a romance scam.",
    "Police Scotland, together with Trading Standards, searched two shops in Leith and seized 900 chargers.",
)
ITEMS_ZH = (
    "東九龍總區重案組探員4月2日喬裝買家，拘捕一名22歲男子，檢獲15張偽造證件。",
    "新界北總區科技罪案組根據線索，突擊搜查一間村屋，瓦解一個詐騙集團，拘捕五男兩女。",
    "水警4月9日在西貢截獲一艘快艇，檢獲走私手機2,000部。",
)


@pytest.mark.parametrize("items", [ITEMS_EN, ITEMS_ZH])
def test_paragraphs_of_one_force_after_the_other_are_cases(items):
    before = (
        "Across the country 512 people were arrested." if items is ITEMS_EN else "警務處公布，上月接獲騙案3,210宗。"
    )
    title = TITLE_EN if items is ITEMS_EN else TITLE_ZH
    assert told(f"{title}{before}\n\n" + "\n\n".join(items) + "\n") == list(items)


def test_defendants_one_after_the_other_are_cases():
    items = (
        "Jane Roe, 41, of Leeds, was jailed for two years after selling the details of patients.",
        "At the same court, Peter Low, 32, admitted possessing articles for use in fraud.",
        "Student Oliver March, 21, who copied the websites of banks, is awaiting sentence at Hull.",
    )
    before = "Forty-three people have been arrested across Yorkshire."
    assert told(f"{TITLE_EN}{before}\n\n" + "\n\n".join(items) + "\n") == list(items)


HEADED_EN = (
    "Live dealers, distant tables\n\nPolice in Chifeng arrested a man who had opened accounts for gamblers.",
    "A workshop for sites\n\nA software firm in Hohhot built 83 gambling websites. Its manager was arrested.",
)
HEADED_ZH = (
    "软件里的“房卡”生意\n4月9日，雁塔分局接到线索，打掉一个赌博团伙，抓获19人。",
    "“业主名册”\n8月，警方查明侯某通过QQ群购买小区业主资料并转卖。侯某及一名下线落网。",
)


@pytest.mark.parametrize(("title", "items"), [(TITLE_EN, HEADED_EN), (TITLE_ZH, HEADED_ZH)])
def test_headings_that_each_stand_before_one_case_are_a_list(title, items):
    advice = "What to do\n\nDo not lend your cards." if title is TITLE_EN else "如何防范\n不要出借银行卡。"
    text = "\n\n".join([title.strip(), *items, advice]) + "\n"
    assert told(text) == list(items)
    assert told("\n\n".join([title.strip(), advice, advice]) + "\n") == []


def test_a_case_begins_with_the_sentence_that_leads_it_in():
    case = "下午宣判的是“蜀币商城”传销案。法院审理查明，2019年4月，一名男子窦某在西昌成立公司，被判处有期徒刑十年。"
    assert told(f"成都法院公布宣判情况\n\n去年共审结案件310件。\n\n{case}\n") == [case]


def test_paragraphs_of_totals_are_no_list():
    text = "北京警方劝阻群众3.2万人次。\n\n广东警方捣毁窝点1200个。\n\n浙江警方追回资金3.1亿元。\n"
    assert told(TITLE_ZH + text) == []


def test_a_digest_has_its_cases_behind_the_brackets():
    text = (
        "一周警情\n\n本周破获案件17起。\n\n【城东所】5月6日，民警将盗刷他人账户的吴某抓获。\n\n"
        "【网安】5月7日，一家“刷单”工作室被查处，3人被行政拘留。\n"
    )
    assert [case.heading for case in suggest(text, shipped_vocabulary(), "2024-05-11").cases] == ["城东所", "网安"]


def test_a_release_of_police_abroad_about_one_case_has_none_but_its_examples():
    text = ABOUT_ONE.format(police="西班牙警方")
    assert told(text) == []
    example = "例如，马德里一名男子被骗，警方抓获2名嫌疑人。"
    assert told(text.replace("\n\n警方提醒", f"\n\n{example}\n\n警方提醒")) == [example]


def test_a_list_of_cases_is_all_there_is():
    text = "典型案例\n\n案例一：合肥警方抓获12人\n\n案例二：徐州警方打掉一个团伙\n\n芜湖警方打掉一个诈骗团伙。\n"
    assert [case.numbered for case in suggest(text, shipped_vocabulary()).cases] == [True, True]


@pytest.mark.parametrize(
    "items",
    [
        ("I. Zhu et al., fraud case", "II. Ma, money laundering case"),
        ("1) Case of Luo", "2) Case of Tang and Bai"),
        ("Case I  Slander of a teacher", "Case II  Doxing of a minor"),
        ("United States v. Marlow.", "United States v. Petrenko."),
        ("• Hefei police arrested a hacker.", "• Wuhu police broke up a gang."),
        ("Hefei police bust data ring", "Wuhu police catch hacker"),
    ],
)
def test_a_list_is_one_of_cases_by_its_items_however_it_is_marked(items):
    behind = "The defendant, who lives in another city, had sold the data of 2,000 people for more than a year."
    text = TITLE_EN + "\n".join(f"{item}\n{behind}" for item in items) + "\n"
    cases = suggest(text, shipped_vocabulary(), "2023-09-10").cases
    assert len(cases) == 2
    assert all(case.heading in item for item, case in zip(items, cases, strict=True))


@pytest.mark.parametrize("mark", ["● ", "◆", "——", "① ② ", "（一）（二）"])
def test_items_in_chinese_are_cases_without_their_marks(mark):
    first, second = (mark[0], mark[2]) if mark[0] == "①" else (mark[:3], mark[3:]) if mark[0] == "（" else (mark, mark)
    text = f"{TITLE_ZH}{first}成都查处编造谣言案\n网民林某被拘留。\n{second}泸州查处散布谣言案\n网民罗某被训诫。\n"
    cases = suggest(text, shipped_vocabulary(), "2023-09-10").cases
    assert [case.heading for case in cases] == ["成都查处编造谣言案", "泸州查处散布谣言案"]


def test_results_and_advice_in_a_list_are_no_cases():
    results = "Results of the action days:\n- 9 suspects arrested in Serbia\n- 4 call centres closed\n"
    advice = "警方提示：\n1. 不要出租银行卡\n2. 接到可疑电话立即报警\n"
    assert told(f"{TITLE_EN}{results}") == told(f"{TITLE_ZH}{advice}") == []


def test_a_person_is_told_of_in_one_paragraph_and_the_police_in_the_next():
    text = (
        f"{TITLE_ZH}3月初，天津市民孙女士的账户被盗刷2.1万元。\n\n接报后，河东分局在湖南抓获9人。\n\n警方共破案86起。\n"
    )
    assert told(text) == [text[len(TITLE_ZH) :].partition("\n\n警方")[0]]
