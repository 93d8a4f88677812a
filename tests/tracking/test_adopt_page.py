"""The page that shows what a new text would do to the work, and does it."""

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.choices import Role
from accounts.models import Department, District, Group, User
from plans.choices import EditionStatus, Severity
from plans.models import Doubt, Edition
from plans.usecases import import_plan
from tests.conftest import NOON
from tests.factories import member
from tests.tracking.test_adoption import FIRST, first, later, units
from tracking.choices import PastChoice, ReportMode
from tracking.models import Milestone
from tracking.selectors.distribution import Choice
from tracking.usecases import issue_plan

__all__ = ["first", "units"]
NUMBER = "某政发〔2017〕2号"


@pytest.fixture
def desk(client: Client, coordinator: User) -> Client:
    client.force_login(coordinator)
    return client


@pytest.fixture
def second(first: Edition, coordinator: User) -> Edition:
    return later(
        first,
        coordinator,
        ("2017年12月底前，编制", "2018年6月底前，编制"),
        ("区司法局牵头，区民政局配合", "区民政局牵头"),
    )


def page_of(edition: Edition) -> str:
    return reverse("tracking:adopt", args=[edition.pk])


def test_the_preview_names_everything_and_changes_nothing(desk: Client, second: Edition) -> None:
    shown = desk.get(page_of(second)).content.decode()

    assert "<del>2017年12月31日</del>" in shown
    assert "<ins>2018年6月30日</ins>" in shown
    assert "第2项的责任单位不再包括区司法局" in shown
    assert "移交填报" in shown
    assert "配合改为牵头" in shown
    assert not Milestone.objects.filter(due_on__year=2018).exists()


def test_the_page_puts_the_text_in_force_and_the_former_says_so(
    desk: Client, first: Edition, second: Edition
) -> None:
    answer = desk.post(
        page_of(second),
        {
            "document_number": NUMBER,
            "issued_on": "2017-11-20",
            "expected_version": second.version,
        },
        follow=True,
    )

    assert "新文本已启用" in answer.content.decode()
    for name in ("plans:text", "plans:edition"):
        shown = desk.get(reverse(name, args=[first.pk])).content.decode()
        assert f"（{NUMBER}，2017年11月20日印发）取代" in shown
        assert "2017年12月底前" in desk.get(reverse("plans:text", args=[first.pk])).content.decode()


def test_work_is_found_from_the_former_text_too(
    desk: Client, first: Edition, second: Edition, coordinator: User
) -> None:
    measure = first.measures.get(number="1")
    data = {"document_number": NUMBER, "issued_on": "2017-11-20"}
    desk.post(page_of(second), data | {"expected_version": str(second.version)})

    found = desk.get(reverse("tracking:assignments"), {"measure": measure.pk})

    assert "2018年6月30日" in found.content.decode()


def test_an_open_error_is_named_and_stops_the_button(desk: Client, second: Edition) -> None:
    Doubt.objects.create(
        edition=second, ordinal=99, code="x", severity=Severity.ERROR, message="", start=0, end=1
    )

    shown = desk.get(page_of(second)).content.decode()

    assert "还不能启用" in shown
    data = {"document_number": NUMBER, "issued_on": "2017-11-20", "expected_version": 1}
    refused = desk.post(page_of(second), data)
    assert refused.status_code == 409
    assert NUMBER in refused.content.decode()


NEW = "3.加强宣传。开展经常性法治宣传教育活动（区民政局牵头）。\n"
TWO_LEADS = "4.编制目录。2018年6月底前，编制数据目录（区财政局、区民政局牵头）。\n"


def test_who_reports_on_a_new_measure_is_asked_previewed_and_kept(
    desk: Client, first: Edition, coordinator: User, units: dict[str, Department]
) -> None:
    third = later(first, coordinator, (NEW, f"{NEW}\n{TWO_LEADS}"))
    measure = third.measures.get(path="4")
    form = desk.get(page_of(third)).context["form"]
    answers = {
        f"mode_{measure.pk}": "unified",
        f"reporter_{measure.pk}": units["区民政局"].pk,
        "expected_version": third.version,
    }
    assert form[f"reporter_{measure.pk}"].value() == units["区财政局"].pk

    shown = desk.post(page_of(third), answers | {"step": "preview"})

    assert shown.status_code == 200
    assert "编制数据目录（区民政局）" in shown.content.decode()
    assert not Milestone.objects.filter(due_on=date(2018, 6, 30)).exists()
    desk.post(page_of(third), answers | {"document_number": NUMBER, "issued_on": "2017-11-20"})
    dated = Milestone.objects.get(due_on=date(2018, 6, 30))
    assert dated.department == units["区民政局"]


def test_a_unit_that_was_left_out_of_the_common_duties_is_not_ticked_for_a_new_one(
    desk: Client, district: District, coordinator: User, units: dict[str, Department]
) -> None:
    group = Group.objects.create(
        district=district, name="各部门", kinds=[units["区财政局"].kind], is_open_ended=False
    )
    draft = import_plan(
        upload=ContentFile(FIRST.encode(), name="方案.txt"),
        district=district,
        by=coordinator,
        at=NOON,
    )
    common = Choice(mode=ReportMode.COMMON, groups=frozenset({group.pk}))
    issued = issue_plan(
        edition_id=draft.pk,
        document_number=NUMBER,
        issued_on=date(2017, 6, 1),
        choices={draft.measures.get(path="3").pk: common},
        left_out=[units["区司法局"].pk],
        by=coordinator,
        at=NOON,
    )
    third = later(issued, coordinator, (NEW, f"{NEW}\n{TWO_LEADS}"))

    form = desk.get(page_of(third)).context["form"]

    assert units["区司法局"].pk not in form["units"].value()
    assert units["区财政局"].pk in form["units"].value()


def test_what_is_missing_is_asked_for(desk: Client, second: Edition) -> None:
    refused = desk.post(page_of(second), {"issued_on": "2017-11-20", "expected_version": 1})

    assert refused.status_code == 400
    second.refresh_from_db()
    assert second.status == EditionStatus.DRAFT


def test_a_text_compared_with_an_earlier_one_says_what_to_do(
    desk: Client, first: Edition, second: Edition, coordinator: User
) -> None:
    third = later(first, coordinator)
    data = {"document_number": NUMBER, "issued_on": "2017-11-20"}
    desk.post(page_of(second), data | {"expected_version": str(second.version)})

    shown = desk.get(page_of(third))

    assert shown.status_code == 409
    assert "重新导入" in shown.content.decode()


def test_the_desk_leads_a_later_text_here(desk: Client, second: Edition) -> None:
    assert "启用新文本" in desk.get(reverse("plans:edition", args=[second.pk])).content.decode()

    answer = desk.get(reverse("tracking:issue", args=[second.pk]))

    assert answer["Location"] == page_of(second)


def test_others_do_not_find_the_draft(
    client: Client, second: Edition, units: dict[str, Department], supervisor: User
) -> None:
    for person in (member(units["区财政局"], Role.LIAISON), supervisor):
        client.force_login(person)
        assert client.get(page_of(second)).status_code in (403, 404)
        assert client.post(page_of(second)).status_code in (403, 404)


def test_the_preview_asks_the_same_number_of_questions_at_two_sizes(
    desk: Client, first: Edition, second: Edition, coordinator: User
) -> None:
    more = "".join(
        f"\n{n}.建设平台{n}。2018年{n}月底前，建成第{n}个平台（区财政局牵头，区司法局配合）。\n"
        for n in range(4, 12)
    )
    large = import_plan(
        upload=ContentFile((FIRST + more).encode(), name="长.txt"),
        district=first.plan.district,
        plan=first.plan,
        by=coordinator,
        at=NOON,
    )
    counts = []
    for edition in (second, large):
        with CaptureQueriesContext(connection) as asked:
            desk.get(page_of(edition))
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_the_page_asks_about_a_day_that_has_passed(
    desk: Client, first: Edition, coordinator: User
) -> None:
    second = later(first, coordinator, ("2017年12月底前，编制", "2017年6月底前，编制"))
    key = second.measures.get(number="1").deadlines.get().pk
    assert '<option value="make_up" selected>' in desk.get(page_of(second)).content.decode()
    typed = {"document_number": NUMBER, "issued_on": "2017-11-20"}
    typed |= {"expected_version": str(second.version), f"past_{key}": "new_day"}

    refused = desk.post(page_of(second), typed)
    assert "请填写改定的时限。" in refused.content.decode()

    desk.post(page_of(second), typed | {f"past_{key}": "make_up"})
    assert Milestone.objects.get(deadline=key).past_choice == PastChoice.MAKE_UP
