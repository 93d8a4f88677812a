"""The work on the plan."""

from django.apps import AppConfig


class TrackingConfig(AppConfig):
    """Dispatches, assignments, milestones, submissions and reviews."""

    name = "tracking"
    verbose_name = "交办与反馈"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the permissions."""
        from tracking import rules  # noqa: F401
