"""The digest of a made-up unit, word by word."""

from datetime import date

import pytest
from django.template.loader import render_to_string
from pytest_django.fixtures import Settings

from accounts.choices import Role
from accounts.models import Department
from notifications.digest import Digest, make_digest
from notifications.matters import Matters
from notifications.models import Outbox, Reminder
from notifications.wording import addressed, short_title, until
from plans.models import Plan
from tests.conftest import TODAY
from tests.factories import (
    AssignmentFactory,
    DepartmentFactory,
    DistrictFactory,
    EditionFactory,
    MeasureFactory,
    MilestoneFactory,
    PlanFactory,
    SubmissionFactory,
    member,
)
from tests.notifications.conftest import moment, send_on, sweep_on
from tracking.choices import Decision, SubmissionStatus
from tracking.models import Extension, Milestone, Review, Submission

pytestmark = pytest.mark.usefixtures("calendar")
YEAR_END = date(2017, 12, 31)


class Office:
    """A water bureau with three milestones of one plan: late, near, and near with a draft."""

    def __init__(self) -> None:
        self.district = DistrictFactory.create(name="东山市河湾区")
        self.bureau = DepartmentFactory.create(district=self.district, name="区水利局")
        self.liaison = member(self.bureau, Role.LIAISON)
        self.liaison.name = "赵××"
        self.liaison.save()
        self.plan = PlanFactory.create(
            district=self.district, title="河湾区节水型社会建设实施方案（2016—2020年）"
        )
        self.edition = EditionFactory.create(plan=self.plan)
        self.late = self.owe(
            "1", "5", "对保留的取水许可实行清单管理,并向社会公布。", date(2017, 6, 30)
        )
        self.near = self.owe("5", "3", "建立用水统计制度", YEAR_END)
        self.drafted = self.owe("19", "4", "建立取水户信用记录", YEAR_END)

    def owe(self, number: str, sub: str, what: str, due_on: date) -> Milestone:
        measure = MeasureFactory.create(edition=self.edition, number=number, sub_number=sub)
        assignment = AssignmentFactory.create(measure=measure, department=self.bureau)
        return MilestoneFactory.create(
            assignment=assignment, department=self.bureau, what=what, due_on=due_on
        )

    def report(self, milestone: Milestone, day: date, **fields: object) -> Submission:
        return SubmissionFactory.create(
            **{
                "milestone": milestone,
                "author": self.liaison,
                "accepted": True,
                "submitted_at": moment(day),
                **fields,
            }
        )


@pytest.fixture
def office(settings: Settings) -> Office:
    settings.BASE_URL = "http://plan.example"
    settings.CONTACT_LINE = "区法制办 李×× 0000-0000000"
    settings.DEMO = True
    return Office()


def written(office: Office, *milestones: Milestone, at: date = TODAY) -> str:
    digest = digest_of(office, *milestones, at=at)
    return render_to_string("notifications/mail/digest.txt", _fields(digest))


def digest_of(office: Office, *milestones: Milestone, at: date = TODAY) -> Digest:
    return make_digest(
        office.liaison, Matters(milestones=[row.pk for row in milestones]), at=moment(at, 8, 30)
    )


def as_html(digest: Digest) -> str:
    return render_to_string("notifications/mail/digest.html", _fields(digest))


def _fields(digest: Digest) -> dict[str, object]:
    return {name: getattr(digest, name) for name in Digest.__slots__}


def test_the_digest_of_a_monday_reads_like_the_model(office: Office) -> None:
    other = DepartmentFactory.create(district=office.district, name="区市场监管局")
    AssignmentFactory.create(
        measure=office.late.assignment.measure,
        department=other,
        reports_through=office.late.assignment,
    )
    Milestone.objects.filter(pk=office.late.pk).update(original_due_on=date(2016, 12, 31))
    Extension.objects.create(
        milestone=office.late,
        asked_on=date(2016, 12, 29),
        reason="等待上级规范",
        old_due_on=date(2016, 12, 31),
        new_due_on=date(2017, 6, 30),
        approved_by="×××",
        approved_on=date(2016, 12, 30),
        recorded_by=office.liaison,
        recorded_at=moment(date(2016, 12, 30)),
    )
    office.report(office.late, date(2017, 6, 26))
    office.report(office.near, date(2017, 8, 31))
    office.report(
        office.drafted,
        date(2017, 11, 17),
        accepted=False,
        submitted_at=None,
        status=SubmissionStatus.SIGN_OFF,
        updated_at=moment(date(2017, 11, 17)),
    )
    draft = office.drafted.submissions.get()

    text = written(office, office.late, office.near, office.drafted)

    assert digest_of(office, office.late, office.near, office.drafted).subject == (
        "【节水型社会建设】区水利局：逾期1项，年底前到期2项（11月20日）"
    )
    assert (
        text.strip()
        == f"""\
赵××同志：

截至今天8:30，贵局有3项需要办理。

一、已逾期1项

  第1项（5） 对保留的取水许可实行清单管理，并向社会公布
  原时限2016年12月31日，延期1次至2017年6月30日，已逾期143天。
  最近一次反馈：6月26日，正在推进。贵局填报，区市场监管局共同牵头。
  请尽快报送；尚不能完成的，请说明原因和预计完成日期。
  〔填报〕 http://plan.example/milestones/{office.late.pk}/

二、年底前到期2项
  完成时限12月31日为星期日，请于12月29日（星期五）前报送。

  第5项（3） 建立用水统计制度
  上次反馈8月31日，正在推进。
  〔填报〕 http://plan.example/milestones/{office.near.pk}/

  第19项（4） 建立取水户信用记录
  反馈稿11月17日已送贵局领导审签，尚未报送。
  〔查看〕 http://plan.example/submissions/{draft.pk}/

其余任务近期不用填。

联系人：区法制办 李×× 0000-0000000
———
逾期事项每周汇总一次；有新的到期提醒或补正期限到期时当日另发，节假日不发。
收到原因：您是区水利局联络员。人员有变动请来电更正。
本系统为非涉密系统，请勿回复或上传涉密、敏感信息。
（演示数据，情节虚构，不反映东山市河湾区实际工作）"""
    )


def test_a_report_that_came_back_says_when_why_and_until_when(office: Office) -> None:
    report = office.report(
        office.near, date(2017, 11, 14), accepted=False, waiting=True, status="returned"
    )
    Review.objects.create(
        submission=report,
        by=office.liaison,
        at=moment(date(2017, 11, 16)),
        decision=Decision.RETURNED,
        note="缺少佐证材料",
        redo_by=date(2017, 11, 24),
    )

    digest = digest_of(office, office.near)

    assert "退回待补正1项" in digest.subject
    assert digest.sections[0].heading == "一、退回待补正1项"
    assert digest.sections[0].items[0].lines[0] == (
        "11月16日第1次退回，请于11月24日（星期五）前补正。理由：缺少佐证材料"
    )


def test_what_is_left_unnamed_is_counted(office: Office) -> None:
    assert "另有2项也在近期，登录后查看。" in written(office, office.near)
    assert "其余任务近期不用填。" not in written(office, office.near)


def test_a_digest_is_one_screen_long_and_worst_first(office: Office) -> None:
    more = [office.owe(str(number), "", "更新名录", YEAR_END) for number in range(30, 41)]

    digest = digest_of(office, *more, office.near, office.late)

    assert digest.sections[0].items[0].reference == "第1项（5）"
    assert sum(len(section.items) for section in digest.sections) == 10
    assert digest.sections[1].heading == "二、年底前到期12项"
    assert digest.left_out == 3
    assert "另有3项，登录后查看： http://plan.example/" in written(
        office, *more, office.near, office.late
    )


def test_markup_in_a_plan_stays_text_in_the_html(office: Office) -> None:
    Milestone.objects.filter(pk=office.near.pk).update(what="<script>alert(1)</script>名录")

    html = render_to_string(
        "notifications/mail/digest.html", _fields(digest_of(office, office.near))
    )

    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_links_come_from_the_configured_address_only(office: Office) -> None:
    html = render_to_string(
        "notifications/mail/digest.html", _fields(digest_of(office, office.near))
    )

    assert f'href="http://plan.example/milestones/{office.near.pk}/"' in html


def test_without_a_contact_line_a_coordinator_is_named(office: Office, settings: Settings) -> None:
    settings.CONTACT_LINE = ""
    law = DepartmentFactory.create(district=office.district, name="区法制办")
    coordinator = member(law, Role.COORDINATOR)
    coordinator.phone = "0000-1111111"
    coordinator.save()

    assert f"联系人：区法制办 {coordinator.name} 0000-1111111" in written(office, office.near)


def test_the_mail_says_what_the_sweep_found(office: Office) -> None:
    sweep_on(TODAY)
    send_on(TODAY)

    message = Outbox.objects.get()
    assert message.status == "sent"
    assert message.subject == "【节水型社会建设】区水利局：逾期1项，年底前到期2项（11月20日）"
    assert Reminder.objects.filter(status="enqueued", outbox=message).count() == 3


@pytest.mark.parametrize(
    ("title", "district", "short"),
    [
        ("河湾区节水型社会建设实施方案（2016—2020年）", "河湾区", "节水型社会建设"),
        ("河湾区节水型社会建设实施方案", "东山市河湾区", "节水型社会建设"),
        ("东山市河湾区《质量提升行动方案》", "河湾区", "质量提升"),
        ("城市更新三年行动计划", "河湾区", "城市更新三年"),
    ],
)
def test_a_plan_is_called_by_what_it_is_about(title: str, district: str, short: str) -> None:
    plan = Plan(title=title, district=DistrictFactory.build(name=district))

    assert short_title(plan) == short


@pytest.mark.parametrize(
    ("name", "you"),
    [
        ("区水利局", "贵局"),
        ("区政府办公室", "贵办"),
        ("区委宣传部", "贵部"),
        ("河口镇", "贵镇"),
        ("区总工会", "贵单位"),
    ],
)
def test_a_unit_is_addressed_by_its_kind(name: str, you: str) -> None:
    assert addressed(Department(name=name)) == you


@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        (YEAR_END, "年底前"),
        (date(2017, 11, 30), "11月底前"),
        (date(2017, 12, 15), "12月15日前"),
        (date(2018, 6, 30), "2018年6月30日前"),
    ],
)
def test_a_due_day_is_spoken_of_as_the_plan_does(due_on: date, words: str) -> None:
    assert until(due_on, TODAY) == words


def test_a_report_without_a_work_status_still_has_a_day(office: Office) -> None:
    office.report(office.near, date(2017, 8, 31), work_status="")

    assert digest_of(office, office.near).sections[0].items[0].lines == ["上次反馈8月31日。"]


def test_a_person_of_two_units_gets_one_digest_that_says_so(office: Office) -> None:
    second = DepartmentFactory.create(district=office.district)
    milestone = MilestoneFactory.create(department=second)

    digest = digest_of(office, office.late, milestone)

    assert "区水利局等2个单位" in digest.subject
    assert "您负责的2个单位有2项需要办理" in digest.opening


def test_a_head_is_told_that_the_mail_came_to_the_head(office: Office) -> None:
    head = member(office.bureau, Role.HEAD)

    digest = make_digest(head, Matters(milestones=[office.late.pk]), at=moment(TODAY))

    assert digest.reason.startswith("收到原因：您是区水利局审签领导。")
