"""Addresses of notices and outgoing mail."""

from django.urls import path

from servicedesk.views import letters, notices, outgoing

urlpatterns = [
    path("r/<str:number>/", notices.open_record, name="record"),
    path("notices/", notices.notifications, name="notifications"),
    path("notices/bell/", notices.bell, name="notifications_bell"),
    path("notices/read/", notices.read_notices, name="notices_read"),
    path("notices/<int:pk>/open/", notices.open_notice, name="notice_open"),
    path("notices/<int:pk>/read/", notices.read_notice, name="notice_read"),
    path("settings/mail/", outgoing.outgoing, name="outgoing"),
    path("settings/mail/retry/", outgoing.outgoing_retry_dead, name="outgoing_retry_dead"),
    path("settings/mail/hold/", outgoing.outgoing_hold, name="outgoing_hold"),
    path("settings/mail/letters/", letters.index, name="letters"),
    path("settings/mail/letters/<slug:template>/", letters.edit, name="letter"),
    path("settings/mail/letters/<slug:template>/reset/", letters.reset, name="letter_reset"),
    path("settings/mail/<int:pk>/", outgoing.outgoing_mail, name="outgoing_mail"),
    path("settings/mail/<int:pk>/retry/", outgoing.outgoing_retry, name="outgoing_retry"),
]
