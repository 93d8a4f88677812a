"""The pages of this app."""

from django.urls import path

from tracking.views import desk, issue

app_name = "tracking"
urlpatterns = [
    path("editions/<int:pk>/issue/", issue.issue, name="issue"),
    path("queue/", desk.queue, name="queue"),
    path("submissions/<int:pk>/review/", desk.review, name="review"),
]
