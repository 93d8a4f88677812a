"""Ends with 0 when the service of this container is well: ``python -m docker.healthcheck web``."""

import os
import socket
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

BEAT_SAVES_EVERY = 180


def web() -> bool:
    """Ask the web server whether it and its database answer, under the name that it serves."""
    name = urlsplit(os.environ.get("BASE_URL", "")).netloc or "localhost"
    address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/readyz"
    request = urllib.request.Request(address, headers={"Host": name})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
        request, timeout=8
    ) as answer:
        return bool(answer.status == 200)


def worker() -> bool:
    """Ask the worker of this container, and no other, for a sign of life through the broker."""
    from config.celery import app

    name = f"celery@{socket.gethostname()}"
    return bool(app.control.inspect(destination=[name], timeout=10).ping())


def beat() -> bool:
    """See whether the scheduler has saved its schedule lately."""
    files = Path(os.environ["DATA_DIR"]).glob("beat-schedule*")
    newest = max((file.stat().st_mtime for file in files), default=0)
    return time.time() - newest < 2 * BEAT_SAVES_EVERY


if __name__ == "__main__":
    checks = {"web": web, "worker": worker, "beat": beat}
    sys.exit(0 if checks[sys.argv[1]]() else 1)
