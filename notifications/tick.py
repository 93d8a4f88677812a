"""One beat of the engine, the same for Celery, cron and the loop without a broker."""

import logging
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from accounts import clock
from accounts.tokens import warn_of_ending_tokens
from notifications.channels import mail_channel
from notifications.channels.robot import RobotChannel
from notifications.choices import Channel
from notifications.usecases import Swept, queue_for_robots, send_outbox, sweep
from plans.usecases import read_waiting
from tracking.usecases import make_periods

logger = logging.getLogger(__name__)


def tick(at: datetime | None = None) -> tuple[Swept, int]:
    """Sweep, send and read waiting files as of the moment, by default now; return what was done.

    Nothing is planned or sent while the clock of this machine and that of the database disagree:
    days and leases would be wrong. /readyz and the banner of a stopped sweep tell of it.
    """
    if not clock.agrees():
        logger.error("the clock of this machine and that of the database disagree: nothing is sent")
        return Swept(0, 0, 0), 0
    at = at or clock.now()
    make_periods(at=at, today=timezone.localdate(at))
    warn_of_ending_tokens(at=at, now=clock.real_now())
    swept = sweep(at=at, today=timezone.localdate(at))
    sent = send_outbox(channel=mail_channel(), at=at)
    if settings.ROBOT_HOSTS:
        queue_for_robots(at=at, today=timezone.localdate(at))
        sent += send_outbox(channel=RobotChannel(), at=at, over=Channel.ROBOT)
    logger.info("planned %d, digests %d, notices %d, sent %d", *_counts(swept), sent)
    read_waiting(at=at)
    return swept, sent


def _counts(swept: Swept) -> tuple[int, int, int]:
    return swept.planned, swept.digests, swept.notices
