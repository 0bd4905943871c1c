"""A form that is sent twice does its work once; a form that is late says so."""

import secrets

from django import forms
from django.db import IntegrityError, transaction

from core.models import SubmitToken


class OnceForm(forms.Form):
    """Carries a submit token. Views call `first_time(request)` inside the action's transaction."""

    submit_token = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("submit_token", secrets.token_urlsafe(16))


def once(person, token, make):
    """Run `make()` (which returns a URL) the first time; the second time return the same URL."""
    if not token:
        return make()
    try:
        with transaction.atomic():
            row = SubmitToken.objects.create(person=person, token=token)
            row.location = make()
            row.save(update_fields=["location"])
            return row.location
    except IntegrityError:
        sent = SubmitToken.objects.filter(person=person, token=token).first()
        if sent is None:
            raise
        return sent.location
