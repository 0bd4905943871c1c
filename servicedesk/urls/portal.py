"""Addresses of the portal."""

from django.urls import path

from servicedesk.views import portal
from servicedesk.views.portal import announcements

app_name = "portal"
urlpatterns = [
    path("", portal.home, name="home"),
    path("suggest/", portal.suggest, name="suggest"),
    path("report/", portal.report, name="report"),
    path("report/devices/", portal.devices, name="devices"),
    path("pick/services/", portal.pick_service, name="pick_service"),
    path("services/", portal.catalogue, name="catalogue"),
    path("services/<str:code>/", portal.offering, name="offering"),
    path("pick/colleagues/", portal.pick_colleague, name="pick_colleague"),
    path("pick/people/", portal.pick_person, name="pick_person"),
    path("feedback/", portal.give_feedback, name="give_feedback"),
    path("announcements/", announcements.index, name="announcements"),
    path("announcements/<str:number>/", announcements.detail, name="announcement"),
    path("announcements/<str:number>/read/", announcements.read, name="announcement_read"),
    path("announcements/<str:number>/dismiss/", announcements.dismiss, name="announcement_dismiss"),
    path("disruptions/<str:number>/too/", portal.me_too, name="me_too"),
    path("requests/", portal.requests, name="requests"),
    path("requests/<str:number>/", portal.request_page, name="request"),
    path("requests/<str:number>/sent/", portal.sent, name="sent"),
    path("requests/<str:number>/feed/", portal.feed, name="feed"),
    path("requests/<str:number>/reply/", portal.reply, name="reply"),
    path("requests/<str:number>/confirm/", portal.confirm, name="confirm"),
    path("requests/<str:number>/reject/", portal.reject, name="reject"),
    path("requests/<str:number>/take-back/", portal.take_back, name="take_back"),
    path("requests/<str:number>/revise/", portal.revise, name="revise"),
    path("requests/<str:number>/too/", portal.take_part, name="take_part"),
    path("requests/<str:number>/follow/", portal.follow, name="follow"),
    path("requests/<str:number>/invite/", portal.invite, name="invite"),
    path("requests/<str:number>/files/<uuid:public_id>/", portal.file, name="file"),
]
