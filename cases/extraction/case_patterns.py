"""How one case, gang, thing or person is written, so that a sentence is known to tell of one."""

import re
from typing import Final

from cases.extraction import rules

_NOT_A_THING: Final = "|".join(sorted(rules.words("behind an article no thing")))
_ANY: Final = "|".join(sorted(rules.words("behind an article anything")))
_SPEAKERS: Final = "|".join(sorted(rules.words("speakers")))
SURNAMES: Final = "".join(rules.words("surnames"))
CLAUSE: Final = "[^，。；！？\n]"
NAME_ZH: Final = (
    rf"(?<!记者)(?<!记者 )(?<!通讯员)(?<!通讯员 )"
    rf"(?:[{SURNAMES}](?:某某?|先生|女士|姓|老?伯|大[爷妈娘]|阿姨|奶奶)|小[{SURNAMES}](?![区学组]))(?![市县区省地镇村])"
)
NAME: Final = re.compile(rf"{NAME_ZH}|surnamed .*|identified as .*")
# One in Chinese: 一起……案, 首例……案, “5·22”案, 特大……案, 网民周某, 王某等人; 一个, 一家 before a gang, thing or person.
ONE_ZH = re.compile(
    rf"(?<![每第])一(?:起|宗|桩|件){CLAUSE}{{0,60}}?(?:案|诈骗|盗窃|赌博|敲诈|洗钱|事件)"
    rf"|(?:首(?:起|例|宗|个)|特大|最大){CLAUSE}{{0,40}}?(?:案|团伙|集团)"
    rf"|[0-9]{{1,2}}[·.][0-9]{{1,2}}\"?{CLAUSE}{{0,30}}?案"
    rf"|\"[^\"\n]{{2,14}}\"{CLAUSE}{{0,16}}?案|网[民友]\"|某{CLAUSE}{{1,8}}?(?:公司|工作室|团伙|平台|网店|商行|中心)|[一-鿿]{{1,3}}\(化名\)|{NAME_ZH}|[一-鿿]{{2,3}}等[0-9一二三四五六七八九十]{{0,2}}人{CLAUSE}{{0,30}}?案"
)
A_ZH = re.compile(
    r"(?<![每第同统唯十])(?:[几两三四](?P<few>[名位])|一(?P<counted>[个伙家处条款名位])|一(?![是要边年月日周天季半度级样些批次步定起体线律直举旦方致案]|系列|般))"
)
STOPS_ZH = re.compile(r"[，。；！？\n]")
OPENER_EN = re.compile(
    r"(?:in |among them,? )?the (?:first|second|third|fourth|fifth|sixth|last|other|latest)(?: case| one| example)?"
    r"(?:,| (?:involve[sd]|was|is|concern(?:s|ed)|happened|came|occurred|beg[ai]ns?|start(?:s|ed)|deals|dealt|turns|"
    r"turned|tells|told|goes back|went back|centers|centres|centered|centred)\b)"
)
# A sentence that says at its end which case it is of: "…, the court held in the first."
OPENS_AT_END_EN = re.compile(
    r"\b(?:in|of) the (?:first|second|third|fourth|fifth|last|other)(?: case| one)?[.\"]{1,2}\s*$"
)
FEW_EN = re.compile(
    r"(?:two|three|four|five) (?!of\b|more\b|others?\b)"
    r"(?!(?:(?!of\b)[a-z-]+ ){0,3}(?:people|persons|suspects|cases?|gangs?|arrests)\b)"
    r"[a-z][\w-]+"
)
OPENER_ZH = re.compile(
    rf"在?(?:一起|某){CLAUSE}{{0,40}}?案(?:件|例)?(?:中|里)"
    rf"|[如像](?![果何此下上同期有今]){CLAUSE}{{0,12}}?{NAME_ZH}"
    rf"|第[一二三四五六七八九十]{{1,2}}(?:起|宗|件|个)?案(?:件|例)?(?:[的中是，]|发生|涉及)"
    rf"|{CLAUSE}{{0,10}}?(?:宣判|开庭|审理|通报|公布|查处|侦破)的(?:另一起|第[一二三四五]起)?案件(?:起因|源于|起源|始于|发生|缘起|是|系)"
)
SUCH_ZH = re.compile(r"[，：,:](?P<like>[如像])(?![果何此下上同期有今])[^，,]*$")
# A place that the gazetteer has not, or not for certain: 宜兰县, 东湖警方.
SOMEWHERE_ZH = re.compile(
    r"[一-鿿]{2}(?:市(?![民场面值级区])|县(?![级区]))"
    r"|(?<=[，。；、\s])(?![当本两多该各全我目随最经]|辖区|网络|记者|近日|日前|据)[一-鿿]{2,3}(?=警方|公安(?!机关|部|厅))"
)
# And in English, beside "a" and "one" before such a word: "the country's first case", the "5.22" case.
CASE_EN = re.compile(
    r"\b(?:first|largest|biggest) (?:[a-z'\"-]+ ){0,4}case\b|\"[0-9]{1,2}\.[0-9]{1,2}\" (?:[a-z'\"-]+ ){0,6}case\b"
)
# What was done to a thing that is not told of before; a sentence that begins with one.
OBJECT_EN = re.compile(rf" (?:up |down |out |off )?(?P<one>(?:an?|another|one) (?!(?:{_NOT_A_THING})\b|[0-9])[\w'-]+)")
SUBJECT_EN = re.compile(
    r"(?:(?:in|at|on|near|last|early|earlier|late|this)\b[^,.\n]{2,40}, (?:[a-z' ]{3,30}, ){0,2})?"
    rf"(?P<one>(?:an?|another|one) (?!(?:{_NOT_A_THING}|{_ANY})\b|[0-9])"
    rf"(?![\w' -]{{0,40}}\b(?:{_SPEAKERS})\b)[\w'-]+)"
)
SOMEWHERE_EN = re.compile(r"\b(?:[Ii]n|from|of|at) (?:the )?[A-Z][a-z]{2,}")
CASE_ZH = re.compile(rf"{CLAUSE}{{2,40}}?案(?![件值0-9近约逾余共])")
OPENS_SOMEWHERE_EN = re.compile(r"[Ii]n (?:the )?(?:[a-z]+ ){0,4}[A-Z][\w'’-]+")
BY_NAME = re.compile(
    r"\b(?!(?:The|These|Those|This|That|Local|Most|Some|Many|All|Several|Other|Both|Chinese|Cyber|National)\b)"
    r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*(?: [a-z]+)? $"
)
OF_NAME = re.compile(
    r"(?: [a-z]+){0,3} (?:in|of) (?:(?:the )?[A-Z]|(?:one|another) (?:[a-z]+ )?(?:country|province|city|state)\b)"
)
# Where the police come in: 接到报警后, 接到银行反映后.
TAKEN_UP_ZH = re.compile(r"(?:接|获悉|得知|获知)[^，。；\n]{0,12}后")
PASSIVE = re.compile(r"\b(?:was|were|been|be|is|are|has|have|had|said|says) ")
MANY = re.compile(r" [a-z]+[^s\W]s\b")
LABEL_EN = re.compile(r"(?:The )?[A-Z][\w'’-]+(?: (?:of |the )?[A-Z][\w'’-]+){0,3}: ")
BY_OFFICE = re.compile(
    r" by (?:the |a )?(?:[a-z]+ ){0,2}(?:police|court|courts|officers|prosecutors|procuratorate|authorities|agents) "
    r"(?:in|of) (?:the )?(?=[A-Z])"
)
CASE_TITLE_ZH = re.compile(r"案(?=[\s，,]|$)")
FIRST_WORD = re.compile(r"[A-Z][\w'’-]+ ")
# Cases that are only named: 侦破泸州杨某等人……案、“5·22”案等案件196起.
NAMED_ZH = re.compile(rf"(?:侦破|破获|侦办|查办|办理|查处)了?(?P<cases>{CLAUSE}{{2,200}}?案\"?)等")
PARTED_ZH = re.compile(r"[^、和及\"].{1,120}?案(?=\"?(?:[、和及\"]|$))")
PARTICULAR_ZH = re.compile(rf"{NAME_ZH}|等[0-9一二三四五六七八九十]{{0,2}}人|\"")
HOME = re.compile(
    r"\bchinese (?:[a-z]+ )?(?:police|authorities)\b|\bchina's\b|\bpolice in china\b|\bhong kong\b|\bmacao\b|\bmacau\b|"
    r"公安|警政署|刑事局|警务处|总区|香港|澳门|台湾|台[北中南东]市|新北市|高雄市|地检署"
)
# Where and when a report was written stands before what it tells: "BOSTON – ", 新华社北京12月30日电.
_DATELINE: Final = (
    r"(?:[A-Z]{2,20}[A-Z .'’]{0,20}(?:, [A-Z][A-Za-z. 0-9]{2,24}){0,2}(?: ?\([A-Za-z /]{2,30}\))? ?(?:–|—|--|-) "
    r"|[一-鿿]{0,14}[0-9]{1,2}月[0-9]{1,2}日[电電讯訊](?:\s?[（(][^()（）\n]{2,30}[)）])?\s?"
    r"|(?:[一-鿿]{1,10}(?:报|报社|网|台|社)[讯訊电電](?=\s)|本报讯|[（(](?:记者|通讯员|記者)[^()（）\n]{1,30}[）)])\s?)?"
)
OPENING = re.compile(
    r"[\s”’»)）】·•‧・●■◆★▪►▶◇○□▲*—–-]*(?:[(（]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})(?:[)）]|[、.．](?![0-9]))\s?)?"
    + _DATELINE
)
# A sentence that begins with the name of a force: "Officers from the Tyne Fraud Unit …", 刑侦第二大队….
FORCE_EN = re.compile(
    r"(?:(?:Officers|Detectives|Investigators|Police|Agents|Specialists|Staff|In|From|At) "
    r"(?:(?:from|of|at|in|with) )?)?"
    r"(?:[Tt]he )?(?P<name>(?!Ministry|Chinese|Public|Police\b|They\b|All\b)[A-Z][\w'’&-]+"
    r"(?: (?:and |of |the |for |in |& )?[A-Z][\w'’&-]+)*)"
)
FORCE_ZH = re.compile(
    r"(?:(?:另外|此外|同时|同日)，?)?(?:在[一-鿿]{2,8}，)?(?:[^，。；！？\n]{0,6}[0-9月日号时许午晚凌晨上下]，?)?(?P<name>(?!全国|各地|各级|当地|办案|接到|经|由)(?:[一-鿿]{2,14}?"
    r"(?:大队|支队|总队|中队|派出所|总区|分局|公安局|警察局|警察署|犯罪局|调查局|刑警局|司警局|警方|网警|刑警|法院|检察院|检方|"
    r"地检署|检察署|宪兵队?|海关|中心)|水警))"
)
# A defendant by name, age and home: "Jane Roe, 41, of Leeds, was jailed".
DEFENDANT_EN = re.compile(
    r"(?:[A-Z][a-z]+ |At the same [a-z]+, |On [A-Z][a-z]+(?: [0-9]{1,2})?, |Last [a-z]+, |Meanwhile, )?"
    r"(?P<name>[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]+){1,3}), (?:aged )?[1-9][0-9],"
)
_SAID_THAT = re.compile(r"\bthat (?:an?|one|two|three|four|five) ")


def force(text: str, start: int, end: int, done: int) -> str | None:
    """Return the name of the force or place that a sentence begins with, if it did what is `done` there.

    The text is to be the folded one where it is Chinese.
    """
    named = FORCE_EN.match(text, start, end) or FORCE_ZH.match(text, start, end)
    if named is None:
        return None
    passive = PASSIVE.search(text, start, done)
    return named["name"] if passive is None or _SAID_THAT.search(text, passive.end(), end) else None
