"""Hostile files and good plans at once: how long the good ones wait, and what is left behind.

Run by hand from the root: `python -m tests.benchmarks.crowd`. Four threads read what comes, as the
web server does; what takes longer than a few seconds is read by two afterwards, as the workers do.
"""

import random
import resource
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from plans.readers import DocumentError, TooSlowError, document_from
from tests.plans.readers.docx_files import docx, paragraph
from tests.plans.readers.pdf_files import pdf, set_in_pages

HOME_PLAN = Path(__file__).parents[2] / "seeds" / "litong-plan-2016-2020.txt"
HEAD = "某县2022年实施方案\n序号\t任务\t责任单位\n一、任务\n1.甲。"
WEB, WORKERS = 4, 2


class Outcome(NamedTuple):
    """What became of a file: seconds from the start, and the reason of a refusal."""

    name: str
    seconds: float
    refusal: str


def bombs() -> dict[str, tuple[str, bytes]]:
    """Return files that cost whoever reads them more than a plan does."""
    strokes = b"".join(b"%d 0 m %d 800 l S\n" % (x % 590, x * 7 % 590) for x in range(400_000))
    return {
        "recurrences": ("a.txt", (HEAD + "每年" * 900_000).encode()),
        "brackets": ("a.txt", (HEAD + "1.甲(区局牵头)\n" * 60_000).encode()),
        "a flat archive": ("a.docx", docx(more={"a.xml": b" " * 99_000_000})),
        "paragraphs": ("a.docx", docx(*[paragraph("(1)甲(局牵头)。" * 20)] * 9_000)),
        "nested tags": ("a.html", b"<div><b>" * 400_000),
        "cells": ("a.html", ("<table>" + "<tr><td rowspan=999 colspan=199>甲" * 40_000).encode()),
        "strokes": ("a.pdf", pdf([[(80.0, 700.0, "某县人民政府办公室")]], drawn=strokes)),
        "pages": ("a.pdf", pdf([[(80.0, 700.0, "某县人民政府办公室")]] * 1_001)),
        "a long line": ("a.txt", (HEAD + "区局、" * 600_000).encode()),
        "a table of lines": ("a.txt", (HEAD + "\n1\n做甲\n区局\n年底\n" * 60_000).encode()),
    }


def good() -> dict[str, tuple[str, bytes]]:
    """Return the home plan in several kinds of file."""
    text = HOME_PLAN.read_text(encoding="utf-8")
    return {
        "text": ("方案.txt", text.encode()),
        "word": ("方案.docx", docx(*map(paragraph, text.split("\n")))),
        "page": ("方案.html", "".join(f"<p>{line}</p>" for line in text.split("\n")).encode()),
        "pdf": ("方案.pdf", pdf(set_in_pages(text.replace("\xa0", " ")))),
    }


def read_all(files: Iterable[tuple[str, str, bytes]]) -> list[Outcome]:
    """Read files as they are uploaded all at once, and return what became of each."""
    began = time.monotonic()
    outcomes: list[Outcome] = []
    later: list[tuple[str, str, bytes]] = []

    def read(file: tuple[str, str, bytes], *, at_once: bool) -> None:
        label, name, content = file
        refusal = ""
        try:
            document_from(name, content, at_once=at_once)
        except TooSlowError as error:
            if at_once:
                later.append(file)
                return
            refusal = error.message
        except DocumentError as error:
            refusal = error.message
        outcomes.append(Outcome(label, time.monotonic() - began, refusal))

    for threads, waiting, work in (
        (WEB, list(files), partial(read, at_once=True)),
        (WORKERS, later, partial(read, at_once=False)),
    ):
        _run(threads, waiting, work)
    return outcomes


def _run(
    threads: int,
    files: list[tuple[str, str, bytes]],
    work: Callable[[tuple[str, str, bytes]], None],
) -> None:
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, files))


def children(pid: str = "self") -> set[str]:
    """Return the processes, dead or alive, that one has started and not buried."""
    found: set[str] = set()
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found.update(listed.read_text().split())
    return found


def descendants(pid: str = "self") -> set[str]:
    """Return the processes that one has started, and those that these have started."""
    below = children(pid)
    return below.union(*map(descendants, below))


def main() -> None:
    """Print how ten hostile and twenty good files fare together."""
    files = [(f"bomb: {label}", *file) for label, file in bombs().items()]
    files += [(f"good: {label}", *file) for label, file in good().items()] * 5
    random.Random(1).shuffle(files)
    document_from(*good()["text"])
    warm = descendants()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcomes = read_all(files)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    for outcome in outcomes:
        sys.stdout.write(f"{outcome.seconds:6.1f} s  {outcome.name:24} {outcome.refusal}\n")
    last = max(outcome.seconds for outcome in outcomes if outcome.name.startswith("good"))
    sys.stdout.write(f"last good plan after {last:.1f} s; memory grew by {grown // 1024} MB; ")
    sys.stdout.write(f"{len(descendants() - warm)} processes left\n")


if __name__ == "__main__":
    main()
