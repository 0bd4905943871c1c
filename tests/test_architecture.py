"""What an import linter cannot see: relations by name, and apps without a floor."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model

FLOORS = [
    {"core"},
    {"calendars"},
    {"people"},
    {"cmdb"},
    {"records"},
    {"slm", "knowledge"},
    {
        "incidents",
        "problems",
        "changes",
        "availability",
        "capacity",
        "continuity",
        "finance",
        "improvement",
    },
    {"releases"},
    {"servicedesk"},
    {"itsm"},
]
FLOOR = {app: level for level, floor in enumerate(FLOORS) for app in floor}


def local_apps():
    """The apps of this project, not those of packages in .venv."""
    base = Path(settings.BASE_DIR)
    return [app for app in apps.get_app_configs() if Path(app.path).parent == base]


def relations():
    """(app, target app) of every relation between two local apps. The person who signs in is
    Django's own exception: settings.AUTH_USER_MODEL may be named from everywhere."""
    person = get_user_model()
    return [
        pytest.param(app.label, target._meta.app_label, id=f"{model._meta.label}.{field.name}")
        for app in local_apps()
        for model in app.get_models(include_auto_created=True)
        for field in model._meta.get_fields(include_hidden=True)
        if field.is_relation and field.concrete
        for target in [field.related_model]
        if target and target is not person and target._meta.app_label in FLOOR
        if target._meta.app_label != app.label
    ]


@pytest.mark.parametrize(("app", "target"), relations())
def test_foreign_keys_point_down(app, target):
    assert FLOOR[target] < FLOOR[app]


def test_every_app_has_its_floor():
    assert {config.label for config in local_apps()} <= set(FLOOR)


def test_no_relation_is_generic():
    generic = [
        model._meta.label
        for config in local_apps()
        for model in config.get_models()
        if any(field.name == "content_type" for field in model._meta.get_fields())
    ]

    assert generic == []
