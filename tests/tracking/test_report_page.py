"""The page of a milestone and its form."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.choices import Role
from accounts.models import Department, Event, StoredFile, User
from tests.conftest import NOON, TODAY
from tests.factories import (
    SubmissionFactory,
    member,
)
from tests.tracking.reporting import SIGNED, typed, url
from tracking.choices import SubmissionStatus
from tracking.models import Milestone, Submission
from tracking.usecases import Report, return_submission, save_draft, send_for_sign_off

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration_day")]


def test_the_page_quotes_the_plan_and_names_the_last_working_day(
    page: Client, milestone: Milestone
) -> None:
    html = page.get(url(milestone)).content.decode()

    assert "2017年12月29日" in html
    assert "（星期日）不上班" in html
    assert "本系统为非涉密系统，严禁填报、上传涉密和敏感信息" in html
    assert re.search(r'<mark class="date">[^<]+</mark>', html)


def test_a_draft_is_kept_however_little_is_written(page: Client, milestone: Milestone) -> None:
    answer = page.post(url(milestone), typed(work_status="", narrative="半句"))

    assert answer.status_code == 302
    draft = Submission.objects.get()
    assert (draft.status, draft.narrative, draft.work_status) == ("draft", "半句", "")


def test_one_post_saves_and_sends_with_the_evidence(page: Client, milestone: Milestone) -> None:
    evidence = {
        "evidence-0-name": "关于公布清单的通知",
        "evidence-0-document_number": "利政办发〔2017〕8号",
        "evidence-0-url": "www.example.org/list",
        "evidence-1-file": SimpleUploadedFile("清单.txt", "清单".encode()),
    }

    answer = page.post(url(milestone), typed("submit", **SIGNED, **evidence))

    assert answer.status_code == 302
    sent = Submission.objects.get()
    assert (sent.status, sent.signed_by) == ("submitted", "李局长")
    assert [row.name for row in sent.evidence.all()] == ["关于公布清单的通知", "清单.txt"]
    assert sent.evidence.get(name="关于公布清单的通知").url == "http://www.example.org/list"


def test_the_same_form_sent_twice_makes_one_report(page: Client, milestone: Milestone) -> None:
    form = typed("submit", **SIGNED)

    first, second = page.post(url(milestone), form), page.post(url(milestone), form)

    assert (first.status_code, second.status_code) == (302, 302)
    assert Submission.objects.get().status == SubmissionStatus.SUBMITTED
    assert list(Event.objects.values_list("action", flat=True)) == ["save", "submit"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"work_status": ""} | SIGNED, "请选择办理状态"),
        ({"work_status": "completed"} | SIGNED, "请填写实际完成日期"),
        (
            {"work_status": "completed", "completed_on": "2017-11-21"} | SIGNED,
            "实际完成日期不能晚于今天",
        ),
        ({"signed_by": "", "signed_on": "2017-11-20"}, "请填写审签人"),
        ({"signed_by": "李局长", "signed_on": ""}, "请填写审签日期"),
        ({"signed_by": "李局长", "signed_on": "2017-11-21"}, "审签日期不能晚于今天"),
        ({"completed_on": "十月"} | SIGNED, "请按 2017-11-20 的样式填写日期"),
    ],
)
def test_a_refusal_keeps_the_draft_and_everything_typed(
    page: Client, milestone: Milestone, fields: dict[str, str], sentence: str
) -> None:
    file: dict[str, Any] = {"evidence-0-file": SimpleUploadedFile("清单.txt", "清单".encode())}

    answer = page.post(url(milestone), typed("submit", **fields, **file))

    html = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in html
    assert "草稿已保存，还没有报送" in html
    draft = Submission.objects.get()
    assert (draft.status, draft.narrative) == ("draft", "清单正在征求意见")
    assert draft.evidence.get().name == "清单.txt"
    assert ">\n清单正在征求意见</textarea>" in html
    assert f'name="expected_version" value="{draft.version}"' in html


def test_no_words_and_no_change_are_refused_at_their_field(
    page: Client, milestone: Milestone
) -> None:
    answer = page.post(url(milestone), typed("submit", narrative="", **SIGNED))

    assert "请填写进展情况" in answer.content.decode()


def test_words_marked_secret_are_not_kept_but_stay_on_the_page(
    page: Client, milestone: Milestone
) -> None:
    file: dict[str, Any] = {"evidence-0-file": SimpleUploadedFile("清单.txt", "清单".encode())}

    answer = page.post(url(milestone), typed(narrative="机密★五年 某文件", **file))

    assert answer.status_code == 400
    assert "带有密级标志" in answer.content.decode()
    assert "机密★五年 某文件</textarea>" in answer.content.decode()
    draft = Submission.objects.get()
    assert draft.narrative == ""
    assert draft.evidence.count() == 1


def test_a_bad_file_is_named_while_the_good_one_is_kept(page: Client, milestone: Milestone) -> None:
    files = {
        "evidence-0-file": SimpleUploadedFile("清单.txt", "清单".encode()),
        "evidence-1-name": "程序",
        "evidence-1-file": SimpleUploadedFile("a.exe", b"MZ"),
        "evidence-2-name": "假文件",
        "evidence-2-file": SimpleUploadedFile("b.pdf", b"not a pdf"),
    }

    answer = page.post(url(milestone), typed("submit", **SIGNED, **files))

    html = answer.content.decode()
    assert answer.status_code == 400
    assert "不能上传“.exe”格式的文件" in html
    assert "与扩展名“.pdf”不符" in html
    assert 'value="程序"' in html
    assert [row.name for row in StoredFile.objects.exclude(department=None)] == ["清单.txt"]
    assert Submission.objects.get().status == SubmissionStatus.DRAFT


def test_a_file_with_a_bad_address_is_kept_and_the_person_is_told(
    page: Client, milestone: Milestone
) -> None:
    row: dict[str, Any] = {
        "evidence-0-file": SimpleUploadedFile("清单.txt", "清单".encode()),
        "evidence-0-url": "见 门户 网站",
    }

    answer = page.post(url(milestone), typed(**row))

    assert "“清单.txt”已保存，但公开网址填写有误没有保存" in answer.content.decode()
    assert Submission.objects.get().evidence.get().url == ""


def test_debris_of_word_is_cleaned(page: Client, milestone: Milestone) -> None:
    pasted = "\u200b一、建立\u00a0制度\x07\r\n\r\n\r\n\r\n\uf0b7第二\u2028段\ufeff  "

    page.post(url(milestone), typed(narrative=pasted))

    assert Submission.objects.get().narrative == "一、建立 制度\n\n·第二\n段"


def test_when_a_colleague_was_quicker_both_texts_are_shown(
    page: Client, milestone: Milestone, liaison: User
) -> None:
    save_draft(milestone_id=milestone.pk, report=Report(narrative="同事写的"), by=liaison, at=NOON)

    answer = page.post(url(milestone), typed(narrative="我写的"))

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "我写的</textarea>" in html
    assert "同事写的" in html
    assert Submission.objects.get().narrative == "同事写的"


def test_typed_words_are_shown_when_the_report_has_meanwhile_been_sent(
    page: Client, milestone: Milestone
) -> None:
    SubmissionFactory.create(milestone=milestone, waiting=True)

    answer = page.post(url(milestone), typed(narrative="我写的"))

    assert answer.status_code == 409
    assert "我写的</textarea>" in answer.content.decode()


def test_a_form_sent_again_with_other_words_after_going_back_loses_nothing(
    page: Client, milestone: Milestone
) -> None:
    form = typed(narrative="第一稿")
    page.post(url(milestone), form)

    answer = page.post(url(milestone), form | {"narrative": "第二稿"})

    assert answer.status_code == 409
    assert "第二稿</textarea>" in answer.content.decode()


def test_a_returned_report_comes_back_with_its_reason_words_and_documents(
    page: Client, milestone: Milestone, supervisor: User
) -> None:
    page.post(
        url(milestone),
        typed("submit", **SIGNED, **{"evidence-0-name": "旧文件", "evidence-1-name": "新文件"}),
    )
    sent = Submission.objects.get()
    return_submission(
        submission_id=sent.pk,
        note="缺清单",
        redo_by=date(2017, 11, 24),
        by=supervisor,
        at=NOON,
        today=TODAY,
    )

    html = page.get(url(milestone)).content.decode()
    old = sent.evidence.get(name="旧文件")
    page.post(url(milestone), typed("submit", drop=[str(old.pk)], **SIGNED))

    assert "缺清单" in html
    assert "补正期限2017年11月24日" in html
    assert "清单正在征求意见</textarea>" in html
    again = Submission.objects.get(number=2)
    assert again.status == SubmissionStatus.SUBMITTED
    assert [row.name for row in again.evidence.all()] == ["新文件"]
    assert sent.evidence.count() == 2


def test_what_was_sent_can_be_taken_back(page: Client, milestone: Milestone) -> None:
    page.post(url(milestone), typed("submit", **SIGNED))
    sent = Submission.objects.get()
    form = {"request_key": str(uuid4()), "expected_version": str(sent.version)}

    answer = page.post(f"/submissions/{sent.pk}/take-back/", form)

    assert answer.status_code == 302
    sent.refresh_from_db()
    assert sent.status == SubmissionStatus.DRAFT


def test_a_report_lies_with_the_head_until_somebody_enters_the_signature(
    client: Client, milestone: Milestone, liaison: User, bureau: Department
) -> None:
    head = member(bureau, Role.HEAD)
    draft = save_draft(
        milestone_id=milestone.pk,
        report=Report(work_status="in_progress", narrative="正文"),
        by=liaison,
        at=NOON,
    )
    draft = send_for_sign_off(submission_id=draft.pk, by=liaison, at=NOON)
    client.force_login(head)

    shown = client.get(url(milestone)).content.decode()
    refused = client.post(f"/submissions/{draft.pk}/submit/", {"signed_by": head.name})
    version = {"expected_version": str(draft.version)}
    client.post(
        f"/submissions/{draft.pk}/submit/",
        {"signed_by": head.name, "signed_on": "2017-11-20"} | version,
    )

    assert f'value="{head.name}"' in shown
    assert refused.status_code == 400
    draft.refresh_from_db()
    assert draft.status == SubmissionStatus.SUBMITTED
