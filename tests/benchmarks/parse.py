"""How fast a plan is read, and how often a field of the cases is wrong without a doubt.

Run by hand from the root: `python -m tests.benchmarks.parse`. Times are those of the process, best
of several runs, beside one plain pass of regular expressions over the same text.
"""

import re
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from subprocess import check_output

from plans.parsing import parse_plan
from tests.plans.parsing.cases import FOLDER, observe, read_cases

ROOT = Path(__file__).parents[2]
HOME_PLAN = ROOT / "seeds" / "litong-plan-2016-2020.txt"
PLAIN_PASS = re.compile(
    r"(?:19|20)\d\d年(?:\d{1,2}月)?底?前?|\([^()]{2,80}\)|\d+(?:\.\d+)?%|^[(（]?[一二三四五六七八九十\d]+[).、）]",
    re.MULTILINE,
)
HOSTILE = (
    "每年", "(区发改局", "牵头,", "《", "10%", "1.甲(区局牵头)\n", "(1)甲(局牵头)。", "区局、",
    "(区局牵头2022年底前)", "责任单位:区局;完成时限:2022年。(区局)", "1.甲(以下均由局牵头)\n",
    "1\t甲\t区局\n", "1\n做甲\n区局\n年底\n", "| 1 | 做甲 | 区局 |\n", "分别达到1%、2%", "- 甲\n",
)  # fmt: skip
HEAD = "某县2022年实施方案\n序号\t任务\t责任单位\n一、任务\n1.甲。"
TABLE_OF_LINES = "某县2022年实施方案\n序号\n任务\n责任单位\n完成时限\n"
MEGABYTE = 350_000


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def seconds(work: Callable[[], object], runs: int = 9) -> float:
    """Return the time of the process that the fastest of several runs took."""
    best = float("inf")
    for _ in range(runs):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best


def speed(text: str) -> None:
    """Print what a warm parse costs, and how it grows with the text."""
    plain = seconds(lambda: PLAIN_PASS.findall(text))
    parse = seconds(lambda: parse_plan(text))
    say(f"home plan: {parse * 1000:.1f} ms, {parse / plain:.0f} times a plain pass")
    twice = seconds(lambda: parse_plan(text + "\n" + text), runs=3)
    say(f"twice the home plan: {twice / parse:.2f} times as long")


def memory() -> None:
    """Print what the parser holds at most, over a bare interpreter that has read the same text."""
    read = f"import sys; text = open({str(HOME_PLAN)!r}, encoding='utf-8').read()\n"
    parse = "from plans.parsing import parse_plan\nfor _ in range(3): parse_plan(text)\n"
    peak = "sys.stdout.write(next(l for l in open('/proc/self/status') if 'VmHWM' in l))"
    bare, full = (
        int(check_output([sys.executable, "-c", read + work + peak], cwd=ROOT).split()[1])
        for work in ("", parse)
    )
    say(f"memory: {(full - bare) / 1024:.1f} MiB over the bare interpreter")


def growth(size: int) -> None:
    """Print how the time grows where a hostile piece is repeated up to a size in characters."""
    for piece in HOSTILE:
        head = TABLE_OF_LINES if piece.startswith("1\n") else HEAD
        half, full = (head + piece * (n // len(piece)) for n in (size // 2, size))
        first = seconds(partial(parse_plan, half), runs=2)
        second = seconds(partial(parse_plan, full), runs=2)
        mark = "" if second <= 2.5 * first else "  <- more than 2.5"
        say(f"{piece!r:40} {second:6.2f} s  doubling {second / first:.2f}{mark}")


def correctness() -> None:
    """Print how many facts of the cases are wrong, and how many of those without a doubt."""
    facts = wrong = silent = 0
    for path in sorted(FOLDER.glob("*.md")):
        for case in read_cases(path):
            plan = parse_plan(case.text)
            for task, key, wanted in case.wanted:
                facts += 1
                if observe(plan, task, key) != wanted:
                    wrong += 1
                    silent += not any(d.task in (task, None) for d in plan.doubts)
    say(f"cases: {facts} facts, {wrong} wrong, {silent} wrong without a doubt")


if __name__ == "__main__":
    correctness()
    speed(HOME_PLAN.read_text(encoding="utf-8"))
    memory()
    growth(int(sys.argv[1]) if len(sys.argv) > 1 else MEGABYTE)
