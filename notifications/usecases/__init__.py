"""What the clock does and what people do with what is sent."""

from notifications.usecases.notices import read_notices
from notifications.usecases.plan_rules import RuleChoice, change_plan_rules
from notifications.usecases.sending import resend, send_outbox
from notifications.usecases.sweep import Swept, sweep

__all__ = [
    "RuleChoice",
    "Swept",
    "change_plan_rules",
    "read_notices",
    "resend",
    "send_outbox",
    "sweep",
]
