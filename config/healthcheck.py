"""Ends with 0 when the service of this container is well: ``python -m config.healthcheck web``."""

import os
import socket
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from config.celery import SIGN_OF_LIFE, app

STALE_AFTER = 180  # seconds; the schedule is looked at every minute


def web() -> bool:
    """Ask the web server whether it and its database answer, under the name that it serves."""
    name = urlsplit(os.environ.get("BASE_URL", "")).netloc or "localhost"
    address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/readyz"
    request = urllib.request.Request(address, headers={"Host": name})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=8) as answer:
        return bool(answer.status == 200)


def worker() -> bool:
    """Ask the worker of this container, and no other, for a sign of life through the broker."""
    name = f"celery@{socket.gethostname()}"
    return bool(app.control.inspect(destination=[name], timeout=10).ping())


def beat() -> bool:
    """See whether the scheduler has looked at its schedule lately."""
    sign = Path(os.environ["DATA_DIR"]) / SIGN_OF_LIFE
    return sign.exists() and time.time() - sign.stat().st_mtime < STALE_AFTER


if __name__ == "__main__":
    checks = {"web": web, "worker": worker, "beat": beat}
    sys.exit(0 if checks[sys.argv[1]]() else 1)
