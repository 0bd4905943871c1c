"""What a person is asked about themselves."""

from django import forms
from django.contrib.auth import authenticate
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    username = forms.CharField(label=_("E-mail or staff number"), max_length=254)
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput, max_length=256, strip=False
    )

    def __init__(self, request, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        self.person = None

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("username") and cleaned.get("password"):
            self.person = authenticate(self.request, **cleaned)
            if self.person is None:
                raise forms.ValidationError(
                    _("This name and password do not go together. Check both and try again.")
                )
        return cleaned
