"""Import a plan as a draft."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from accounts import clock
from accounts.errors import DomainError
from accounts.models import District, User
from plans.choices import Severity
from plans.models import Edition, Plan
from plans.usecases import import_plan


class Command(BaseCommand):
    """Import a document as a draft edition and print what was read."""

    help = "Import a plan from a text file as a draft, to be checked and issued on its pages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--district", required=True, help="name, e.g. 利通区")
        parser.add_argument("--by", required=True, help="username of a coordinator")
        parser.add_argument("--plan", type=int, help="key of the plan of which this is a new text")

    def handle(
        self, *, file: Path, district: str, by: str, plan: int | None = None, **options: Any
    ) -> None:
        try:
            with file.open("rb") as opened:
                edition = import_plan(
                    upload=File(opened, name=file.name),
                    district=District.objects.get(name=district),
                    by=User.objects.get(username=by),
                    at=clock.now(),
                    plan=Plan.objects.get(pk=plan, district__name=district) if plan else None,
                )
        except OSError as error:
            raise CommandError(f"找不到或无法打开文件：{file}") from error
        except District.DoesNotExist as error:
            raise CommandError(f"没有行政区“{district}”，请先 load_register。") from error
        except Plan.DoesNotExist as error:
            raise CommandError(f"{district}没有编号为{plan}的方案。") from error
        except User.DoesNotExist as error:
            raise CommandError(f"没有用户“{by}”。") from error
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(self._summary(edition))

    def _summary(self, edition: Edition) -> str:
        rows = edition.doubts.values_list("severity").annotate(n=Count("id")).order_by()
        counts = "，".join(f"{Severity(severity).label}{n}处" for severity, n in rows)
        leaves = edition.measures.leaves().count()
        return (
            f"《{edition}》第{edition.number}份文本（编号{edition.pk}）：{leaves}条任务；{counts}"
        )
