"""What the first command says when something is missing; nothing is installed here."""

import ast
import errno
import fcntl
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

import quickstart
from config import launcher
from tests import suite


def test_it_parses_on_pythons_that_are_too_old() -> None:
    source = Path(quickstart.__file__).read_text(encoding="utf-8")

    assert ast.parse(source, feature_version=(3, 7))


def test_an_old_python_is_told_which_one_to_install() -> None:
    pretend = (
        "import sys, runpy; sys.version_info = (3, 8, 1, 'final', 0); sys.argv = ['quickstart.py'];"
        f"runpy.run_path({quickstart.__file__!r}, run_name='__main__')"
    )

    answer = subprocess.run([sys.executable, "-c", pretend], capture_output=True, check=False)

    assert answer.returncode == 1
    assert "需要 Python 3.11 或更高版本，当前是 3.8" in answer.stderr.decode()


def test_a_taken_port_names_the_next_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(SystemExit, match=f"端口 {port} 已被占用.*--port {port + 1}"):
            quickstart.check_port("127.0.0.1", port)


def test_a_free_port_passes() -> None:
    quickstart.check_port("127.0.0.1", 0)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(SystemExit, match=r"不能在 192\.0\.2\.1 上监听"):
        quickstart.check_port("192.0.2.1", 0)


def test_a_nearly_full_disk_is_said_before_the_work_begins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=300 * 2**20))

    with pytest.raises(SystemExit, match=r"磁盘空间不足.*只剩 300 MB.*1024 MB"):
        quickstart.need_space(tmp_path / "not" / "yet" / "there", 1024)


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "磁盘空间不足"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "校验值不符"),
        ("ERROR: No matching distribution found (from versions: none)", "连接不上 Python 软件源"),
        ("WARNING: Retrying (Retry(total=0)) after connection broken", "quickstart.py bundle"),
        ("error: something nobody has seen before", "请按上面 pip 的提示处理"),
    ],
)
def test_a_failed_installation_says_what_to_do(output: str, sentence: str) -> None:
    assert sentence in quickstart.explain_pip(output)


def test_a_python_without_venv_names_the_package_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(quickstart, "VENV", tmp_path / "venv")
    monkeypatch.setattr(quickstart, "PYTHON", tmp_path / "venv" / "bin" / "python")
    monkeypatch.setattr(quickstart, "need_space", lambda *_: None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    with pytest.raises(SystemExit, match="apt-get install -y python3-venv"):
        quickstart.make_venv()


def test_an_installed_lock_is_not_installed_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    installed = []
    monkeypatch.setattr(quickstart, "VENV", tmp_path)
    monkeypatch.setattr(quickstart, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(quickstart, "make_venv", lambda: None)
    monkeypatch.setattr(quickstart, "pip", lambda _, lock, __: installed.append(lock.name))
    lock = tmp_path / "some.lock"
    lock.write_text("a==1")

    quickstart.install(lock)
    quickstart.install(lock)
    lock.write_text("a==2")
    quickstart.install(lock)

    assert installed == ["some.lock", "some.lock"]


def make_bundle(folder: Path) -> None:
    (folder / "wheels").mkdir()
    (folder / "wheels" / "TARGET").write_text(quickstart.target())
    (folder / "wheels" / "a.whl").write_bytes(b"wheel")
    digest = quickstart.sha256_of(folder / "wheels" / "a.whl")
    (folder / "SHA256SUMS").write_text(f"{digest}  wheels/a.whl\n")


@pytest.fixture
def bundled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    make_bundle(tmp_path)
    monkeypatch.setattr(quickstart, "ROOT", tmp_path)
    monkeypatch.setattr(quickstart, "WHEELS", tmp_path / "wheels")
    return tmp_path


def test_a_whole_bundle_passes(bundled: Path) -> None:
    quickstart.verify_bundle()


def test_a_damaged_file_of_a_bundle_is_named(bundled: Path) -> None:
    (bundled / "wheels" / "a.whl").write_bytes(b"other")

    with pytest.raises(SystemExit, match=r"已损坏：wheels/a\.whl"):
        quickstart.verify_bundle()


def test_a_bundle_for_another_machine_is_refused(bundled: Path) -> None:
    (bundled / "wheels" / "TARGET").write_text("Python 3.9 Linux aarch64")

    with pytest.raises(SystemExit, match=r"适用于 Python 3\.9 Linux aarch64"):
        quickstart.verify_bundle()


def test_offline_outside_a_bundle_says_how_to_make_one(bundled: Path) -> None:
    (bundled / "SHA256SUMS").unlink()

    with pytest.raises(SystemExit, match=r"quickstart\.py bundle"):
        quickstart.verify_bundle()


def test_a_second_launcher_on_the_same_data_is_refused(tmp_path: Path) -> None:
    with (
        launcher.held(tmp_path),
        pytest.raises(SystemExit, match="正被另一个实例使用"),
        launcher.held(tmp_path),
    ):
        pass


def test_a_folder_keeps_to_its_first_choice_about_the_demonstration(tmp_path: Path) -> None:
    assert launcher.has_demo(tmp_path, None) is True
    assert launcher.has_demo(tmp_path, None) is True

    with pytest.raises(SystemExit, match="已载入演示数据"):
        launcher.has_demo(tmp_path, False)


def test_a_database_named_from_outside_gets_no_demonstration_unasked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/real")

    assert launcher.has_demo(tmp_path, None) is False


def test_the_environment_outweighs_what_the_launcher_would_choose(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FIXED_TODAY", "2018-01-02")
    monkeypatch.delenv("BASE_URL", raising=False)

    env = launcher.environment("127.0.0.1", 8001, tmp_path, demo=True)

    assert env["FIXED_TODAY"] == "2018-01-02"
    assert env["BASE_URL"] == "http://127.0.0.1:8001"
    assert env["DATA_DIR"] == str(tmp_path)


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    (tmp_path / "plans" / "static").mkdir(parents=True)
    (tmp_path / "plans" / "migrations").mkdir()
    (tmp_path / "plans" / "__init__.py").touch()
    (tmp_path / "plans" / "static" / "plans.css").write_text("a {}")
    monkeypatch.setattr(launcher, "ROOT", tmp_path)
    return tmp_path


def test_a_new_migration_or_another_database_is_noticed(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = launcher.fingerprint()

    (project / "plans" / "migrations" / "0002_more.py").touch()
    migrated = launcher.fingerprint()
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/plans")
    moved = launcher.fingerprint()

    assert len({before, migrated, moved}) == 3


def test_what_was_collected_is_not_taken_for_something_new(project: Path) -> None:
    before = launcher.fingerprint()

    (project / "data" / "static").mkdir(parents=True)
    (project / "data" / "static" / "plans.123.css").write_text("a {}")

    assert launcher.fingerprint() == before


def test_a_process_that_keeps_dying_stops_everything_and_shows_its_log(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    failing = [sys.executable, "-c", "import sys; sys.exit('no such broker')"]
    service = launcher.Service("worker", failing, os.environ, tmp_path)

    def die_again_and_again() -> None:
        while True:
            service.process.wait()
            service.revive()

    with pytest.raises(SystemExit, match="worker 反复退出"):
        die_again_and_again()
    said = capfd.readouterr().out
    assert said.count("正在重新启动 worker") == 3
    assert "no such broker" in said


def soon(condition: Callable[[], bool]) -> bool:
    """Wait up to ten seconds for a condition and say whether it came true."""
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def is_free(path: Path) -> bool:
    """Say whether no process holds the file's lock."""
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def test_stopping_leaves_no_process_behind(tmp_path: Path) -> None:
    held = tmp_path / "held"
    stubborn = (
        "import fcntl, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"file = open({str(held)!r}, 'w'); fcntl.flock(file, fcntl.LOCK_EX);"
        "print('ready', flush=True); time.sleep(60)"
    )
    parent = (
        "import subprocess, sys, time;"
        f"subprocess.Popen([sys.executable, '-c', {stubborn!r}]); time.sleep(60)"
    )
    service = launcher.Service("web", [sys.executable, "-c", parent], os.environ, tmp_path)
    assert soon(lambda: "ready" in service.log.read_text())

    launcher.stop([service])

    assert soon(lambda: is_free(held))


def test_only_a_full_disk_is_translated() -> None:
    assert quickstart.explain_error(OSError(errno.ENOSPC, "full")).startswith("磁盘空间不足")
    with pytest.raises(PermissionError):
        quickstart.explain_error(PermissionError(errno.EACCES, "denied"))


def test_the_newest_postgresql_of_the_machine_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for version in ("9.6", "15", "17"):
        folder = tmp_path / version / "bin"
        folder.mkdir(parents=True)
        (folder / "initdb").touch()
    monkeypatch.setattr(suite, "POSTGRES_HOME", tmp_path)

    assert suite.postgres_programs() == tmp_path / "17" / "bin"
