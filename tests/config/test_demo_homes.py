"""The demonstration's numbers on the home pages: the same on each, and they add up."""

import re

import pytest
from django.test import Client

from accounts.models import User

TOTALS = "截至今日应完成21个，已完成17个（81.0%）"


def words(client: Client, username: str) -> str:
    client.force_login(User.objects.get(username=username))
    page = client.get("/").content.decode()
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page))


@pytest.mark.parametrize("username", ["fzb", "dcs", "fuquzhang"])
def test_every_overseer_reads_the_same_totals(demo: None, client: Client, username: str) -> None:
    assert TOTALS in words(client, username)


def test_the_coordinators_day_is_that_of_the_story(demo: None, client: Client) -> None:
    text = words(client, "fzb")

    assert "逾期3项" in text
    assert "年底前到期11项已办结1待审核1有进展7尚无反馈2" in text
    assert "尚无反馈：第21项（3）区政府法制办、第23项（4）区委组织部。" in text
    assert "12月31日为星期日，反馈截止12月29日（星期五）。" in text
    assert "时间节点37个" in text
    assert "另提前完成1个" in text
    assert "11月14日第2次报送（已完成），已等4个工作日" in text
    assert "第2次退回，补正期限11月24日" in text
    assert "联络员缺失区民政局" in text


def test_the_supervisor_stands_aside_where_the_own_house_reports(
    demo: None, client: Client
) -> None:
    text = words(client, "dcs")

    assert "政府口逾期2项" in text
    assert "非政府口逾期1项" in text
    assert "待审核1件" in text
    assert "回避1件" in text


def test_the_head_reads_the_units_figures(demo: None, client: Client) -> None:
    text = words(client, "fgj-head")

    assert "牵头任务7项（其中共同牵头3项）" in text
    assert "时间节点5个：已办结1，待审核0，逾期1，年底前到期2，以后到期1" in text
    assert "待您审签1件第5项（3）" in text


def test_the_leader_reads_how_many_measures_have_no_date(demo: None, client: Client) -> None:
    assert "另有49条任务没有完成时限" in words(client, "fuquzhang")
