"""Files that take long: kept once, read later, never lost, ended in words."""

from datetime import timedelta
from functools import cache

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts import clock
from accounts.choices import Role
from accounts.errors import ConflictError, ForbiddenError, InvalidError
from accounts.models import Department, District, Event, StoredFile, User
from notifications.tick import tick
from plans.choices import ImportStatus
from plans.models import Edition, ImportJob
from plans.readers import TooSlowError, entry
from plans.readers.limits import PAGES_AT_A_TIME
from plans.usecases import cancel_import, import_jobs, read_waiting, start_import
from tests.conftest import NOON
from tests.factories import member
from tests.plans.conftest import HOME_PLAN, answer_once
from tests.plans.readers.pdf_files import pdf, set_in_pages


@cache
def long_plan() -> bytes:
    """The home plan on more pages than are read at once."""
    return pdf(set_in_pages(HOME_PLAN.read_text(encoding="utf-8").replace("\xa0", " "), lines=9))


def begin(district: District, by: User, content: bytes, name: str = "方案.pdf") -> ImportJob:
    found = start_import(upload=ContentFile(content, name=name), district=district, by=by, at=NOON)
    assert isinstance(found, ImportJob)
    return found


@pytest.fixture
def job(litong: District, checker: User) -> ImportJob:
    return begin(litong, checker, long_plan())


def stored(settings: Settings) -> list[object]:
    return list(settings.MEDIA_ROOT.glob("*"))


def test_a_short_file_is_read_at_once(litong: District, checker: User) -> None:
    upload = ContentFile(HOME_PLAN.read_bytes(), name="方案.txt")

    assert isinstance(start_import(upload=upload, district=litong, by=checker, at=NOON), Edition)


def test_a_long_file_waits_and_is_read_into_the_edition_of_the_one_file(
    job: ImportJob, settings: Settings
) -> None:
    assert (job.status, Edition.objects.count()) == (ImportStatus.WAITING, 0)

    assert read_waiting(at=NOON) == 1

    job.refresh_from_db()
    assert job.status == ImportStatus.DONE
    assert job.edition is not None
    assert job.edition.measures.leaves().count() == 82
    assert job.edition.imported_by == job.by
    assert job.edition.file == job.file == StoredFile.objects.get()
    assert len(stored(settings)) == 1
    assert job.done == job.total > PAGES_AT_A_TIME
    assert read_waiting(at=NOON) == 0


def test_every_beat_of_the_engine_reads_what_waits(job: ImportJob) -> None:
    tick(NOON)

    job.refresh_from_db()
    assert job.status == ImportStatus.DONE


def test_what_a_dead_worker_was_reading_is_read_by_the_next(
    job: ImportJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(entry, "ask_child", die)
        with pytest.raises(SystemExit):
            read_waiting(at=NOON)
    assert read_waiting(at=NOON) == 0

    ImportJob.objects.update(lease_until=clock.real_now() - timedelta(seconds=1))

    assert read_waiting(at=NOON) == 1
    assert Edition.objects.count() == 1


def test_a_worker_that_comes_back_late_adds_nothing(
    job: ImportJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken_over = False

    def slow(kind: str, content: bytes, **more: int) -> object:
        nonlocal taken_over
        if kind == "pdf-lines" and not taken_over:
            taken_over = True
            ImportJob.objects.update(lease_until=clock.real_now() - timedelta(seconds=1))
            read_waiting(at=NOON)
        return answer_once(kind, content, **more)

    monkeypatch.setattr(entry, "ask_child", slow)

    read_waiting(at=NOON)

    assert Edition.objects.count() == 1


def test_a_file_that_breaks_off_again_and_again_is_given_up_in_words(
    job: ImportJob, settings: Settings
) -> None:
    ImportJob.objects.update(attempts=import_jobs.MOST_TRIES)

    read_waiting(at=NOON)

    job.refresh_from_db()
    assert (job.status, job.file) == (ImportStatus.FAILED, None)
    assert "拆小" in job.refusal


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_long_file_that_is_no_plan_is_refused_and_not_kept(
    litong: District, checker: User, settings: Settings, client: Client
) -> None:
    job = begin(litong, checker, pdf([[] for _ in range(60)]))

    read_waiting(at=NOON)

    job.refresh_from_db()
    assert (job.status, job.file) == (ImportStatus.FAILED, None)
    assert stored(settings) == []
    assert not StoredFile.objects.exists()
    client.force_login(checker)
    page = client.get(reverse("plans:import_job", args=[job.pk])).content.decode()
    assert "这是扫描件" in page
    assert reverse("plans:import") in page
    assert Event.objects.about(job).get(action="refuse_import").note == job.refusal


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_cancelled_file_is_gone_and_its_reading_ends(
    litong: District, checker: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = begin(litong, checker, long_plan())

    def cancelling(kind: str, content: bytes, **more: int) -> object:
        if not more.get("page"):
            cancel_import(job_id=job.pk, by=checker, at=NOON)
        return answer_once(kind, content, **more)

    monkeypatch.setattr(entry, "ask_child", cancelling)

    read_waiting(at=NOON)

    job.refresh_from_db()
    assert (job.status, job.file) == (ImportStatus.CANCELLED, None)
    assert stored(settings) == []
    assert not Edition.objects.exists()


def test_what_is_read_can_no_longer_be_cancelled(job: ImportJob, checker: User) -> None:
    read_waiting(at=NOON)

    with pytest.raises(ConflictError):
        cancel_import(job_id=job.pk, by=checker, at=NOON)


def test_a_person_waits_for_some_files_at_a_time(litong: District, checker: User) -> None:
    for _ in range(import_jobs.MOST_OPEN):
        begin(litong, checker, long_plan())

    with pytest.raises(ConflictError, match="还在识别"):
        begin(litong, checker, long_plan())


def test_who_lost_the_right_meanwhile_gets_no_edition(job: ImportJob, checker: User) -> None:
    checker.memberships.all().delete()

    read_waiting(at=NOON)

    job.refresh_from_db()
    assert (job.status, Edition.objects.count()) == (ImportStatus.FAILED, 0)
    assert "权限" in job.refusal


def test_a_liaison_leaves_no_file(litong: District, liaison: User) -> None:
    with pytest.raises(ForbiddenError):
        begin(litong, liaison, long_plan())
    assert not StoredFile.objects.exists()


def test_the_page_of_an_import_asks_again_and_leads_on(
    job: ImportJob, checker: User, client: Client
) -> None:
    client.force_login(checker)
    address = reverse("plans:import_job", args=[job.pk])
    ImportJob.objects.update(status=ImportStatus.READING, done=120, total=600)

    page = client.get(address).content.decode()
    part = client.get(address, HTTP_HX_REQUEST="true").content.decode()
    listed = client.get(reverse("plans:plans")).content.decode()

    assert '<noscript><meta http-equiv="refresh"' in page
    assert f'hx-get="{address}"' in part
    assert "120/600 页" in part
    assert address in listed

    ImportJob.objects.update(status=ImportStatus.WAITING)
    read_waiting(at=NOON)
    desk = reverse("plans:edition", args=[Edition.objects.get().pk])
    assert client.get(address).headers["Location"] == desk
    assert client.get(address, HTTP_HX_REQUEST="true").headers["HX-Redirect"] == desk


def test_an_import_is_seen_by_its_person_alone(job: ImportJob, client: Client) -> None:
    client.force_login(member(Department.objects.get(name="区政府法制办"), Role.COORDINATOR))

    for name in ("import_job", "cancel_import"):
        address = reverse(f"plans:{name}", args=[job.pk])
        assert client.post(address).status_code in (404, 405)
        assert client.get(address).status_code in (404, 405)


def test_an_uploaded_file_that_takes_long_leads_to_its_progress_and_can_be_cancelled(
    litong: District, checker: User, client: Client
) -> None:
    client.force_login(checker)
    upload = ContentFile(long_plan(), name="方案.pdf")

    sent = client.post(reverse("plans:import"), {"file": upload, "district": litong.pk})

    job = ImportJob.objects.get()
    address = reverse("plans:import_job", args=[job.pk])
    assert sent.headers["Location"] == address
    page = client.post(reverse("plans:cancel_import", args=[job.pk]), follow=True)
    assert page.redirect_chain == [(address, 302)]
    assert "已取消" in page.content.decode()


def test_pasted_text_that_takes_long_stays_in_its_form(
    litong: District, checker: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: object, **__: object) -> None:
        raise TooSlowError("too_slow", "没有读完")

    monkeypatch.setattr(entry, "ask_child", slow)
    client.force_login(checker)

    page = client.post(reverse("plans:import"), {"text": "某区实施方案", "district": litong.pk})

    assert page.status_code == InvalidError.status
    assert "某区实施方案" in page.content.decode()
    assert ".txt" in page.content.decode()
