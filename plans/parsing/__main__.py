"""`python -m plans.parsing FILE`: plan-parse/1 of a UTF-8 text on standard output."""

import argparse
import hashlib
import sys
from pathlib import Path

from plans.parsing.export import Source, to_json, to_text
from plans.parsing.pipeline import parse_plan


def main(arguments: list[str] | None = None) -> int:
    """Read one file, print its parse, and return the exit code."""
    cli = argparse.ArgumentParser(prog="python -m plans.parsing", description=__doc__)
    cli.add_argument("file", type=Path, help="the plan as UTF-8 text")
    cli.add_argument("--with-text", action="store_true", help="print the source text too")
    cli.add_argument("--format", choices=("json", "text"), default="json")
    given = cli.parse_args(arguments)
    try:
        content = given.file.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        return fail(f"文件无法打开：{given.file}（{error.strerror}）")
    except UnicodeDecodeError:
        return fail(f"不是 UTF-8 文本：{given.file}")
    plan = parse_plan(text.replace("\r\n", "\n").replace("\r", "\n"))
    source = Source(given.file.name, "text/plain", hashlib.sha256(content).hexdigest())
    if given.format == "text":
        sys.stdout.write(to_text(plan))
    else:
        sys.stdout.write(to_json(plan, source, with_text=given.with_text) + "\n")
    sys.stderr.write(f"{given.file.name}：任务{len(plan.tasks)}条，待核实{len(plan.doubts)}处\n")
    return 0


def fail(message: str) -> int:
    """Say on standard error what went wrong, and return the exit code for it."""
    sys.stderr.write(message + "\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
