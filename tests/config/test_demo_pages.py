"""Every page of the demonstration that a link leads to, for every kind of person."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from config.demo.people import ADMINISTRATOR, INTRODUCED, PEOPLE, Person
from tests.crawl import Page, crawl
from tests.demo import BANNER

MOST_QUERIES = 40
NAMES = {word for person in PEOPLE for word in person.username.split("-")}
LATIN = NAMES | {"API", "Word", "Excel", "PDF", "litong"}
LATIN |= {"Outlook", "WPS", "SQLite", "PostgreSQL", "ICP", "EMAIL", "URL", "UTF"}
NOT_WORDS = re.compile(r"[\w.+-]+@[\w.-]+|https?://\S+|\.[a-z]{2,4}\b")
LEFT_OVER = re.compile(r"\bNone\b|\{\{|\{%|%\}|\}\}|\bnan\b|&amp;lt;|Traceback")


@pytest.mark.parametrize("person", INTRODUCED, ids=lambda person: person.username)
def test_every_page_is_whole_chinese_and_marked(demo: None, client: Client, person: Person) -> None:
    client.force_login(User.objects.get(username=person.username))
    wrong: list[str] = []

    def links_of(url: str) -> list[str]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(url)
        if response.status_code == 302:
            return [response.headers["Location"]]
        if response.status_code != 200:
            wrong.append(f"{url}: {response.status_code}")
            return []
        if len(queries) > MOST_QUERIES:
            wrong.append(f"{url}: {len(queries)} queries")
        if not response.headers["Content-Type"].startswith("text/html"):
            return []
        html = response.content.decode()
        page = Page(html)
        text = "\n".join(page.words)
        latin = set(re.findall(r"[A-Za-z]{3,}", NOT_WORDS.sub("", text))) - LATIN
        wrong.extend(f"{url}: {word}" for word in sorted(latin))
        wrong.extend(f"{url}: {found}" for found in LEFT_OVER.findall(text))
        if BANNER not in text:
            wrong.append(f"{url}: no banner")
        return page.links

    opened = list(crawl(links_of, alike=3))

    assert wrong[:20] == []
    assert opened


def test_the_back_office_is_marked_too(demo: None, client: Client) -> None:
    client.force_login(User.objects.get(username=ADMINISTRATOR.username))

    for url in ("/register/", "/register/accounts/department/", "/accounts/password/change/"):
        assert BANNER in client.get(url, follow=True).content.decode()


def test_the_sign_in_page_is_marked_too(demo: None, client: Client) -> None:
    assert BANNER in client.get("/", follow=True).content.decode()
