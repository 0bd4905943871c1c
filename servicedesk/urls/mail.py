"""Addresses of received mail and of mailboxes."""

from django.urls import path

from servicedesk.views import mail, mailboxes

urlpatterns = [
    path("settings/mail/in/", mail.received, name="mail_in"),
    path("settings/mail/in/<int:pk>/", mail.received_mail, name="mail_in_one"),
    path("settings/mail/in/<int:pk>/original/", mail.original, name="mail_in_original"),
    path("settings/mail/in/<int:pk>/decide/", mail.decide_again, name="mail_in_decide"),
    path("settings/mail/in/addresses/", mail.addresses, name="mail_addresses"),
    path("settings/mail/in/addresses/<int:pk>/", mail.address_works, name="mail_address_works"),
    path("settings/mail/in/boxes/", mailboxes.index, name="mailboxes"),
    path("settings/mail/in/boxes/new/", mailboxes.new, name="mailbox_new"),
    path("settings/mail/in/boxes/<int:pk>/", mailboxes.edit, name="mailbox"),
    path("settings/mail/in/boxes/<int:pk>/test/", mailboxes.test, name="mailbox_test"),
    path("records/entries/<int:pk>/mail/", mail.original_of_entry, name="mail_of_entry"),
]
