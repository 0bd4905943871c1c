"""Addresses of knowledge for those who work here. Mounted at /knowledge/."""

from django.urls import path

from knowledge.views import articles, desk, figures, steps, writing

app_name = "knowledge"
urlpatterns = [
    path("", articles.index, name="index"),
    path("new/", writing.new, name="new"),
    path("preview/", writing.preview, name="preview"),
    path("searches/", figures.searches, name="searches"),
    path("tickets/<str:ticket>/", desk.for_record, name="for_record"),
    path("tickets/<str:ticket>/use/", desk.use, name="use"),
    path("tickets/<str:ticket>/write/", desk.write_from, name="write_from"),
    path("<str:number>/", articles.detail, name="detail"),
    path("<str:number>/edit/", writing.edit, name="edit"),
    path("<str:number>/compare/", articles.compare, name="compare"),
    path("<str:number>/<slug:name>/", steps.step, name="step"),
]
