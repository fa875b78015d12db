"""Public addresses. Lists and records are pages; with .csv or .json in the address the same in that format."""

from functools import partial
from typing import Any

from django.urls import URLPattern, path, register_converter

from cases import citing, data_packages, downloads, feeds, ledger, reference, reporting, verdict_pages, views

register_converter(downloads.Converter, "file")
register_converter(feeds.Mapped, "mapped")
register_converter(citing.Form, "cite")

app_name = "cases"


def _kind(plural: str, singular: str, *, slug: bool = True) -> list[URLPattern]:
    """Return the addresses of one kind of record."""

    def of(view: Any) -> Any:
        return partial(view, kind=plural)

    record = f"{plural}/<int:pk>/"
    return [
        path(f"{plural}/", of(views.record_list), name=f"{singular}-list"),
        path(f"{plural}.csv", views.file, {"name": f"{plural}.csv"}, name=f"{singular}-csv"),
        path(f"{plural}.json", of(views.record_json), name=f"{singular}-json"),
        path(f"{plural}.atom", of(views.record_atom), name=f"{singular}-atom"),
        path(f"{plural}/<int:pk>.json", of(views.one_record_json), name=f"{singular}-detail-json"),
        path(f"{plural}/<int:pk>.<cite:end>", of(views.citation), name=f"{singular}-cite"),
        path(record, of(views.record_detail), name=f"{singular}-detail" if not slug else f"{singular}-short"),
        *([path(f"{record}<str:slug>/", of(views.record_detail), name=f"{singular}-detail")] if slug else []),
    ]


urlpatterns = [
    path("", views.home, name="home"),
    # Lists and records: /cases/, /cases.csv, /cases.json, /cases/12/slug/, /cases/12.json
    *_kind("announcements", "announcement"),
    *_kind("cases", "case"),
    *_kind("figures", "figure", slug=False),
    path("<file:name>", views.file, name="file"),
    path("releases/<int:pk>/", views.one_release, {"answer": verdict_pages.release_page}, name="release-detail"),
    path("releases/<int:pk>.csv", views.one_release, {"answer": verdict_pages.release_csv}, name="release-csv"),
    path(
        "releases/<int:pk>.csv.sha256",
        views.one_release,
        {"answer": partial(verdict_pages.release_csv, digest=True)},
        name="release-csv-sha256",
    ),
    path("releases/<int:pk>.json", views.one_release, {"answer": verdict_pages.release_json}, name="release-json"),
    path("discrepancies/", views.discrepancies, {"answer": verdict_pages.list_page}, name="discrepancy-list"),
    path("discrepancies.csv", views.discrepancies, {"answer": verdict_pages.list_csv}, name="discrepancy-csv"),
    path(
        "discrepancies.csv.sha256",
        views.discrepancies,
        {"answer": partial(verdict_pages.list_csv, digest=True)},
        name="discrepancy-csv-sha256",
    ),
    path("discrepancies.json", views.discrepancies, {"answer": verdict_pages.list_json}, name="discrepancy-json"),
    path("discrepancies.atom", views.discrepancies, {"answer": verdict_pages.list_atom}, name="discrepancy-atom"),
    # Authority pages
    path("campaigns/", views.campaign_list, name="campaign-list"),
    path("campaigns/<slug:slug>/", views.campaign_detail, name="campaign-detail"),
    path("campaigns/<slug:slug>.<cite:end>", views.campaign_citation, name="campaign-cite"),
    path("places/", views.place_list, name="place-list"),
    path("places/<str:code>/", views.place_detail, name="place-detail"),
    path("crime-types/", views.crime_type_list, name="crime-type-list"),
    path("crime-types/<str:code>/", views.crime_type_detail, name="crime-type-detail"),
    # About the archive
    path("codebook/", views.codebook, name="codebook"),
    path("downloads/", data_packages.page, name="downloads"),
    path("downloads/latest.zip", data_packages.latest, {"suffix": ".zip"}, name="latest-zip"),
    path("downloads/latest.sqlite", data_packages.latest, {"suffix": ".sqlite"}, name="latest-sqlite"),
    path("downloads/<str:name>/<str:file>", data_packages.file, name="package-file"),
    path("methodology/", views.methodology_page, name="methodology"),
    path("about/", views.about, name="about"),
    path("coverage/", views.coverage_table, name="coverage"),
    path("corrections/", ledger.page, name="corrections"),
    path("corrections.csv", ledger.as_csv, name="corrections-csv"),
    path("corrections.csv.sha256", ledger.as_csv, {"digest": True}, name="corrections-csv-sha256"),
    path("deleted.csv", ledger.deleted, name="deleted-csv"),
    path("deleted.csv.sha256", ledger.deleted, {"digest": True}, name="deleted-csv-sha256"),
    path("corrections.atom", ledger.as_atom, name="corrections-atom"),
    path("report/", reporting.report, name="report"),
    path("report/send/", reporting.send, name="report-send"),
    path("report/sent/", reporting.sent, name="report-sent"),
    path("compare/", views.compare_page, name="compare-list"),
    path("compare.csv", views.compare_csv, name="compare-csv"),
    path("compare.csv.sha256", views.compare_csv, {"digest": True}, name="compare-csv-sha256"),
    path("compare.json", views.compare_json, name="compare-json"),
    path("map/", views.province_map, name="map"),
    # For machines
    path("api/", reference.page, name="api"),
    path("api/openapi.json", reference.document, name="openapi"),
    path("healthz", views.healthz, name="healthz"),
    path("opensearch.xml", views.opensearch, name="opensearch"),
    path("sitemap.xml", views.sitemap_index, name="sitemap-index"),
    path("sitemap-<mapped:kind>-<int:n>.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
]
