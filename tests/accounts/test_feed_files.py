"""The change feed as a file: whole, signed, and what the reader may see."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from accounts.errors import InvalidError
from accounts.feed import Sidecar, export_feed, sidecar_of, verify_feed
from accounts.models import Department, User
from tests.conftest import NOON
from tests.factories import DepartmentFactory, MilestoneFactory
from tracking.models import Milestone
from tracking.usecases import record_call


def telephone(milestone: Milestone, by: User, times: int) -> None:
    for _ in range(times):
        record_call(milestone_id=milestone.pk, person="", by=by, at=NOON)


@pytest.fixture
def own(bureau: Department, supervisor: User) -> Milestone:
    """A milestone of the bureau with two entries, after three of another unit."""
    other = MilestoneFactory.create(department=DepartmentFactory.create(district=bureau.district))
    telephone(other, supervisor, 3)
    mine = MilestoneFactory.create(department=bureau)
    telephone(mine, supervisor, 2)
    return mine


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "feed.jsonl"


def seqs(file: Path) -> list[int]:
    return [json.loads(line)["seq"] for line in file.read_text(encoding="utf-8").splitlines()]


def write(file: Path, reader: User, after: int = 0, until: int | None = None) -> Sidecar:
    return export_feed(after=after, until=until, to=file, reader=reader)


def test_a_file_holds_what_the_reader_may_see_and_says_where_to_go_on(
    own: Milestone, liaison: User, supervisor: User, file: Path
) -> None:
    sidecar = write(file, liaison)

    assert seqs(file) == [4, 5]
    assert (sidecar.count, sidecar.first_seq, sidecar.last_seq) == (2, 4, 5)
    assert sidecar.next_after == 5
    assert verify_feed(file) == sidecar
    assert json.loads(file.read_text(encoding="utf-8").splitlines()[0])["object_id"] == own.pk
    write(file, supervisor)
    assert seqs(file) == [1, 2, 3, 4, 5]


def test_files_that_follow_one_another_hold_each_entry_once(
    own: Milestone, supervisor: User, file: Path
) -> None:
    first = write(file, supervisor, until=2)
    begun = seqs(file)
    second = write(file, supervisor, after=first.next_after)

    assert begun + seqs(file) == [1, 2, 3, 4, 5]
    assert write(file, supervisor, after=second.next_after).count == 0
    assert verify_feed(file).next_after == 5


@pytest.mark.parametrize(
    ("old", "new", "word"), [('"seq": 4', '"seq": 9', "校验值"), ("\n", "\n\n", "读不出来")]
)
def test_a_file_that_was_changed_is_found_out(
    own: Milestone, liaison: User, file: Path, old: str, new: str, word: str
) -> None:
    write(file, liaison)
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")

    with pytest.raises(InvalidError, match=word):
        verify_feed(file)


def test_a_sidecar_that_was_changed_or_signed_by_another_is_found_out(
    own: Milestone, liaison: User, file: Path, settings: Settings
) -> None:
    write(file, liaison)
    settings.FEED_KEY = "another"
    with pytest.raises(InvalidError, match="签名"):
        verify_feed(file)

    write(file, liaison)
    beside = sidecar_of(file)
    beside.write_text(beside.read_text().replace('"next_after": 5', '"next_after": 6'))
    with pytest.raises(InvalidError, match="签名"):
        verify_feed(file)
    beside.unlink()
    with pytest.raises(InvalidError, match="一起拷贝"):
        verify_feed(file)


@pytest.mark.parametrize(("after", "until"), [(-1, None), (6, None), (4, 2)])
def test_numbers_that_make_no_sense_write_nothing(
    own: Milestone, liaison: User, file: Path, after: int, until: int | None
) -> None:
    with pytest.raises(InvalidError):
        write(file, liaison, after, until)

    assert not list(file.parent.glob("feed*"))


def test_the_commands_write_and_verify(
    own: Milestone, liaison: User, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("export_feed", user=liaison.username, after=0, to=file)
    call_command("verify_feed", str(file))

    assert "--after 5" in capsys.readouterr().out
    with pytest.raises(CommandError, match="nobody"):
        call_command("export_feed", user="nobody", after=0, to=file)
    with pytest.raises(CommandError, match="写不了"):
        call_command("export_feed", user=liaison.username, after=0, to=file / "x")
