"""The ground floor."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """District, units, people and what every app stands on."""

    name = "accounts"
    verbose_name = "单位与人员"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the permissions."""
        from accounts import rules  # noqa: F401
