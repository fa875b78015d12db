"""A real browser over the site as it is served: gunicorn, DEBUG off, over a copy of the test database.

`site` is only read, and the same for all tests of a process; `desk` is a site that the tests of a module write to.
Whatever a page does that no page may do (an error in the console, something that the Content-Security-Policy blocks,
a request that leaves the site, an answer of 500) fails the test that opened it.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psycopg
import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "correct horse battery staple"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
MISSING = "NO BROWSER: these tests have not run. They need Chromium: apt-get install chromium fonts-wqy-microhei"

# In the page before any of its own scripts: what is blocked is said where errors are said.
TELL_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) => console.error(
  `blocked by ${event.effectiveDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`))"""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Run these first, in one go: the browser's event loop ends with them, and they take the longest."""
    items.sort(key=lambda item: Path(__file__).parent not in item.path.parents)


@pytest.fixture
def _django_db_helper(django_db_setup):
    """Have the test database made for these tests, but open no connection to it: the sites have their own."""


# --- the site ---------------------------------------------------------------------------------------------------------


@dataclass
class Site:
    """A running site and its database."""

    url: str
    database: str
    environment: dict = field(repr=False)

    def sql(self, query, *parameters):
        """Do something in the site's database, as if somebody else had."""
        with psycopg.connect(self.database) as database:
            cursor = database.execute(query, parameters)
            return cursor.fetchall() if cursor.description else []

    def manage(self, *arguments):
        """Run a command of manage.py on the site's database."""
        command = [sys.executable, "manage.py", *map(str, arguments)]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def make_user(self, name, *, publishes=True):
        """Make an account for the editors' desk."""
        (pk,) = self.sql(
            "insert into auth_user (username, password, is_staff, is_active, is_superuser, first_name, last_name,"
            " email, date_joined) values (%s, %s, true, true, false, '', '', '', now()) returning id",
            name,
            make_password(PASSWORD),
        )[0]
        self.sql(
            "insert into auth_user_user_permissions (user_id, permission_id) select %s, p.id from auth_permission p"
            " join django_content_type c on c.id = p.content_type_id where c.app_label = 'cases' and (%s or"
            " p.codename <> 'publish_announcement')",
            pk,
            publishes,
        )


@contextmanager
def copy_of_database(blocker, name):
    """Copy the test database, with all that the fixtures loaded; yield its address."""
    source = connection.settings_dict["NAME"]
    assert source != urlsplit(os.environ["DATABASE_URL"]).path[1:], "that is no test database"
    copy = f"{source}_{name}"
    with blocker.unblock():
        connection.close()  # nobody may be connected to what is copied
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'drop database if exists "{copy}" with (force)')
            cursor.execute(f'create database "{copy}" template "{source}"')
    try:
        yield urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{copy}"))
    finally:
        with blocker.unblock(), connection._nodb_cursor() as cursor:
            cursor.execute(f'drop database "{copy}" with (force)')


@contextmanager
def served(database, static_files, log):
    """Serve a database as it is done in earnest; yield the site."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("DEBUG", "HTTPS", "ALLOWED"))
    }
    environment = inherited | {
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "STATIC_ROOT": str(static_files),
        "WEB_CONCURRENCY": "1",
    }
    with socket.create_server(("127.0.0.1", 0)) as listening, log.open("w") as output:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        command = [sys.executable, "-m", "gunicorn", "--config", "archive/gunicorn.py", "archive.wsgi:application"]
        process = subprocess.Popen(
            [*command, "--bind", f"fd://{listening.fileno()}"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[listening.fileno()],
        )
    try:
        with urlopen(f"{url}/healthz", timeout=60) as answer:  # noqa: S310  (waits until the site answers)
            assert answer.status == 200
        yield Site(url, database, environment)
    finally:
        process.send_signal(signal.SIGINT)  # at once: nobody is being answered any more
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        print(log.read_text())  # noqa: T201  (pytest shows it with what failed)


@pytest.fixture(scope="session")
def static_files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("static")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
        "SECRET_KEY": "only to collect",
        "STATIC_ROOT": str(folder),
    }
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return folder


@pytest.fixture(scope="session")
def site(chromium, django_db_setup, django_db_blocker, static_files, tmp_path_factory):
    """The site that is only read. Record 9,000,001 has gone for good; `reader` is an account that nobody minds."""
    log = tmp_path_factory.mktemp("site") / "log"
    with copy_of_database(django_db_blocker, "read") as database, served(database, static_files, log) as site:
        site.sql(
            "insert into cases_tombstone (kind, record_id, label, reason, created_at)"
            " values ('case', 9000001, 'A case told twice', 'It was the same case as another', now())"
        )
        site.make_user("reader")
        yield site


@pytest.fixture(scope="session")
def desk(chromium, django_db_setup, django_db_blocker, static_files, tmp_path_factory):
    """A site to write to, with two accounts: `li`, who publishes, and `wang`, who does not."""
    log = tmp_path_factory.mktemp("desk") / "log"
    with copy_of_database(django_db_blocker, "write") as database, served(database, static_files, log) as site:
        site.make_user("li")
        site.make_user("wang", publishes=False)
        yield site


# --- the browser ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium():
    """Where the browser is. Without one these tests are left out, loudly; where everything must run, they fail."""
    if CHROMIUM is None:
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    return CHROMIUM


@pytest.fixture(scope="package")
def browser(chromium, site, desk):
    """The browser, started after both sites: its event loop forbids the copying of databases."""
    expect.set_options(timeout=20_000)
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()


class Watch:
    """What pages did that no page may do."""

    def __init__(self, site):
        self.site = site
        self.faults = []

    def on(self, context):
        context.on("console", self.console)
        context.on("weberror", lambda error: self.faults.append(f"{error.error}"))
        context.on("request", self.request)
        context.on("response", self.response)

    def console(self, message):
        # A page may answer 404; that the console says so too is no fault of the page.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"{message.page.url if message.page else ''}: {message.text}")

    def request(self, request):
        if not request.url.startswith((f"{self.site.url}/", "data:", "blob:", "about:")):
            self.faults.append(f"left the site: {request.url}")

    def response(self, response):
        if response.status >= 500 or (response.status >= 400 and not response.request.is_navigation_request()):
            self.faults.append(f"{response.status} {response.url}")


@contextmanager
def window(browser, site, **options):
    """Open a browser window on a site, with a profile of its own, and watch what happens in it."""
    settings = {"base_url": site.url, "viewport": {"width": 1280, "height": 900}, "locale": "en-GB", **options}
    context = browser.new_context(**settings)
    context.set_default_timeout(30_000)
    context.add_init_script(TELL_VIOLATIONS)
    watch = Watch(site)
    watch.on(context)
    try:
        yield context.new_page()
        assert watch.faults == []
    finally:
        context.close()


@pytest.fixture
def open_window(browser):
    """Return a function that opens windows, which are closed after the test."""
    opened = []

    def open_one(site, **options):
        manager = window(browser, site, **options)
        page = manager.__enter__()
        opened.append(manager)
        return page

    yield open_one
    problems = []
    for manager in reversed(opened):
        try:
            manager.__exit__(None, None, None)
        except AssertionError as problem:
            problems.append(str(problem))
    assert not problems, "\n".join(problems)


@pytest.fixture
def page(open_window, site):
    return open_window(site)


def log_in(page, name, then="/admin/"):
    page.goto(f"/admin/login/?next={then}")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"**{then}")
