"""What people do after the story has ended: a rule with a seed, through the doors that people use.

Refusals are part of life: who comes too late or may not is told so and does nothing.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random

from accounts.calendar import WorkCalendar
from accounts.choices import Role
from accounts.errors import DomainError
from accounts.models import CalendarDay, Membership, User
from accounts.usecases import NewPerson, name_liaison
from config.demo import people
from config.demo.play import SHANGHAI, leave
from notifications.people import People as Seats
from notifications.planning import Rules
from notifications.usecases.plan_rules import RuleChoice, change_plan_rules
from tracking.choices import Decision, WorkStatus
from tracking.models import Assignment, Milestone, Sheet, Submission
from tracking.usecases import (
    Report,
    SheetRow,
    accept_submission,
    record_extension,
    resume_assignment,
    return_submission,
    save_draft,
    save_sheet,
    send_for_sign_off,
    submit,
    submit_sheet,
    suspend_assignment,
)
from tracking.usecases.assignments import Consent

LEADER = "刘××（分管副区长）"
Act = Callable[[datetime], object]


class People:
    """Everybody, with one source of chance; ``done`` and ``refused`` count their steps."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.done = self.refused = self.newcomers = 0

    def on(self, day: date) -> list[tuple[datetime, Callable[[], None]]]:
        """Return what is done on a day, in the order of the hours."""
        calendar = WorkCalendar.load()
        acts: list[Act] = []
        if calendar.is_working(day):
            acts = [*self._reports(day), *self._decisions(day), *self._sheets(day)]
            acts += [*self._moves(day), *self._seats(day), *self._rules()]
            acts += self._day_off(day)
        moments = sorted(
            datetime.combine(day, time(9), tzinfo=SHANGHAI)
            + timedelta(minutes=self.chance.randrange(9 * 60))
            for _ in acts
        )
        self.chance.shuffle(acts)
        return [
            (moment, partial(self._do, act, moment))
            for moment, act in zip(moments, acts, strict=True)
        ]

    def _do(self, act: Act, moment: datetime) -> None:
        try:
            act(moment)
        except DomainError:
            self.refused += 1
        else:
            self.done += 1

    def _happens(self, percent: float) -> bool:
        return self.chance.random() * 100 < percent

    def _reports(self, day: date) -> Iterator[Act]:
        """Let units write, sign and send what is near, late or came back."""
        near = day + timedelta(days=50)
        for row in Milestone.objects.open().by_themselves().filter(due_on__lte=near).in_order():
            left = (row.due_on - day).days
            if self._happens(12 if -5 < left <= 5 else 1.5):
                yield partial(self._report, row)
        inside = Submission.objects.unfinished().filter(milestone__sheet=None)
        for draft in inside.select_related("milestone").order_by("id"):
            if self._happens(30):
                yield partial(self._send, draft)

    def _liaison(self, unit: int) -> User | None:
        seats = Membership.objects.active().filter(department=unit, role=Role.LIAISON)
        seat = seats.select_related("user").order_by("id").first()
        return seat.user if seat else None

    def _report(self, row: Milestone, at: datetime) -> None:
        by = self._liaison(row.department_id)
        if by is None:
            return
        is_done = self._happens(60)
        said = Report(
            WorkStatus.COMPLETED if is_done else WorkStatus.IN_PROGRESS,
            at.date() if is_done else None,
            narrative="按计划推进，有关文件已印发。",
        )
        draft = save_draft(milestone_id=row.pk, report=said, by=by, at=at)
        if self._happens(25):
            send_for_sign_off(submission_id=draft.pk, by=by, at=at)
        elif self._happens(80):
            self._send(draft, at)

    def _send(self, draft: Submission, at: datetime) -> None:
        by = self._liaison(draft.milestone.department_id)
        if by is None:
            return
        submit(
            submission_id=draft.pk,
            signed_by="李××",
            signed_on=at.date(),
            by=by,
            at=at,
            today=at.date(),
        )

    def _decisions(self, day: date) -> Iterator[Act]:
        waiting = Submission.objects.waiting().select_related("milestone__department")
        for report in waiting.order_by("id"):
            if self._happens(25):
                yield partial(self._decide, report)

    def _decide(self, report: Submission, at: datetime) -> None:
        unit = report.milestone.department
        may = Seats.load().reviewers(unit.district_id, unit.pk)
        by = User.objects.get(pk=self.chance.choice(may))
        if self._happens(25):
            redo_by = at.date() + timedelta(days=self.chance.randrange(1, 15))
            return_submission(
                submission_id=report.pk,
                note="请补充印发文件的名称和文号。",
                redo_by=redo_by,
                by=by,
                at=at,
                today=at.date(),
            )
            return
        is_done = report.completed_on is not None
        decision = Decision.DONE if is_done else Decision.NOTED
        accept_submission(submission_id=report.pk, decision=decision, by=by, at=at)

    def _sheets(self, day: date) -> Iterator[Act]:
        for sheet in Sheet.objects.open_on(day).with_year().order_by("id"):
            rows = sheet.milestones.open()
            back = rows.to_redo()
            late = day > sheet.year.closes_on
            if sheet.submitted_at is None and rows.exists() and self._happens(8 if late else 14):
                yield partial(self._fill_in, sheet, None)
            elif sheet.submitted_at is not None and back.exists() and self._happens(20):
                yield partial(self._fill_in, sheet, list(back.values_list("pk", flat=True)))

    def _fill_in(self, sheet: Sheet, only: list[int] | None, at: datetime) -> None:
        by = self._liaison(sheet.department_id)
        if by is None:
            return
        rows = sheet.milestones.open().order_by("id")
        rows = rows.filter(pk__in=only) if only is not None else rows
        report = Report(WorkStatus.IN_PROGRESS, narrative="本年度按要求开展。", times=1)
        written = {pk: SheetRow(report) for pk in rows.values_list("pk", flat=True)}
        save_sheet(sheet_id=sheet.pk, rows=written, by=by, at=at)
        if self._happens(80):
            submit_sheet(
                sheet_id=sheet.pk,
                signed_by="李××",
                signed_on=at.date(),
                by=by,
                at=at,
                today=at.date(),
            )

    def _moves(self, day: date) -> Iterator[Act]:
        """Let days be moved, and tasks rest and go on."""
        consent = Consent("因机构调整，经研究同意。", LEADER, day)
        by = User.objects.get(username=people.COORDINATOR.username)
        for row in Milestone.objects.open().by_themselves().in_order():
            if row.due_on < day + timedelta(days=20) and self._happens(0.4):
                yield partial(self._extend, row, day + timedelta(days=self.chance.randrange(5, 60)))
        for task in Assignment.objects.reporting().order_by("id"):
            if task.status == "in_progress" and self._happens(0.01):
                yield partial(self._step, suspend_assignment, task, consent, by)
            elif task.status == "suspended" and self._happens(5):
                yield partial(self._step, resume_assignment, task, consent, by)

    def _extend(self, row: Milestone, new_due_on: date, at: datetime) -> None:
        record_extension(
            milestone_id=row.pk,
            asked_on=at.date(),
            reason="上级文件尚未印发。",
            new_due_on=new_due_on,
            approved_by=LEADER,
            approved_on=at.date(),
            by=User.objects.get(username=people.COORDINATOR.username),
            at=at,
        )

    def _step(
        self,
        step: Callable[..., object],
        task: Assignment,
        consent: Consent,
        by: User,
        at: datetime,
    ) -> None:
        step(assignment_id=task.pk, consent=consent, by=by, at=at)

    def _seats(self, day: date) -> Iterator[Act]:
        """Let liaisons change, and now and then go without anybody in their place."""
        seats = Membership.objects.active().filter(role=Role.LIAISON)
        for seat in seats.select_related("user").order_by("id"):
            if seat.user.memberships.active().count() > 1:
                continue  # who also reviews or coordinates stays
            if self._happens(0.06):
                yield partial(self._follow, seat)
            elif self._happens(0.01):
                yield partial(self._leave, seat)

    def _follow(self, seat: Membership, at: datetime) -> None:
        self.newcomers += 1
        name = f"newcomer{self.newcomers}"
        name_liaison(
            department_id=seat.department_id,
            replaced_id=seat.pk,
            newcomer=NewPerson("新××", "", f"{name}@litong.example", name),
            by=User.objects.get(username=people.COORDINATOR.username),
            at=at,
            now=at,
            today=at.date(),
        )

    def _leave(self, seat: Membership, at: datetime) -> None:
        by = User.objects.get(username=people.COORDINATOR.username)
        leave(username=seat.user.username, until_on=at.date(), by=by, at=at)

    def _rules(self) -> Iterator[Act]:
        if self._happens(0.8):
            yield self._change_rule

    def _change_rule(self, at: datetime) -> None:
        """Let the coordinator give one rule another distance, or switch it off or on."""
        plan = Milestone.objects.order_by("id")[0].plan_id
        spoken = self.chance.choice(Rules().of_plan(plan))
        offset = max(spoken.offset + self.chance.choice((-1, 0, 1, 2)), 0)
        choice = RuleChoice(offset, spoken.to_head, self._happens(85))
        by = User.objects.get(username=people.COORDINATOR.username)
        change_plan_rules(plan_id=plan, choices={spoken.rule.pk: choice}, by=by, at=at)

    def _day_off(self, day: date) -> list[Act]:
        """Let a working day of the next weeks become a day off, as a storm or a notice does."""
        if not self._happens(0.5):
            return []
        other = day + timedelta(days=self.chance.randrange(1, 40))
        row = {"is_workday": not WorkCalendar.load().is_working(other), "name": "临时调整"}
        return [lambda at: CalendarDay.objects.update_or_create(date=other, defaults=row)]
