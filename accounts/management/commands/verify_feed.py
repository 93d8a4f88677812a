"""Whether a file of the change feed arrived as it was written."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.errors import DomainError
from accounts.feed import verify_feed


class Command(BaseCommand):
    help = "Check signature, checksum and numbers of a file that export_feed wrote."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            sidecar = verify_feed(file)
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(
            f"完好：{sidecar.count}条，序号{sidecar.after}之后到{sidecar.next_after}为止。"
        )
