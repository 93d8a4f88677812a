"""What people do with the work; each function is one transaction."""

from tracking.usecases.adopt import adopt_edition
from tracking.usecases.assignments import (
    Consent,
    add_department,
    ask_hand_back,
    change_lead,
    grant_hand_back,
    refuse_hand_back,
    resume_assignment,
    suspend_assignment,
    terminate_assignment,
    withdraw_hand_back,
)
from tracking.usecases.closing import close_assignments, reopen_assignment
from tracking.usecases.contributions import contribute, take_over_contribution
from tracking.usecases.extensions import (
    ask_extension,
    grant_extension,
    record_extension,
    refuse_extension,
    withdraw_extension,
)
from tracking.usecases.instructions import (
    answer_instruction,
    record_call,
    record_instruction,
    record_sheet_call,
)
from tracking.usecases.issue import acknowledge_dispatch, issue_plan
from tracking.usecases.metrics import MetricChoice, NewReading, confirm_metrics
from tracking.usecases.papers import record_paper
from tracking.usecases.past import decide_past_day
from tracking.usecases.phrases import drop_phrase, keep_phrase
from tracking.usecases.recurring import make_periods
from tracking.usecases.reviews import (
    accept_rows,
    accept_submission,
    return_submission,
)
from tracking.usecases.sheets import SheetRow, save_sheet, submit_sheet, take_back_sheet
from tracking.usecases.submissions import (
    NewEvidence,
    Report,
    save_draft,
    send_for_sign_off,
    submit,
    take_back,
)
from tracking.usecases.succession import reorganise
from tracking.usecases.surveys import SurveyResult, record_survey
from tracking.usecases.years import set_reporting_year

__all__ = [
    "Consent",
    "MetricChoice",
    "NewEvidence",
    "NewReading",
    "Report",
    "SheetRow",
    "SurveyResult",
    "accept_rows",
    "accept_submission",
    "acknowledge_dispatch",
    "add_department",
    "adopt_edition",
    "answer_instruction",
    "ask_extension",
    "ask_hand_back",
    "change_lead",
    "close_assignments",
    "confirm_metrics",
    "contribute",
    "decide_past_day",
    "drop_phrase",
    "grant_extension",
    "grant_hand_back",
    "issue_plan",
    "keep_phrase",
    "make_periods",
    "record_call",
    "record_extension",
    "record_instruction",
    "record_paper",
    "record_sheet_call",
    "record_survey",
    "refuse_extension",
    "refuse_hand_back",
    "reopen_assignment",
    "reorganise",
    "resume_assignment",
    "return_submission",
    "save_draft",
    "save_sheet",
    "send_for_sign_off",
    "set_reporting_year",
    "submit",
    "submit_sheet",
    "suspend_assignment",
    "take_back",
    "take_back_sheet",
    "take_over_contribution",
    "terminate_assignment",
    "withdraw_extension",
    "withdraw_hand_back",
]
