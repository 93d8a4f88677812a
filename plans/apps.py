"""The plan as written."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Plans, editions, measures and doubts."""

    name = "plans"
    verbose_name = "实施方案"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the permissions."""
        from plans import rules  # noqa: F401
