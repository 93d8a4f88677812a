"""Lets one process after the other run the engine and die at a named line.

A child is forked for each, so that a hundred deaths cost seconds, not minutes.
"""

import os
import signal
import smtplib
import sys

import django


def die_after_the_dot() -> None:
    """Let this process die when the whole message is on its way and no answer has come."""
    send = smtplib.SMTP.send

    def send_and_die(self: smtplib.SMTP, s: bytes | str) -> None:
        send(self, s)
        if isinstance(s, bytes) and s.endswith(b"\r\n.\r\n"):
            os.kill(os.getpid(), signal.SIGKILL)

    smtplib.SMTP.send = send_and_die  # type: ignore[method-assign,assignment]


def end_leases() -> None:
    """Let the claims of whoever died be over at once."""
    from django.db import connections

    from accounts import clock
    from notifications.models import Outbox

    Outbox.objects.filter(status="sending").update(lease_until=clock.real_now())
    connections.close_all()


def main() -> None:
    """Fork so many times for each of the named lines; print how many died at each."""
    django.setup()
    from django.conf import settings
    from django.db import connections

    from accounts import clock
    from notifications.channels import mail_channel
    from notifications.tick import tick
    from notifications.usecases import send_outbox, sweep
    from quickstart import say

    rounds, *points = sys.argv[1:]
    for point in points:
        if point != "before_commit":
            sweep(at=clock.now(), today=clock.today())
            connections.close_all()
        died = 0
        for _ in range(int(rounds)):
            child = os.fork()
            if not child:
                if point == "after_dot":
                    die_after_the_dot()
                settings.FAILPOINT = point
                if point == "before_commit":
                    tick()
                send_outbox(channel=mail_channel(), at=clock.now())
                os._exit(0)
            died += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
            end_leases()
        say(f"{point} {died}")


if __name__ == "__main__":
    main()
