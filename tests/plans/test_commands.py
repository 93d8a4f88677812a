"""The commands of this app."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import District, User
from plans.models import Edition
from tests.plans.conftest import HOME_PLAN


def test_import_plan_prints_what_was_read(litong: District, checker: User) -> None:
    out = StringIO()

    call_command("import_plan", HOME_PLAN, district="利通区", by=checker.username, stdout=out)

    assert "82条任务" in out.getvalue()
    assert "必须处理6处" in out.getvalue()
    assert Edition.objects.count() == 1


def test_import_plan_brings_a_new_text_of_a_plan(edition: Edition, checker: User) -> None:
    call_command(
        "import_plan", HOME_PLAN, district="利通区", by=checker.username, plan=edition.plan_id
    )

    assert list(edition.plan.editions.values_list("number", "former")) == [
        (2, edition.pk),
        (1, None),
    ]


def test_import_plan_says_which_argument_is_wrong(
    litong: District, checker: User, liaison: User, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match="找不到"):
        call_command("import_plan", tmp_path / "无", district="利通区", by=checker.username)
    with pytest.raises(CommandError, match="没有行政区"):
        call_command("import_plan", HOME_PLAN, district="某区", by=checker.username)
    with pytest.raises(CommandError, match="没有用户"):
        call_command("import_plan", HOME_PLAN, district="利通区", by="nobody")
    with pytest.raises(CommandError, match="没有编号为7的方案"):
        call_command("import_plan", HOME_PLAN, district="利通区", by=checker.username, plan=7)
    with pytest.raises(CommandError, match="没有权限"):
        call_command("import_plan", HOME_PLAN, district="利通区", by=liaison.username)
