"""The list of contradictions that was made by hand while the collection was read, and what the rule says of each.

One row for each pair of claims: record, ref, record, ref, what the rule says. Where the reader saw a contradiction
and the rule sees none, the row says so and `fixtures/collection/README.md` follows the rule. What differs without being
a figure (a name, a date, a word) is listed at the end.
"""

from collections import defaultdict

import pytest

from cases import reconcile, verdicts
from cases.models import Figure, ReleaseReport, Verdict
from cases.reconcile import AGREE, AGREE_ROUNDED, CONTRADICT, LATER, REVISED

NOT_COMPARED = "not compared"

TABLE = [
    # 1. Black market clean-up, 21 February 2012
    ("r007", "f3", "r009", "f3", AGREE),  # 1,075 providers disciplined, or fined
    ("r007", "f3", "r010", "f3", AGREE),
    ("r007", "f3", "r008", "f4", NOT_COMPARED),  # providers became websites
    ("r010", "f4", "r009", "f7", NOT_COMPARED),  # 60,000 tip-offs became $60,000
    ("r007", "f1", "r010", "f2", AGREE),
    ("r007", "f2", "r008", "f3", AGREE_ROUNDED),
    ("r007", "f2", "r010", "f1", AGREE_ROUNDED),
    # 2. First phase of 2012
    ("r013", "f2", "r014", "f1", AGREE_ROUNDED),
    ("r014", "f4", "r015", "f3", CONTRADICT),  # three months, four months
    ("r013", "f3", "r016", "f2", LATER),
    # 3. Statement of 14 October 2012
    ("s003", "f12", "r019", "f4", CONTRADICT),  # 188 million, 188万
    ("s003", "f12", "r017", "f5", CONTRADICT),
    ("s003", "f31", "r018", "f4", CONTRADICT),
    ("s003", "f8", "s003", "f12", CONTRADICT),  # in one text
    ("s003", "f8", "r017", "f5", AGREE),
    ("s003", "f8", "r019", "f4", AGREE_ROUNDED),
    ("s003", "f6", "r019", "f4", NOT_COMPARED),  # 188 million people
    ("s003", "f16", "r017", "f6", CONTRADICT),  # 1,000 yuan, 1000余万元
    ("s003", "f16", "r019", "f7", CONTRADICT),
    ("r017", "f6", "r019", "f7", AGREE),
    ("s003", "f17", "r018", "f6", CONTRADICT),
    ("r019", "f5", "r017", "f1", NOT_COMPARED),  # put in order, punished, closed: other measures
    ("r019", "f5", "r018", "f5", NOT_COMPARED),
    ("s003", "f7", "r018", "f5", AGREE_ROUNDED),
    ("s003", "f13", "r019", "f5", AGREE),
    ("r018", "f2", "s003", "f2", NOT_COMPARED),  # gangs, bases
    ("r018", "f2", "s003", "f11", AGREE_ROUNDED),
    ("s003", "f3", "r019", "f2", AGREE_ROUNDED),  # nearly 9,000, over 8,900
    # 4. Gun forum
    ("r020", "f3", "r021", "f4", CONTRADICT),
    ("r020", "f1", "r021", "f2", AGREE),
    ("r020", "f1", "r021", "f1", NOT_COMPARED),  # r021 has two numbers; the one that agrees is aligned
    # 5. Gun sites: sites closed, columns left out
    ("r002", "f5", "r003", "f2", AGREE),
    ("r002", "f2", "r003", "f3", AGREE_ROUNDED),
    # 6. Shanghai: a headline of fraud, a text of every kind
    ("r024", "f1", "r024", "f3", NOT_COMPARED),
    # 6a. Rumour company: the four others, then ten
    ("r025", "f1", "r128", "f1", LATER),
    # 6b. Rumours in Xinjiang
    ("r116", "f1", "r117", "f1", CONTRADICT),
    ("r116", "f3", "r117", "f2", AGREE_ROUNDED),  # more than 100, 110
    # 7. Fake base stations
    ("r027", "f5", "r028", "f4", CONTRADICT),  # nine departments, the ministry and nine others
    ("r027", "f5", "r030", "f1", AGREE),
    ("r027", "f4", "r029", "f3", AGREE),  # cases, acts
    ("r030", "f7", "r028", "f5", CONTRADICT),
    ("r030", "f7", "r031", "f7", CONTRADICT),
    ("r028", "f5", "r031", "f7", AGREE_ROUNDED),
    # 8. Statement of 18 August 2015
    ("r037", "f2", "r035", "f3", AGREE),
    ("r034", "f1", "r035", "f1", AGREE_ROUNDED),  # 15,000, nearly 15,000
    ("r035", "f4", "r037", "f3", NOT_COMPARED),
    ("r036", "f2", "r036", "f5", NOT_COMPARED),
    # 9. Anwang No. 1: the province, the city
    ("r040", "f1", "r041", "f1", NOT_COMPARED),
    # 10. Personal information in 2016 and 2017
    ("r044", "f2", "r047", "f2", AGREE_ROUNDED),
    ("r044", "f1", "r047", "f1", AGREE_ROUNDED),
    ("r044", "f2", "r045", "f1", NOT_COMPARED),
    # 11. Cheating devices
    ("r051", "f1", "r052", "f1", AGREE),
    ("r051", "f1", "r052", "f2", NOT_COMPARED),  # 12 gangs became 12 people shot dead
    ("r051", "f7", "r052", "f7", NOT_COMPARED),  # 100 groups, 100 persons
    ("r051", "f2", "r052", "f3", AGREE_ROUNDED),
    # 12. Half-year results of Net Net 2018
    ("s000", "f5", "s002", "f4", CONTRADICT),
    ("s000", "f5", "s002", "f2", CONTRADICT),
    ("s002", "f4", "r055", "f7", CONTRADICT),
    ("s000", "f5", "r055", "f7", AGREE),
    ("s000", "f4", "s002", "f3", CONTRADICT),
    ("s000", "f21", "s002", "f16", CONTRADICT),
    ("r057", "f4", "s002", "f7", CONTRADICT),  # a lost "million"
    ("s000", "f8", "s002", "f7", CONTRADICT),
    ("s000", "f8", "r057", "f4", AGREE),
    ("s000", "f23", "s002", "f18", CONTRADICT),
    ("s000", "f23", "r055", "f16", CONTRADICT),
    ("s002", "f18", "r055", "f16", AGREE),
    ("s000", "f24", "s002", "f17", AGREE_ROUNDED),  # 7,000 "overall" is the 7,000 of pornography, gambling and loans
    ("r055", "f15", "s002", "f17", CONTRADICT),  # 8,000 of some kinds, 7,000 overall
    ("s000", "f22", "r055", "f15", AGREE),
    ("s000", "f10", "s002", "f9", NOT_COMPARED),  # pages, websites
    ("s000", "f34", "s002", "f28", AGREE_ROUNDED),  # 260 million frozen, or taken in
    ("s000", "f54", "s002", "f22", AGREE_ROUNDED),  # more than 60 computers, sixty
    ("s000", "f55", "s002", "f23", AGREE_ROUNDED),
    ("s000", "f52", "s002", "f21", AGREE),
    # 13. Final results of Net Net 2018
    ("r060", "f2", "r061", "f1", AGREE_ROUNDED),  # 57,519, 5.7万余
    ("r060", "f1", "r061", "f2", AGREE_ROUNDED),
    ("r061", "f10", "r062", "f3", AGREE),  # of all kinds, of the water army
    ("r058", "f3", "r062", "f1", NOT_COMPARED),  # r058 names no campaign
    ("r058", "f4", "r062", "f2", NOT_COMPARED),
    ("s000", "f1", "r060", "f3", AGREE_ROUNDED),  # a year, ten months: ten is a round number of twelve
    ("s000", "f2", "r060", "f2", LATER),
    ("s000", "f3", "r060", "f1", LATER),
    # 14. Press conference of 14 November 2019
    ("r067", "f5", "r068", "f2", AGREE),
    ("r067", "f6", "r068", "f1", AGREE),
    # 15. Cloud Sword: one names the campaign, the other counts all until the end of 2019
    ("r069", "f1", "r077", "f7", NOT_COMPARED),
    ("r069", "f3", "r077", "f8", NOT_COMPARED),
    # 16. Personal information in Net Net 2020
    ("r075", "f1", "r078", "f2", AGREE_ROUNDED),
    ("r075", "f1", "r080", "f3", LATER),  # counted to 20 December, counted to the end
    ("r075", "f2", "r080", "f4", LATER),
    ("r075", "f5", "r078", "f3", AGREE_ROUNDED),
    ("r075", "f6", "r082", "f3", AGREE_ROUNDED),
    ("r082", "f1", "r132", "f1", NOT_COMPARED),  # 2018 to 2020, 2016 onwards
    ("r080", "f3", "r081", "f3", AGREE),
    # 17. Interim results of Net Net 2021
    ("s001", "f10", "r085", "f4", AGREE),  # extortion, the water army as a whole
    ("s001", "f17", "r083", "f17", AGREE),  # people, occasions
    ("s001", "f25", "r087", "f9", AGREE_ROUNDED),  # 3.83 million, 300余万
    # 18. Annual results of Net Net 2021
    ("r087", "f1", "r088", "f1", AGREE_ROUNDED),
    ("r087", "f1", "r091", "f1", AGREE),
    ("r087", "f6", "r088", "f8", NOT_COMPARED),
    ("r087", "f4", "r091", "f4", AGREE_ROUNDED),
    ("r089", "f5", "r090", "f1", AGREE),
    # 19. Water army in 2022
    ("r096", "f4", "r097", "f2", AGREE_ROUNDED),
    ("r096", "f1", "r096", "f2", NOT_COMPARED),  # headline and text agree: one claim
    ("r096", "f1", "s004", "f6", AGREE_ROUNDED),
    # 20. Cyber violence and rumours in 2023
    ("s004", "f12", "r104", "f2", NOT_COMPARED),
    ("s004", "f14", "r104", "f4", NOT_COMPARED),
    ("s004", "f8", "r103", "f1", REVISED),  # both April to July
    ("s004", "f8", "r104", "f7", LATER),
    ("s004", "f10", "r103", "f2", REVISED),
    ("r103", "f1", "r102", "f2", AGREE),
    ("r098", "f2", "r135", "f1", LATER),
    ("r135", "f1", "s004", "f8", LATER),
    ("r102", "f3", "r103", "f3", AGREE),  # punished, prosecuted
    ("r103", "f5", "r104", "f1", AGREE),
    # 21. Summer action 2023
    ("s004", "f4", "r100", "f3", NOT_COMPARED),
    # 22. Statement of 19 September 2024
    ("r110", "f4", "r109", "f2", AGREE_ROUNDED),
    # 23. Cyber violence, 14 September 2024
    ("r107", "f1", "r108", "f1", AGREE_ROUNDED),
    ("r107", "f3", "r108", "f3", AGREE_ROUNDED),
    # 24. Totals for 2024
    ("r111", "f6", "r112", "f1", AGREE_ROUNDED),
    # Inside one document: ordered of websites, cleaned up by the police
    ("r050", "f1", "r050", "f11", NOT_COMPARED),
]

NOT_A_FIGURE = """
    1a r004 r127: the action began on 14, or on 15 November 2011
    6 r024: "between May and July alone" in a report of 25 July
    12 s000 s002: who investigated case 10, and where; the names of the campaign
    13 s000 r060: whether a year was the plan
    18 r090: the deed is put in the future
    One name, several campaigns: r001, r115, r121, r064
    Inside one document: r064 explains one campaign by another of the same name
"""


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """Every claim of the collection by key and ref, what is kept of pairs, and which reports share a release."""
    with django_db_blocker.unblock():
        claims = {claim.id: claim for claim in verdicts.Claims().read("true")}
        ids = {(key, ref): pk for pk, key, ref in Figure.objects.values_list("pk", "announcement__key", "ref")}
        kept = {frozenset((a, b)): verdict for a, b, verdict in Verdict.objects.values_list("a", "b", "verdict")}
        releases = defaultdict(set)
        for report, release in ReleaseReport.objects.values_list("announcement", "release"):
            releases[report].add(release)
    return claims, ids, kept, releases


@pytest.mark.parametrize("row", TABLE, ids=lambda row: " ".join(row[:4]))
def test_the_rule_finds_what_the_reader_found(told, row):
    claims, ids, kept, releases = told
    a, b = (claims[ids[identity]] for identity in (row[:2], row[2:4]))
    found = kept.get(frozenset((a.id, b.id)), NOT_COMPARED)
    if found == NOT_COMPARED and not releases[a.report] & releases[b.report] and a.report != b.report:
        # A series is kept from one rung to the next; these two may be further apart.
        step = reconcile.succession(a, b)
        found = step.verdict if step else NOT_COMPARED
    assert found == row[4]
