"""Fill in the working-day calendar."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import clock
from accounts.errors import DomainError
from accounts.usecases import fill_calendar


class Command(BaseCommand):
    """Fill in holidays and swapped working days as the State Council announced them."""

    help = "Fill in the holidays of some years; days entered by hand stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        this_year = clock.today().year
        parser.add_argument("--from", dest="from_year", type=int, default=this_year)
        parser.add_argument("--to", dest="to_year", type=int, default=this_year + 1)

    def handle(self, *, from_year: int, to_year: int, **options: Any) -> None:
        try:
            counts = fill_calendar(from_year=from_year, to_year=to_year, by=None, at=clock.now())
        except DomainError as error:
            raise CommandError(error.message) from error
        for year, count in counts.items():
            self.stdout.write(
                f"{year}年：{count}天" if count else f"{year}年：尚未公布，按双休日计算"
            )
