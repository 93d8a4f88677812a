"""The notice about the holidays of a year, as the State Council words it."""

from datetime import date

import pytest

from accounts.calendar import WorkCalendar, published_days
from accounts.holiday_notice import read_notice

OF_2018 = """各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2018年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日放假，与周末连休。
二、春节：2月15日至21日放假调休，共7天。2月11日（星期日）、2月24日（星期六）上班。
三、清明节：4月5日至7日放假调休，共3天。4月8日（星期日）上班。
四、劳动节：4月29日至5月1日放假调休，共3天。4月28日（星期六）上班。
五、端午节：6月18日放假，与周末连休。
六、中秋节：9月24日放假，与周末连休。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期六）、9月30日（星期日）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。
"""
OF_2026 = """一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。"""


@pytest.mark.parametrize(("year", "text"), [(2018, OF_2018), (2026, OF_2026)])
def test_a_notice_gives_the_working_days_that_the_library_knows(year: int, text: str) -> None:
    notice = read_notice(text, year)
    pasted = WorkCalendar({day.date: day.is_workday for day in notice.days})
    known = WorkCalendar({day.date: day.is_workday for day in published_days(year)})
    days = [date.fromordinal(n) for n in range(*_year(year))]

    assert notice.problems == []
    differing = [day for day in days if pasted.is_working(day) != known.is_working(day)]
    # 2018's last days are settled by the notice for 2019.
    assert [day for day in differing if (day.month, day.day) < (12, 29)] == []


def _year(year: int) -> tuple[int, int]:
    return date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()


def test_each_day_off_keeps_the_name_of_its_festival() -> None:
    names = {day.date: day.name for day in read_notice(OF_2018, 2018).days}

    assert names[date(2018, 2, 16)] == "春节"
    assert names[date(2018, 4, 8)] == "调休上班"
    assert names[date(2018, 10, 7)] == "国庆节"


def test_days_are_listed_without_their_month_and_across_the_turn_of_a_year() -> None:
    text = "元旦:2018年12月30日至2019年1月1日放假。10月1日、2日、3日休息。"

    days = [day.date for day in read_notice(text, 2018).days]

    assert days == [
        date(2018, 10, 1),
        date(2018, 10, 2),
        date(2018, 10, 3),
        date(2018, 12, 30),
        date(2018, 12, 31),
        date(2019, 1, 1),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("国庆节：10月1日至7日放假。9月29日（星期日）上班。", "9月29日是星期六"),
        ("国庆节：10月1日至7日放假。2月30日上班。", "没有这一天：2月30日"),
        ("国庆节：10月7日至1日放假。", "起止日期不对"),
        ("春节：2月15日至21日放假调休。", "没有读到2018年国庆节"),
        ("下午三点开会。", "没有读到2018年国庆节"),
    ],
)
def test_what_does_not_fit_is_said(text: str, said: str) -> None:
    assert said in "".join(read_notice(text, 2018).problems)
