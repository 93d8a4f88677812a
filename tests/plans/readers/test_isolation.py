"""The process that reads: what it may spend, and that nothing of it is left."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from plans.readers import DocumentError, TooSlowError, document_from, entry, isolation
from plans.readers.isolation import ask_child, run
from plans.readers.limits import MEMORY
from tests.plans.readers.docx_files import docx, paragraph

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512


def python(code: str, *, seconds: int = 10, memory: int = MEMORY) -> int:
    return run([sys.executable, "-c", code], seconds=seconds, memory=memory)


def test_a_reader_that_takes_too_much_memory_ends() -> None:
    assert python("bytearray(700 * 1024 * 1024)") != 0


def is_running(stat: Path) -> bool:
    """Say whether the process is there and more than a corpse that nobody has buried yet."""
    try:
        return stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_reader_that_sleeps_is_ended_with_what_it_started(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    code = (
        "import subprocess, sys, time, pathlib\n"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"pathlib.Path({str(pid)!r}).write_text(str(p.pid))\n"
        "time.sleep(60)"
    )
    began = time.monotonic()

    with pytest.raises(subprocess.TimeoutExpired):
        python(code, seconds=2)

    assert time.monotonic() - began < 5
    stat = Path(f"/proc/{pid.read_text()}/stat")
    while is_running(stat) and time.monotonic() - began < 10:
        time.sleep(0.05)
    assert not is_running(stat)


def test_a_reader_that_never_ends_is_an_error_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "WALL_SECONDS", 0.001)

    with pytest.raises(DocumentError, match="没有读完"):
        ask_child("docx", docx(paragraph("方案")))


def test_a_reader_and_what_it_starts_open_no_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        code = f"import socket; socket.create_connection(('127.0.0.1', {port}))"
        apart = [sys.executable, "-m", "plans.readers.confine", sys.executable, "-c"]

        assert python("from plans.readers.child import limit; limit(); " + code) == 1
        assert run([*apart, code], seconds=10) == 1
        assert run([*apart, "import socket; socket.socket(socket.AF_UNIX)"], seconds=10) == 0
        assert python(code) == 0


def test_a_reader_starts_no_program() -> None:
    code = "import os; os.system('true'); import subprocess; subprocess.run(['true'])"

    assert python("from plans.readers.child import limit; limit(); " + code) == 1
    assert python(code) == 0


def test_a_parse_of_too_much_costs_its_sender_an_error() -> None:
    again = "某县2022年实施方案\n一、任务\n1.甲。" + "每年" * 500_000

    with pytest.raises(DocumentError, match="没有读完"):
        document_from("方案.txt", again.encode())


def test_what_takes_long_is_not_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "AT_ONCE_SECONDS", 0.001)
    content = docx(paragraph("方案"))

    with pytest.raises(TooSlowError):
        document_from("方案.docx", content, at_once=True)
    assert document_from("方案.docx", content).text == "方案\n"


def test_an_answer_that_is_no_plan_is_an_error_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "ask_child", lambda *_, **__: {"plan": ["甲"], "places": []})

    with pytest.raises(DocumentError, match="无法读取"):
        document_from("方案.txt", b"x")


def test_a_reader_does_not_see_the_secrets_of_the_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET_KEY", "secret")

    assert python("import os, sys; sys.exit('SECRET_KEY' in os.environ)") == 0


def test_the_next_file_is_read_after_one_that_was_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(isolation, "WALL_SECONDS", 0)
        with pytest.raises(DocumentError):
            ask_child("docx", docx(paragraph("方案")))

    assert document_from("a.docx", docx(paragraph("方案"))).text == "方案\n"


def test_an_old_file_says_how_to_save_it_anew_where_there_is_no_converter(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    for at_once in (True, False):
        with pytest.raises(DocumentError, match=r"另存为 \.docx"):
            document_from("方案.doc", OLD, at_once=at_once)


def test_an_old_file_is_converted_where_there_is_a_converter(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = tmp_path / "made.docx"
    made.write_bytes(docx(paragraph("旧版方案")))
    program = tmp_path / "soffice"
    copy = shutil.which("cp")
    program.write_text(
        "#!/bin/sh\n"
        'while [ $# -gt 1 ]; do [ "$1" = --outdir ] && out=$2; shift; done\n'
        f'{copy} {made} "$out/source.docx"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    with pytest.raises(TooSlowError):
        document_from("方案.wps", OLD, at_once=True)
    document = document_from("方案.wps", OLD)

    assert (document.text, document.name) == ("旧版方案\n", "方案.wps")


def test_a_file_that_does_not_convert_is_an_error_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    with pytest.raises(DocumentError, match="没有转换成功"):
        document_from("方案.doc", OLD)
