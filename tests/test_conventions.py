"""Rules of the house that a program can check. Each is told in docs/architecture.md."""

import ast
import importlib
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from itsm.messages import find_computed
from tests.test_architecture import FLOOR

BASE_DIR = Path(settings.BASE_DIR)
APPS = sorted(app for app in FLOOR if (BASE_DIR / app / "__init__.py").exists())
MODULES = sorted(
    path
    for app in APPS
    for path in (BASE_DIR / app).rglob("*.py")
    if "migrations" not in path.parts
)
TEMPLATES = sorted((BASE_DIR / "templates").rglob("*.html"))
# hooks that Django offers as signals only; domain flow never goes through them
RECEIVERS_ALLOWED_IN = {
    "itsm/celery.py",
    "people/apps.py",
    "people/sessions.py",
    "core/heartbeat.py",
}
# the only modules that may hand work to Celery
WAKERS = {"core/wake.py", "core/outbox.py", "itsm/sweeper.py", "core/sweeper.py"}


def name(path):
    return str(path.relative_to(BASE_DIR))


def calls(path):
    """(dotted name, line) of each call in a module."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            yield ast.unparse(node.func), node.lineno


def found(pattern, paths):
    """Lines of these files that match, as "file:line text"."""
    return [
        f"{name(path)}:{number} {line.strip()[:80]}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(pattern, line)
    ]


# --- Python -----------------------------------------------------------------------------------


def test_each_module_says_what_lives_in_it():
    silent = [
        name(path)
        for path in MODULES
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert silent == []


def test_only_the_timeline_writes_timeline_entries():
    writers = {
        name(path)
        for path in MODULES
        for call, _ in calls(path)
        if re.search(r"\bTimelineEntry(\.objects\.(bulk_)?create|$)", call)
    }

    assert writers <= {"records/timeline.py"}


def test_no_domain_flow_goes_through_signals():
    receivers = {
        name(path)
        for path in MODULES
        if re.search(
            r"^\s*@receiver\(|\b\w+_(save|delete|init|changed)\.connect\(",
            path.read_text(),
            re.MULTILINE,
        )
    }

    assert receivers <= RECEIVERS_ALLOWED_IN


def test_only_the_wakers_hand_work_to_celery():
    callers = {
        name(path)
        for path in MODULES
        for call, _ in calls(path)
        if call.endswith((".delay", ".apply_async", ".send_task"))
    }

    assert callers <= WAKERS


def test_actions_know_nothing_of_requests_and_answers():
    paths = [
        path
        for path in MODULES
        if path.stem in {"actions", "models", "policies", "events"} or "actions" in path.parts
    ]

    assert found(r"^\s*(from|import) (django\.http|django\.shortcuts|rest_framework)", paths) == []


def test_every_text_for_people_can_be_extracted():
    computed = [f"{name(path)}:{line}" for path in MODULES for line in find_computed(path)]

    assert computed == []


def test_no_file_grows_beyond_reading():
    long = [name(path) for path in MODULES if len(path.read_text().splitlines()) > 400]

    assert long == []


# --- events -----------------------------------------------------------------------------------


def verbs():
    """Every verb of every app's events module, as stored words."""
    for app in APPS:
        if not (BASE_DIR / app / "events.py").exists():
            continue
        module = importlib.import_module(f"{app}.events")
        for value in vars(module).values():
            if (
                isinstance(value, type)
                and hasattr(value, "choices")
                and value.__module__ == module.__name__
            ):
                yield from value.values


ALL_VERBS = sorted(set(verbs()))


@pytest.mark.parametrize("verb", ALL_VERBS)
def test_each_verb_has_its_template(verb):
    assert (BASE_DIR / "templates" / "timeline" / f"{verb}.html").exists()


def test_each_timeline_template_has_its_verb():
    templates = {path.stem for path in (BASE_DIR / "templates/timeline").glob("*.*.html")}

    assert templates <= set(ALL_VERBS)


def announced():
    """What is announced between processes without being told on a timeline."""
    for app in APPS:
        if (BASE_DIR / app / "events.py").exists():
            module = importlib.import_module(f"{app}.events")
            for value in vars(module).values():
                inside = vars(value).values() if isinstance(value, type) else [value]
                yield from (text for text in inside if isinstance(text, str))


def test_reactions_answer_verbs_that_exist():
    known = set(ALL_VERBS) | set(announced())

    assert {str(verb) for verb in import_string(settings.REACTIONS)} <= known


# --- templates --------------------------------------------------------------------------------


def test_templates_carry_no_style_and_no_script_of_their_own():
    assert found(r"\sstyle\s*=\s*[\"']|<style\b", TEMPLATES) == []
    assert found(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", TEMPLATES) == []
    assert found(r"<[^>]*\son[a-z]+\s*=\s*[\"']|\bhx-on\b|javascript:", TEMPLATES) == []


def test_templates_load_nothing_from_elsewhere():
    assert found(r"(src|href)\s*=\s*[\"'](https?:)?//", TEMPLATES) == []


def test_each_template_says_what_it_is():
    silent = [
        name(path)
        for path in TEMPLATES
        if not re.match(r"\s*(\{% extends [^%]+%\}\s*)?(\{#|\{% comment)", path.read_text())
    ]

    assert silent == []


@pytest.mark.parametrize("app", APPS)
def test_lower_pages_link_only_downwards(app):
    """A page of a lower app names no address of a higher one; panels and menus do that."""
    higher = [other for other in APPS if FLOOR[other] > FLOOR[app]]
    if not higher:
        return
    templates = sorted((BASE_DIR / "templates" / app).rglob("*.html"))

    assert found(rf"{{% url ['\"]({'|'.join(higher)}):", templates) == []
