"""Reads what happened between the issue and the demonstration day; every word is invented."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tracking.choices import Decision, WorkStatus

SHEET_YEAR = 2016
IMPORTED_ON = date(2016, 9, 9)
ISSUED_ON = date(2016, 9, 12)
DOCUMENT_NUMBER = "演示〔2016〕1号"
LIAISON_LEFT_ON = date(2017, 11, 13)
UNTIL = date(2017, 11, 20)
LEADER = "刘××（分管副区长）"


@dataclass(frozen=True, slots=True)
class Paper:
    """A document named as evidence."""

    name: str
    number: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class Told:
    """One report, and what was decided on it; a report that was not sent waits for sign-off."""

    written_on: date
    is_sent: bool
    status: WorkStatus
    narrative: str
    completed_on: date | None
    paper: Paper | None
    decision: Decision | None
    decided_on: date | None
    note: str
    redo_by: date | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A day moved with a leader's consent."""

    asked_on: date
    approved_on: date
    new_due_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Strand:
    """The story of one dated thing: the path of its measure and which of its dates, from 1."""

    measure: str
    date_number: int
    told: tuple[Told, ...]
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class Common:
    """What every unit said of a common duty on its sheet."""

    measure: str
    completed_on: date
    narrative: str


def read_common(path: Path) -> dict[str, Common]:
    """Return what units said of common duties, by the path of the measure."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["common"]
    return {row["measure"]: Common(**row) for row in rows}


def read_story(path: Path) -> list[Strand]:
    """Return the strands of a story file in its order."""
    return [
        Strand(
            measure=strand["measure"],
            date_number=strand.get("date", 1),
            told=tuple(_told(report) for report in strand.get("told", [])),
            moved=tuple(Moved(**moved) for moved in strand.get("moved", [])),
        )
        for strand in tomllib.loads(path.read_text(encoding="utf-8"))["strand"]
    ]


def _told(report: dict[str, Any]) -> Told:
    is_sent = "sent_on" in report
    completed_on = report.get("completed_on")
    usual = WorkStatus.COMPLETED if completed_on else WorkStatus.IN_PROGRESS
    decision = report.get("decision")
    return Told(
        written_on=report["sent_on" if is_sent else "written_on"],
        is_sent=is_sent,
        status=WorkStatus(report.get("status", usual)),
        narrative=report["narrative"],
        completed_on=completed_on,
        paper=Paper(*report["paper"]) if "paper" in report else None,
        decision=Decision(decision) if decision else None,
        decided_on=report.get("decided_on"),
        note=report.get("note", ""),
        redo_by=report.get("redo_by"),
    )
