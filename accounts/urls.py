"""The pages of this app."""

from django.urls import path

from accounts.views import calendar, codes, kept, people, register, seats, tokens, units

app_name = "accounts"
urlpatterns = [
    path("departments/", register.departments, name="departments"),
    path("departments/<int:pk>/", register.department, name="department"),
    path("departments/add/", units.add, name="add-unit"),
    path("departments/<int:pk>/edit/", units.edit, name="edit-unit"),
    path("groups/<int:pk>/", units.group, name="group"),
    path("departments/<int:pk>/liaison/", people.liaison, name="liaison"),
    path("departments/<int:pk>/sign-off/", seats.sign_off, name="sign-off"),
    path("memberships/<int:pk>/charges/", seats.charges, name="charges"),
    path("people/<int:pk>/contact/", people.contact, name="contact"),
    path("people/<int:pk>/code/", codes.issue, name="issue-code"),
    path("people/<int:pk>/unlock/", codes.unlock, name="unlock"),
    path("accounts/code/", codes.use, name="use-code"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/fill/", calendar.fill, name="calendar-fill"),
    path("calendar/day/", calendar.one_day, name="calendar-day"),
    path("calendar/notice/", calendar.notice, name="calendar-notice"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/all/", tokens.all_tokens, name="all-tokens"),
    path("tokens/<int:pk>/revoke/", tokens.revoke, name="revoke-token"),
    path("services/<int:pk>/", tokens.service, name="service"),
    path("services/<int:pk>/stop/", tokens.stop_service, name="stop-service"),
    path("kept/", kept.kept, name="kept"),
    path("files/<int:pk>/", register.file, name="file"),
]
