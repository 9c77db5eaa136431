"""Addresses that exist in a demonstration only."""

from django.urls import path

from rasso.demonstration.views import MoveTheClock

urlpatterns = [
    path("clock/", MoveTheClock.as_view(), name="demonstration-clock"),
]
