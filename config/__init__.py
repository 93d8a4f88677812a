"""Wiring and frame: settings, urls, Celery, the API's door and the base templates."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
