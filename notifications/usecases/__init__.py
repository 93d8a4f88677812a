"""What the clock does and what people do with what is sent."""

from notifications.usecases.feeds import make_feed, revoke_feed
from notifications.usecases.notices import read_notices
from notifications.usecases.plan_rules import RuleChoice, change_plan_rules
from notifications.usecases.robots import add_robot, end_robot, queue_for_robots
from notifications.usecases.sending import resend, send_outbox
from notifications.usecases.sweep import Swept, sweep
from notifications.usecases.urge import urge

__all__ = [
    "RuleChoice",
    "Swept",
    "add_robot",
    "change_plan_rules",
    "end_robot",
    "make_feed",
    "queue_for_robots",
    "read_notices",
    "resend",
    "revoke_feed",
    "send_outbox",
    "sweep",
    "urge",
]
