"""What the clock does and what people do with what is sent."""

from notifications.usecases.feeds import make_feed, revoke_feed
from notifications.usecases.notices import read_notices
from notifications.usecases.plan_rules import RuleChoice, change_plan_rules
from notifications.usecases.sending import resend, send_outbox
from notifications.usecases.sweep import Swept, sweep
from notifications.usecases.urge import urge

__all__ = [
    "RuleChoice",
    "Swept",
    "change_plan_rules",
    "make_feed",
    "read_notices",
    "resend",
    "revoke_feed",
    "send_outbox",
    "sweep",
    "urge",
]
