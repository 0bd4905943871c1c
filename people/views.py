"""Signing in and out, and the reader's own language."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.access import Gate, access
from people import actions
from people.forms import SignInForm

YEAR = 365 * 24 * 3600


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
@access(Gate.ANYONE)
def sign_in(request):
    if request.user.is_authenticated:
        return redirect(safe_next(request))
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.person)
        actions.note_sign_in(form.person)
        return redirect(safe_next(request))
    context = {"form": form, "next": safe_next(request)}
    return render(request, "people/sign_in.html", context, status=422 if form.errors else 200)


@require_POST
@access(Gate.ANYONE)
def sign_out(request):
    logout(request)
    return redirect("people:sign_in")


@require_POST
@access(Gate.ANYONE)
def language(request):
    """Remember the language: on the person where one is signed in, else in a cookie."""
    wanted = request.POST.get("language")
    response = redirect(safe_next(request))
    if wanted in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            actions.choose_language(request.user, wanted, by=request.user)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, wanted, max_age=YEAR, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE, httponly=True,
        )  # fmt: skip
    return response


def locked_out(request, credentials, *args, **kwargs):
    """django-axes asks here after too many wrong passwords."""
    form = SignInForm(request)
    context = {"form": form, "next": "/", "is_locked_out": True}
    return render(request, "people/sign_in.html", context, status=429)


def safe_next(request):
    """Where to go on: an address of our own, or the start."""
    target = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours else "/"
