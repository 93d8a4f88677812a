"""Named lines at which a test lets a process die as by ``kill -9``; inert unless FAILPOINT names
one."""

import os
import signal

from django.conf import settings


def reach(name: str) -> None:
    """Die here, without a word to anybody, where FAILPOINT says so."""
    if name == settings.FAILPOINT:
        os.kill(os.getpid(), signal.SIGKILL)
