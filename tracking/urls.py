"""The pages of this app."""

from django.urls import path

from tracking.views import desk

app_name = "tracking"
urlpatterns = [
    path("queue/", desk.queue, name="queue"),
    path("submissions/<int:pk>/review/", desk.review, name="review"),
]
