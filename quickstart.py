"""Run, test, check and bundle the service with nothing but ``python3``.

This file installs from the lock and hands over: to ``config/launcher.py``, to pytest, to the
checkers. It must parse on old Pythons, so that they can say what is missing: no syntax newer
than 3.6.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - older ones are whom this sentence is for
    this = ".".join(map(str, sys.version_info[:2]))
    sentences = (
        f"This needs Python 3.11 or newer, not {this}: install it, run python3.11 quickstart.py\n"
        f"需要 Python 3.11 或更高版本，当前是 {this}：请安装后执行 python3.11 quickstart.py\n"
    )
    sys.stderr.buffer.write(sentences.encode("utf-8"))
    sys.exit(1)

import argparse
import ctypes
import errno
import hashlib
import importlib.util
import io
import os
import platform
import shutil
import signal
import socket
import subprocess
from collections import deque
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parent
VENV = Path(os.environ.get("QUICKSTART_VENV") or ROOT / ".venv").absolute()
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
WHEELS = ROOT / "wheels"
USAGE = """\

  python3 quickstart.py                安装、建库、载入演示数据并启动，按 Ctrl-C 停止
  python3 quickstart.py test [参数]    运行全部测试（SQLite 与 PostgreSQL），参数交给 pytest
  python3 quickstart.py check          静态检查：格式、类型、依赖方向、迁移、接口文档、锁文件
  python3 quickstart.py year [--seed N] 按方案全程逐日核对每一封提醒邮件，与独立的计算逐封比较
  python3 quickstart.py faults         杀进程、停服务、断网等故障演练，逐项核对不丢不重
  python3 quickstart.py fuzz           按接口文档以各种身份随机调用接口，核对每个应答
  python3 quickstart.py bundle         制作离线安装包（bundle 文件夹）

启动时可加：
  --host 地址     监听地址，默认 127.0.0.1，只限本机访问
  --port 端口     监听端口，默认 8000
  --no-demo       不载入演示数据（已设 DATABASE_URL 时默认不载入，--demo 载入）
  --offline       在离线安装包中使用：从 wheels 安装，不访问网络"""
OFFLINE_README = """\
离线安装说明

1. 把本文件夹整个拷贝到目标机器（{target}）。
2. 在本文件夹内执行：python3 quickstart.py --offline
   程序先按 SHA256SUMS 核对每个文件，再从 wheels 安装，不访问网络；随后建库、载入演示数据并启动。
3. 正式使用（不载入演示数据）：python3 quickstart.py --offline --no-demo
也可先自行核对：sha256sum -c SHA256SUMS
"""


def say(text: str) -> None:
    """Tell the person at the terminal, at once."""
    print(text, flush=True)


def spawn(arguments: list[Any], **options: Any) -> subprocess.Popen[Any]:
    """Start a child in the project's folder; on Linux it does not outlive us."""
    options.setdefault("cwd", ROOT)
    if sys.platform == "linux":
        prctl, set_parent_death_signal = ctypes.CDLL(None).prctl, 1
        options["preexec_fn"] = lambda: prctl(set_parent_death_signal, signal.SIGTERM)
    return subprocess.Popen([str(argument) for argument in arguments], **options)


def call(arguments: list[Any], **options: Any) -> int:
    """Run a child to its end and give its exit code."""
    return spawn(arguments, **options).wait()


def read(path: Path) -> str:
    """Give a small file's text, empty when there is none."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


def need_space(folder: Path, megabytes: int) -> None:
    """Stop with a sentence when the disk below the folder is nearly full."""
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free // 2**20
    if free < megabytes:
        raise SystemExit(f"磁盘空间不足：{folder} 只剩 {free} MB，请先清理到 {megabytes} MB 以上。")


def check_port(host: str, port: int) -> None:
    """Stop with a sentence when nothing can listen there."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except PermissionError:
        raise SystemExit(f"没有权限使用端口 {port}：请改用 1024 以上的端口。") from None
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise SystemExit(f"不能在 {host} 上监听：请检查 --host（{error}）。") from None
        another = f"python3 quickstart.py --port {port + 1}"
        raise SystemExit(f"端口 {port} 已被占用：请换一个端口，如 {another}") from None


def explain_error(error: OSError) -> str:
    """Give the sentence for a disk that filled up while working; raise any other error again."""
    if error.errno != errno.ENOSPC:
        raise error
    return "磁盘空间不足：请先清理到 1024 MB 以上，再重试。"


def explain_pip(output: str) -> str:
    """Give the sentence that says what to do about a failed pip, by what it printed."""
    if "No space left on device" in output:
        return "磁盘空间不足：安装依赖时写满了磁盘，请先清理到 1024 MB 以上。"
    if "DO NOT MATCH THE HASHES" in output:
        return "下载的软件包与锁文件的校验值不符：请换用可信的软件源（PIP_INDEX_URL）后重试。"
    if any(sign in output for sign in ("from versions: none", "Retrying (", "fetch URL")):
        return (
            "连接不上 Python 软件源：请检查网络，或用 PIP_INDEX_URL=镜像地址 指定镜像后重试；"
            "不能联网的机器，请在能联网的同类机器上用 python3 quickstart.py bundle 制作离线包。"
        )
    return "安装依赖失败：请按上面 pip 的提示处理后重试。"


def pip(step: str, lock: Path, arguments: list[Any]) -> None:
    """Run pip over a lock and show how far it is; stop with a sentence when it fails."""
    total, done, shown = read(lock).count("=="), 0, "…"
    starts = "Processing " if "--no-index" in arguments else "Collecting "
    tail: deque[str] = deque(maxlen=12)
    process = spawn(
        [PYTHON, "-m", "pip", *arguments, "--require-hashes", "-r", lock],
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    for line in process.stdout or ():
        tail.append(line)
        before = shown
        if line.startswith((starts, "Requirement already satisfied")):
            done += 1
            shown = f"{done}/{total}"
        elif "Retrying (" in line:
            shown = "网络不通，正在重试"
        elif line.startswith("Installing collected packages"):
            shown = "正在写入磁盘"
        if sys.stdout.isatty():
            print(f"\r\033[K{step}：{shown}", end="", flush=True)
        elif shown != before and (done % 20 == 1 or "/" not in shown):
            say(f"{step}：{shown}")
    if sys.stdout.isatty():
        say("")
    if process.wait():
        noise = ("Ignoring ", "WARNING: Retrying")
        say("".join(line for line in tail if not line.startswith(noise)))
        raise SystemExit(explain_pip("".join(tail)))


def make_venv() -> None:
    """Make the virtual environment, and again when the interpreter has changed."""
    need_space(VENV, 1024)
    mark = VENV / "made-by-quickstart"
    if PYTHON.exists() and read(mark) == sys.version:
        return
    if importlib.util.find_spec("ensurepip") is None:
        raise SystemExit(
            "本机的 Python 缺少 venv 组件：请由管理员执行 apt-get install -y python3-venv 后重试。"
        )
    say("建立虚拟环境……")
    # Only an environment that bears our mark is ours to empty.
    clear = ["--clear"] if mark.exists() else []
    if call([sys.executable, "-m", "venv", *clear, VENV]):
        raise SystemExit(f"不能建立虚拟环境：请删除 {VENV} 后重试。")
    mark.write_text(sys.version, encoding="utf-8")


def install(lock: Path, offline: bool = False) -> None:
    """Install a lock, unless exactly this lock is already there for this interpreter."""
    stamp = VENV / f"{lock.name}.installed"
    wanted = hashlib.sha256(sys.version.encode() + lock.read_bytes()).hexdigest()
    if PYTHON.exists() and read(stamp) == wanted:
        return
    source: list[Any] = []
    if offline:
        verify_bundle()
        source = ["--isolated", "--no-index", "--find-links", WHEELS]
    make_venv()
    pip("安装依赖", lock, ["install", *source])
    stamp.write_text(wanted, encoding="utf-8")


def target() -> str:
    """Name what a bundle's wheels are for: interpreter and platform."""
    version = f"Python {sys.version_info[0]}.{sys.version_info[1]}"
    return f"{version} {platform.system()} {platform.machine()}"


def sha256_of(path: Path) -> str:
    """Give a file's SHA-256 in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def verify_bundle() -> None:
    """Stop with a sentence unless this folder is a whole bundle for this machine."""
    if not (ROOT / "SHA256SUMS").exists():
        raise SystemExit(
            "这里不是离线安装包：请先在能联网的同类机器上执行 python3 quickstart.py bundle。"
        )
    if read(WHEELS / "TARGET") != target():
        meant = read(WHEELS / "TARGET")
        raise SystemExit(f"离线安装包适用于 {meant}，本机是 {target()}：请在同类机器上重新制作。")
    for line in read(ROOT / "SHA256SUMS").splitlines():
        digest, name = line.split("  ", 1)
        if not (ROOT / name).is_file() or sha256_of(ROOT / name) != digest:
            raise SystemExit(f"离线安装包的文件缺失或已损坏：{name}，请重新拷贝。")


def own_files() -> list[Path]:
    """Give the project's files relative to its root: what git tracks."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listing.returncode:
        raise SystemExit("制作离线安装包需要 git 和本项目的克隆：请用 git clone 取得代码后重试。")
    return [Path(name) for name in listing.stdout.decode().split("\0") if (ROOT / name).is_file()]


def bundle() -> None:
    """Write the folder from which ``--offline`` installs where nothing can be reached."""
    folder = ROOT / "bundle"
    files = own_files()
    make_venv()
    shutil.rmtree(folder, ignore_errors=True)
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    pip("下载依赖", LOCK, ["download", "--only-binary", ":all:", "--dest", folder / "wheels"])
    (folder / "wheels" / "TARGET").write_text(target(), encoding="utf-8")
    readme = OFFLINE_README.format(target=target())
    (folder / "README-OFFLINE.zh-CN.txt").write_text(readme, encoding="utf-8")
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = [f"{sha256_of(path)}  {path.relative_to(folder).as_posix()}\n" for path in paths]
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    size = sum(path.stat().st_size for path in paths) // 2**20
    say(f"离线安装包已写入 {folder}（{len(paths)} 个文件，{size} MB），适用于 {target()}。")


def hand_over(module: str, *arguments: str) -> NoReturn:
    """Become a module of the installed project: one process to stop, one to kill."""
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", module, *arguments])


def main(arguments: list[str]) -> None:
    """Do what the command line asks for."""
    if arguments[:1] in (["test"], ["check"], ["year"], ["faults"], ["fuzz"]):
        install(DEV_LOCK)
        hand_over("tests.suite", *arguments)
    if arguments in (["-h"], ["--help"]):
        say(USAGE)
        return
    parser = argparse.ArgumentParser(usage=USAGE, add_help=False)
    parser.add_argument("command", nargs="?", choices=["bundle"])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--demo", action=argparse.BooleanOptionalAction)
    parser.add_argument("--offline", action="store_true")
    options = parser.parse_args(arguments)
    if options.command == "bundle":
        bundle()
        return
    check_port(options.host, options.port)
    install(LOCK, options.offline)
    demo = {None: [], True: ["--demo"], False: ["--no-demo"]}[options.demo]
    hand_over("config.launcher", "--host", options.host, "--port", str(options.port), *demo)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("已取消。")
    except OSError as error:
        sys.exit(explain_error(error))
