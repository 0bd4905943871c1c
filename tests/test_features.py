"""What this version promises, held against the tests: each feature is shown by one that names it."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
PROMISED = [
    *(f"IN-{number:02d}" for number in range(1, 15)),
    *(f"SL-{number:02d}" for number in range(3, 13)),
    *(f"SL-{number:02d}" for number in range(15, 18)),
    *(f"KB-{number:02d}" for number in range(1, 6)),
    *(f"CN-{number:02d}" for number in range(1, 10)),
    "D14", "SD-01", "SD-10", "D1", "D4", "LA-03", "LA-04", "LA-05", "AP-01", "AP-02", "AP-03",
    "SD-06", "SD-08", "SD-09", "SD-11", "SD-12", "SD-13", "SD-14", "SD-15", "AU-04", "CH-09", "AU-01",
    "D20",
]  # fmt: skip


def shown():
    """{feature: [test]}: a marker on the test, on its class, or on its module (`pytestmark`)."""
    found = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        tree = ast.parse(path.read_text())
        of_module = [mark for node in tree.body if _is_pytestmark(node) for mark in ids_in(node)]
        for name, marks in marked_in(tree, of_module):
            for mark in marks:
                found.setdefault(mark, []).append(f"{path.relative_to(TESTS)}::{name}")
    return found


def marked_in(node, outer):
    for child in node.body:
        if isinstance(child, ast.ClassDef):
            yield from marked_in(child, [*outer, *decorated(child)])
        elif isinstance(child, ast.FunctionDef) and child.name.startswith("test_"):
            yield child.name, {*outer, *decorated(child)}


def decorated(node):
    return [mark for decorator in node.decorator_list for mark in ids_in(decorator)]


def _is_pytestmark(node):
    return isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets
    )


def ids_in(node):
    """The arguments of every `pytest.mark.feature(…)` inside."""
    return [
        argument.value
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.feature"
        for argument in call.args
    ]


SHOWN = shown()


@pytest.mark.parametrize("feature", PROMISED)
def test_a_promised_feature_is_shown_by_a_test(feature):
    assert SHOWN.get(feature), f"no test carries @pytest.mark.feature({feature!r})"


def test_the_markers_are_read_where_they_may_stand():
    tree = ast.parse(
        "pytestmark = [pytest.mark.django_db, pytest.mark.feature('A')]\n"
        "@pytest.mark.feature('B', 'C')\ndef test_one(): ...\n"
        "@pytest.mark.feature('D')\nclass TestAll:\n    def test_two(self): ...\n"
        "@pytest.mark.feature('E')\ndef helper(): ...\n"
    )

    found = dict(marked_in(tree, ["A"]))

    assert found == {"test_one": {"A", "B", "C"}, "test_two": {"A", "D"}}
    assert [mark for node in tree.body if _is_pytestmark(node) for mark in ids_in(node)] == ["A"]
