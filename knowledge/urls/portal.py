"""Addresses of knowledge on the portal; they stand in the portal's namespace."""

from django.urls import path

from knowledge.views import portal

urlpatterns = [
    path("knowledge/", portal.home, name="knowledge"),
    path("knowledge/<str:article>/", portal.article, name="article"),
    path("knowledge/<str:article>/vote/", portal.vote, name="article_vote"),
    path("knowledge/<str:article>/solved/", portal.solved, name="article_solved"),
    path("knowledge/<str:article>/files/<uuid:public_id>/", portal.file, name="article_file"),
]
