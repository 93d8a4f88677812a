"""The end of a token."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import clock
from accounts.errors import DomainError
from accounts.tokens import revoke_token


class Command(BaseCommand):
    help = "Revoke an API token by the number that create_token printed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("token", type=int)

    def handle(self, *, token: int, **options: Any) -> None:
        try:
            revoked = revoke_token(token_id=token, by=None, at=clock.real_now())
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stderr.write(f"{revoked} revoked")
