"""Load the units of a district."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import clock
from accounts.errors import DomainError
from accounts.usecases import load_register


class Command(BaseCommand):
    """Load a register file; loading it again changes nothing that a person has confirmed."""

    help = "Load the units, other names and groups of a district from a JSON file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise CommandError(f"找不到或无法打开文件：{file}") from error
        except ValueError as error:
            raise CommandError(f"文件不是 JSON：{file}（{error}）") from error
        try:
            loaded = load_register(data=data, by=None, at=clock.now())
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(
            f"{loaded.district}：新增{loaded.added}家，更新{loaded.updated}家，"
            f"已确认未动{loaded.kept}家"
        )
