"""Addresses of satisfaction surveys."""

from django.urls import path

from servicedesk.views import surveys

urlpatterns = [
    path("s/<str:token>/<int:score>/", surveys.by_link, name="survey_link"),
    path("satisfaction/", surveys.index, name="satisfaction"),
    path("satisfaction/answers/", surveys.answers, name="satisfaction_answers"),
    path("satisfaction/rates/", surveys.survey_rates, name="survey_rates"),
    path(
        "satisfaction/rates/<int:pk>/remove/", surveys.survey_rate_remove,
        name="survey_rate_remove",
    ),
]  # fmt: skip
