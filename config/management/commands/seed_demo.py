"""Load the demonstration."""

import shutil
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Event, User
from config.demo import BANNER, people
from config.demo.play import BEGUN, PLAYED, play
from notifications.models import ReminderRule


class Command(BaseCommand):
    """Play the demonstration's story on an empty database, once."""

    help = "Load the demonstration (DEMO=1); refuses a database that holds anything else."

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("演示数据只在 DEMO=1 时载入；正式使用的系统不要载入。")
        marks = set(
            Event.objects.filter(action__in=(BEGUN, PLAYED)).values_list("action", flat=True)
        )
        if PLAYED in marks:
            self._introduce("演示数据已在，未作改动。")
            return
        if BEGUN in marks:
            self.stderr.write("上次载入中断，清空后重新载入。")
            _clear()
        elif _is_in_use():
            raise CommandError("数据库里已有其他数据，不载入演示数据；请另设 DATA_DIR 或数据库。")
        play()
        self._introduce("演示数据已载入。")

    def _introduce(self, first: str) -> None:
        self.stdout.write(f"{first}{BANNER}。")
        self.stdout.write(f"演示人员（密码都是 {people.PASSWORD}）：")
        for person in people.INTRODUCED:
            roles = "、".join(role.label for role in person.roles)
            self.stdout.write(f"  {person.username:<10} {person.unit} {person.name}（{roles}）")
        others = "、".join(f"{person.username} {person.unit}" for person in people.OTHERS)
        self.stdout.write(f"  其他单位：{others}")


def _is_in_use() -> bool:
    """Say whether anything stands there that migrations did not put there."""
    own = (apps.get_app_config(label) for label in ("accounts", "plans", "tracking"))
    return User.objects.exists() or any(
        model._default_manager.exists() for app in own for model in app.get_models()
    )


def _clear() -> None:
    """Empty a half-loaded demonstration, but for the reminder rules that migrations put there."""
    rules = list(ReminderRule.objects.all())
    call_command("flush", interactive=False, verbosity=0)
    shutil.rmtree(settings.MAILBOX_ROOT, ignore_errors=True)
    ReminderRule.objects.bulk_create(rules)
