"""What people may change about themselves: language, time, notices, password."""

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.utils.translation import gettext_lazy as _

from people.models import Person
from people.notice_choices import Mail, mail_choice, topics_for
from people.zones import zone_choices


class ProfileForm(forms.Form):
    locale = forms.ChoiceField(
        label=_("Language"), choices=Person.Locale.choices,
        help_text=_("Pages and mails speak this language."),
    )  # fmt: skip
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, person, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        zone = person.site.time_zone if person.site_id else "Asia/Shanghai"
        unset = _("As at my site: %(zone)s") % {"zone": zone}
        self.fields["time_zone"].choices = [("", unset), *zone_choices()]
        self.initial |= {"locale": person.locale, "time_zone": person.time_zone}
        for topic in topics_for(person):
            name = f"mail_{topic.value}"
            self.fields[name] = forms.ChoiceField(label=topic.label, choices=Mail.choices)
            self.initial[name] = mail_choice(person, topic)

    @property
    def mail_fields(self):
        return [self[name] for name in self.fields if name.startswith("mail_")]

    @property
    def choices(self):
        """{topic: choice} as the model keeps them."""
        return {
            name.removeprefix("mail_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("mail_")
        }


class PasswordForm(forms.Form):
    present = forms.CharField(
        label=_("Present password"), max_length=256, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    wanted = forms.CharField(
        label=_("New password"), max_length=256, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. A few unrelated words are good."),
    )  # fmt: skip
    again = forms.CharField(
        label=_("New password once more"), max_length=256, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, request, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_present(self):
        """Asked like a sign-in, so that guessing is locked out like one."""
        present = self.cleaned_data["present"]
        person = authenticate(self.request, username=self.request.user.code, password=present)
        if person is None or person.pk != self.request.user.pk:
            raise forms.ValidationError(_("This is not your present password."))
        return present

    def clean_wanted(self):
        wanted = self.cleaned_data["wanted"]
        password_validation.validate_password(wanted, self.request.user)
        return wanted

    def clean(self):
        cleaned = super().clean()
        wanted, again = cleaned.get("wanted"), cleaned.get("again")
        if wanted and again and wanted != again:
            self.add_error("again", _("The two new passwords differ."))
        return cleaned
