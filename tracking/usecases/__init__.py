"""What people do with the work; each function is one transaction."""

from tracking.usecases.contributions import contribute, take_over_contribution
from tracking.usecases.extensions import (
    ask_extension,
    grant_extension,
    record_extension,
    refuse_extension,
    withdraw_extension,
)
from tracking.usecases.issue import acknowledge_dispatch, issue_plan
from tracking.usecases.phrases import drop_phrase, keep_phrase
from tracking.usecases.reviews import (
    accept_rows,
    accept_submission,
    return_submission,
)
from tracking.usecases.sheets import SheetRow, save_sheet, submit_sheet
from tracking.usecases.submissions import (
    NewEvidence,
    Report,
    save_draft,
    send_for_sign_off,
    submit,
    take_back,
)
from tracking.usecases.succession import reorganise

__all__ = [
    "NewEvidence",
    "Report",
    "SheetRow",
    "accept_rows",
    "accept_submission",
    "acknowledge_dispatch",
    "ask_extension",
    "contribute",
    "drop_phrase",
    "grant_extension",
    "issue_plan",
    "keep_phrase",
    "record_extension",
    "refuse_extension",
    "reorganise",
    "return_submission",
    "save_draft",
    "save_sheet",
    "send_for_sign_off",
    "submit",
    "submit_sheet",
    "take_back",
    "take_over_contribution",
    "withdraw_extension",
]
