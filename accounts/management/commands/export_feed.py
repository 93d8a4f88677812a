"""The change feed as a file, for a network that only files reach."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.errors import DomainError
from accounts.feed import export_feed, sidecar_of
from accounts.models import User


class Command(BaseCommand):
    help = "Write the entries of the change feed after a number as JSON lines, with a sidecar."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", required=True, help="whose eyes: a person or service account")
        parser.add_argument("--after", type=int, required=True, help="next_after of the last file")
        parser.add_argument("--until", type=int, help="the last number, by default the newest")
        parser.add_argument("--to", type=Path, required=True, metavar="FILE")

    def handle(self, *, user: str, after: int, until: int | None, to: Path, **options: Any) -> None:
        reader = User.objects.filter(username=user, is_active=True).first()
        if reader is None:
            raise CommandError(f"没有用户名为“{user}”的在用账号。")
        try:
            sidecar = export_feed(after=after, until=until, to=to, reader=reader)
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"写不了{to}：{error.strerror}") from error
        self.stdout.write(
            f"{sidecar.count}条，已写入{to}和{sidecar_of(to).name}；"
            f"下次用 --after {sidecar.next_after}"
        )
