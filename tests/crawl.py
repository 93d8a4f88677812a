"""Follows the links of a page the way a person could, without walking every row of every list."""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

SKIPPED = ("/accounts/", "/register/", "/api/", "/static/")
SPOKEN = ("title", "placeholder", "aria-label", "alt", "data-label")


class Page(HTMLParser):
    """The links of a page, and every word of it that somebody can read or hear."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.words: list[str] = []
        self.silent = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        self.words += [given[name] or "" for name in SPOKEN if name in given]
        self.silent += tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)


def kind_of(url: str) -> str:
    """Return what pages of one sort have in common."""
    parts = urlsplit(url)
    keys = ",".join(sorted(key for key, _ in parse_qsl(parts.query)))
    return f"{re.sub(r'[0-9]+|(?<=/mail/)[^/]+', '#', parts.path)}?{keys}"


def crawl(links_of: Callable[[str], Iterable[str]], *, alike: int) -> Iterator[str]:
    """Yield the addresses that lead on from the home page; ``links_of`` opens one.

    Of pages of one kind (/milestones/7/ is as good as /milestones/8/) so many are opened.
    """
    waiting, met, kinds = deque(["/"]), {"/"}, Counter[str]()
    while waiting:
        url = waiting.popleft()
        kinds[kind_of(url)] += 1
        if kinds[kind_of(url)] > alike:
            continue
        yield url
        for link in links_of(url):
            target = urldefrag(urljoin(url, link)).url
            if urlsplit(target).netloc or target.startswith(SKIPPED):
                continue
            if target.startswith("/") and target not in met:
                met.add(target)
                waiting.append(target)
