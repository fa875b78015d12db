"""The examples of /api/ are run as a reader copies them, against the site as it is served."""

import re
import shutil
import subprocess
import sys
from html import unescape
from urllib.request import urlopen

import pytest

from cases.api_examples import EXAMPLES

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

COMMANDS = {
    "Shell": ["bash", "-euo", "pipefail", "-c"],
    "Python": [sys.executable, "-W", "error", "-c"],
    "R": ["Rscript", "-e"],
}


def shown(site):
    """Return the examples of the page: the language of each, and what it says."""
    with urlopen(f"{site.url}/api/") as answer:  # noqa: S310  (our own site)
        page = answer.read().decode()
    found = re.findall(r'<pre[^>]* data-language="(\w+)"><code>(.*?)</code></pre>', page, re.DOTALL)
    return [(language, unescape(source)) for language, source in found]


def test_all_examples_are_shown(site):
    told = [(s["lang"], s["source"]) for example in EXAMPLES for s in example.samples(site.url)]
    assert sorted(shown(site)) == sorted(told)
    assert {language for language, _source in told} == set(COMMANDS)


@pytest.mark.parametrize("language", COMMANDS)
def test_examples_do_what_they_say(site, tmp_path, language):
    command = COMMANDS[language]
    if shutil.which(command[0]) is None:
        pytest.skip(f"NOT RUN: the examples in {language} need {command[0]}")
    sources = [source for name, source in shown(site) if name == language]
    for source in sources:
        done = subprocess.run([*command, source], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), f"{source}\n{done.stderr}"
        if "print" in source or "sha256sum" in source:
            assert done.stdout.strip(), source
    if language == "Shell":
        assert {path.name for path in tmp_path.iterdir()} >= {"figures.csv", "cases.jsonl", "announcements.csv", "tag"}
        # Asked again, the last one finds that nothing has changed and leaves the file as it is.
        before = (tmp_path / "announcements.csv").read_bytes()
        subprocess.run([*command, sources[-1]], cwd=tmp_path, check=True)
        assert (tmp_path / "announcements.csv").read_bytes() == before
