"""One's own profile: language, time zone, what one is told about, password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core import audit
from core.access import Gate, access
from people import actions
from people.forms_profile import PasswordForm, ProfileForm
from people.models import Person

YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "POST"])
@access(Gate.SIGNED_IN)
def profile(request):
    form = ProfileForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        save(request.user, form)
        translation.activate(form.cleaned_data["locale"])
        messages.success(request, _("Your profile is saved."))
        response = redirect("people:profile")
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, form.cleaned_data["locale"], max_age=YEAR,
            samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True,
        )  # fmt: skip
        return response
    return show(request, form=form)


@sensitive_post_parameters("present", "wanted", "again")
@require_POST
@access(Gate.SIGNED_IN)
def password(request):
    form = PasswordForm(request, request.POST)
    if form.is_valid():
        person = actions.set_password(request.user, form.cleaned_data["wanted"], by=request.user)
        update_session_auth_hash(request, person)
        messages.success(
            request, _("Your password is changed. You are signed out everywhere else.")
        )
        return redirect("people:profile")
    return show(request, password_form=form)


def show(request, *, form=None, password_form=None):
    context = {
        "form": form or ProfileForm(request.user),
        "password_form": password_form or PasswordForm(request),
        "has_password": request.user.has_usable_password(),
    }
    failed = context["form"].errors or context["password_form"].errors
    return render(request, "people/profile.html", context, status=422 if failed else 200)


@transaction.atomic
def save(person, form):
    """Only what the form names is written: no other field can be slipped in."""
    audit.acting(person)
    held = Person.objects.lock(person)
    held.locale = form.cleaned_data["locale"]
    held.time_zone = form.cleaned_data["time_zone"]
    prefs = held.notify_prefs if isinstance(held.notify_prefs, dict) else {}
    held.notify_prefs = prefs | {"mail": form.choices}
    held.save(update_fields=["locale", "time_zone", "notify_prefs"])
