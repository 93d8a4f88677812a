"""The pages of this app."""

from django.urls import path

from tracking.views import (
    adopt,
    assignment_page,
    calls,
    closing,
    desk,
    exports,
    extensions,
    gathered,
    hand_backs,
    handover,
    issue,
    queue,
    reports,
    sheet_review,
    sheets,
    succession,
    work,
    workbooks,
    years,
)

app_name = "tracking"
urlpatterns = [
    path("editions/<int:pk>/issue/", issue.issue, name="issue"),
    path("editions/<int:pk>/adopt/", adopt.adopt, name="adopt"),
    path("plans/<int:pk>/years/", years.years, name="years"),
    path("queue/", queue.queue, name="queue"),
    path("queue/unchanged/", queue.unchanged, name="unchanged"),
    path("phrases/<int:pk>/drop/", desk.phrase_drop, name="phrase-drop"),
    path("submissions/<int:pk>/review/", desk.review, name="review"),
    path("my-work/", work.my_work, name="my-work"),
    path("milestones/", work.milestones, name="milestones"),
    path("milestones/<int:pk>/", reports.milestone, name="milestone"),
    path("milestones/<int:pk>/gathered/", gathered.gathered, name="gathered"),
    path("milestones/<int:pk>/reports.docx", exports.milestone_reports, name="milestone-reports"),
    path(
        "departments/<int:pk>/reports.docx", exports.department_reports, name="department-reports"
    ),
    path("milestones/<int:pk>/keep/", reports.milestone_keep, name="milestone-keep"),
    path(
        "milestones/<int:pk>/contribution/",
        reports.milestone_contribute,
        name="milestone-contribute",
    ),
    path("milestones/<int:pk>/extension-requests/", extensions.extension_ask, name="extension-ask"),
    path("extension-requests/<int:pk>/", extensions.extension_request, name="extension-request"),
    path(
        "extension-requests/<int:pk>/withdraw/",
        extensions.extension_withdraw,
        name="extension-withdraw",
    ),
    path("milestones/<int:pk>/extensions/", extensions.milestone_extend, name="milestone-extend"),
    path("assignments/", work.assignments, name="assignments"),
    path("assignments/closing/", closing.closing, name="closing"),
    path(
        "assignments/<int:pk>/<slug:key>/", assignment_page.assignment_step, name="assignment-step"
    ),
    path("hand-backs/<int:pk>/", hand_backs.hand_back, name="hand-back"),
    path("hand-backs/<int:pk>/withdraw/", hand_backs.hand_back_withdraw, name="hand-back-withdraw"),
    path(
        "instructions/<int:pk>/answer/",
        assignment_page.instruction_answer,
        name="instruction-answer",
    ),
    path("calls/", calls.calls, name="calls"),
    path("calls.xlsx", calls.calls_workbook, name="calls-workbook"),
    path("milestones/<int:pk>/call/", calls.milestone_call, name="milestone-call"),
    path("assignments/<int:pk>/", assignment_page.assignment, name="assignment"),
    path("submissions/<int:pk>/", work.submission, name="submission"),
    path("submissions/<int:pk>/submit/", reports.submission_submit, name="submission-submit"),
    path(
        "submissions/<int:pk>/take-back/",
        reports.submission_take_back,
        name="submission-take-back",
    ),
    path("departments/<int:pk>/succession/", succession.succession, name="succession"),
    path("departments/<int:pk>/handover/", handover.handover, name="handover"),
    path("sheets/<int:pk>/", sheets.sheet, name="sheet"),
    path("sheets/<int:pk>/rows/<int:milestone>/", sheets.sheet_row, name="sheet-row"),
    path("sheets/<int:pk>/take-back/", sheets.sheet_take_back, name="sheet-take-back"),
    path("sheets/<int:pk>/sign-off/", sheets.sheet_sign_off, name="sheet-sign-off"),
    path("sheets/<int:pk>/review/", sheet_review.sheet_review, name="sheet-review"),
    path("sheets/<int:pk>/workbook/", workbooks.workbook, name="sheet-workbook"),
    path("sheets/<int:pk>/blank/", sheets.sheet_blank, name="sheet-blank"),
    path("dispatches/<int:pk>/", work.dispatch, name="dispatch"),
    path(
        "dispatches/<int:pk>/acknowledge/",
        work.dispatch_acknowledge,
        name="dispatch-acknowledge",
    ),
]
