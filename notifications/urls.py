"""The pages of this app."""

from django.urls import path

from notifications.views import feeds, pages, plan_rules, robots, roster, staffing, urge

app_name = "notifications"
urlpatterns = [
    path("roster/", roster.roster, name="roster"),
    path("roster/form/", roster.form, name="roster-form"),
    path("roster/confirm/", roster.confirm, name="roster-confirm"),
    path("staffing/", staffing.staffing, name="staffing"),
    path("plans/<int:pk>/reminders/", plan_rules.plan_rules, name="plan-rules"),
    path("plans/<int:pk>/reminders/preview/", plan_rules.preview, name="preview"),
    path("mailbox/", pages.mailbox, name="mailbox"),
    path("mailbox/<str:key>/", pages.mail, name="mail"),
    path("notices/", pages.notices, name="notices"),
    path("notices/read/", pages.read_some, name="read-notices"),
    path("subscription/", feeds.subscription, name="subscription"),
    path("subscription/make/", feeds.make, name="make-feed"),
    path("subscription/revoke/", feeds.revoke, name="revoke-feed"),
    path("feed/<str:secret>.ics", feeds.feed, name="feed"),
    path("urge/", urge.urge, name="urge"),
    path("robots/", robots.robots, name="robots"),
    path("robots/<int:pk>/stop/", robots.stop, name="stop-robot"),
    path("outbox.xlsx", pages.outbox_export, name="outbox-export"),
    path("outbox/", pages.outbox, name="outbox"),
    path("outbox/<int:pk>/resend/", pages.resend, name="resend"),
    path("milestones/<int:pk>/reminders/", pages.milestone_reminders, name="milestone-reminders"),
]
