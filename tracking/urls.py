"""The pages of this app."""

from django.urls import path

from tracking.views import (
    adopt,
    desk,
    gathered,
    handover,
    issue,
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
    path("queue/", desk.queue, name="queue"),
    path("submissions/<int:pk>/review/", desk.review, name="review"),
    path("my-work/", work.my_work, name="my-work"),
    path("milestones/", work.milestones, name="milestones"),
    path("milestones/<int:pk>/", reports.milestone, name="milestone"),
    path("milestones/<int:pk>/extensions/", reports.milestone_extend, name="milestone-extend"),
    path("milestones/<int:pk>/gathered/", gathered.gathered, name="gathered"),
    path("assignments/", work.assignments, name="assignments"),
    path("assignments/<int:pk>/", work.assignment, name="assignment"),
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
