"""A token for a program, printed once."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import clock
from accounts.choices import TokenScope
from accounts.errors import DomainError
from accounts.models import User
from accounts.tokens import create_token


class Command(BaseCommand):
    help = "Give a person an API token; its secret goes to standard output, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="命令行", help="what the token is for")
        parser.add_argument(
            "--scopes", nargs="+", choices=TokenScope.values, default=TokenScope.values
        )
        parser.add_argument("--days", type=int, default=90, help="how long it lives (at most 366)")

    def handle(
        self, *, username: str, name: str, days: int, scopes: list[str], **options: Any
    ) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"没有用户名为“{username}”的人员。")
        at = clock.real_now()
        try:
            made = create_token(
                user=user,
                name=name,
                expires_at=at + timedelta(days=days),
                scopes=[TokenScope(scope) for scope in scopes],
                by=None,
                at=at,
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(made.secret)
        self.stderr.write(f"token {made.pk} of {user}, until {made.expires_at:%Y-%m-%d}")
