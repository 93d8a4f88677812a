"""The first coordinator of an installation, and anybody else, from the machine itself."""

import os
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import clock
from accounts.choices import Role
from accounts.errors import DomainError
from accounts.models import Department
from accounts.usecases import add_person


class Command(BaseCommand):
    help = "Register a person; the password is asked for, or read from NEW_PASSWORD."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("name")
        parser.add_argument("--department", required=True, help="a name the register knows")
        parser.add_argument("--role", action="append", required=True, choices=Role.values)
        parser.add_argument("--email", default="")
        parser.add_argument("--phone", default="")

    def handle(
        self, *, username: str, name: str, department: str, role: list[str], **options: Any
    ) -> None:
        unit = Department.objects.named(department).first()
        if unit is None:
            raise CommandError(f"单位名录里没有“{department}”，请先用 load_register 导入名录。")
        try:
            person = add_person(
                username=username,
                name=name,
                password=os.environ.get("NEW_PASSWORD") or getpass("密码："),
                department_id=unit.pk,
                roles=[Role(value) for value in role],
                email=options["email"],
                phone=options["phone"],
                by=None,
                at=clock.now(),
                today=clock.today(),
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"已登记：{person.username} {unit} {person.name}")
