"""The pages of this app."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("departments/", views.departments, name="departments"),
    path("files/<int:pk>/", views.file, name="file"),
]
