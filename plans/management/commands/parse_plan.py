"""`manage.py parse_plan FILE`: plan-parse/1 on standard output."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plans.parsing.export import Source, to_json, to_text
from plans.readers import DocumentError, read_document


class Command(BaseCommand):
    """Print what the parser reads in a file; nothing else goes to standard output."""

    help = "Parse a plan: JSON to standard output, progress to standard error."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--with-text", action="store_true")
        parser.add_argument("--format", choices=("json", "text"), default="json")

    def handle(self, *, file: Path, with_text: bool, **options: Any) -> None:
        self.stderr.write(f"正在读取 {file.name}")
        try:
            document = read_document(file)
        except DocumentError as error:
            raise CommandError(error.message) from error
        plan = document.plan
        if options["format"] == "text":
            self.stdout.write(to_text(plan))
        else:
            source = Source(document.name, document.media_type, document.sha256)
            self.stdout.write(to_json(plan, source, with_text=with_text))
        self.stderr.write(f"任务{len(plan.tasks)}条，待核实{len(plan.doubts)}处")
