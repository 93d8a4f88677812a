"""登记后台: when to remind whom."""

from django.contrib import admin

from accounts.admin import RegisterAdmin
from notifications.models import ReminderRule


@admin.register(ReminderRule)
class ReminderRuleAdmin(RegisterAdmin):
    """When to remind; a rule that is not wanted is switched off, never deleted."""

    list_display = ["words", "to_head", "is_active"]
