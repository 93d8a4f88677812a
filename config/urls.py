"""Where everything is."""

from django.contrib import admin
from django.urls import include, path

from config import styleguide, views
from notifications.views.home import home

urlpatterns = [
    path("", home, name="home"),
    path("accounts/3rdparty/", views.gone),
    path("accounts/3rdparty/signup/", views.gone),
    path("accounts/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("", include("plans.urls")),
    path("", include("tracking.urls")),
    path("", include("notifications.urls")),
    path("api/v1/", include("config.api_urls")),
    path("register/", admin.site.urls),
    path("styleguide/", styleguide.styleguide),
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path("metrics", views.metrics),
]
handler400 = "config.api.bad_request"
handler500 = "config.api.server_error"
