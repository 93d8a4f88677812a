"""The product's routes with a stand-in for each page that letters and notices lead to."""

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, include, path

import config.urls


def page(request: object, pk: int) -> HttpResponse:
    return HttpResponse()


tracking = [
    path("milestones/<int:pk>/", page, name="milestone"),
    path("submissions/<int:pk>/", page, name="submission"),
    path("submissions/<int:pk>/review/", page, name="review"),
    path("dispatches/<int:pk>/", page, name="dispatch"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((tracking, "tracking"))),
    path("", include(config.urls)),
]
