"""Who is told what, and when."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Reminders, outbox, channels and notices."""

    name = "notifications"
    verbose_name = "提醒"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the permissions."""
        from notifications import rules  # noqa: F401
