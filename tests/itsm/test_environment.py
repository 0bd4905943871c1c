"""What the environment decides is written down for who sets it, and reaches the containers."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(
    set(re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"', (ROOT / "itsm/settings.py").read_text()))
)
LINE = re.compile(r"#?([A-Z_]+)=(.*)")
# what the containers are given by docker-compose.yml or the image themselves, or never get
OWN = "set by docker-compose.yml"


def example():
    """{name: (value, the line before it, section)} of .env.example."""
    found, before, section = {}, "", ""
    for line in (ROOT / ".env.example").read_text().splitlines():
        if match := LINE.fullmatch(line):
            assert match[1] not in found, f"{match[1]} stands twice"
            found[match[1]] = (match[2], before, section)
        elif line.startswith("# ---"):
            section = line
        before = line
    return found


def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_the_settings_were_read():
    assert {"SECRET_KEY", "MAIL_HELD", "MAIL_BACK_OFF", "WATCHED_PROCESSES"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_value_of_the_settings_is_explained(name):
    lines = example()

    assert name in lines
    _value, before, _section = lines[name]
    assert before.startswith("# ")
    assert not before.startswith("# ---")


def test_nothing_is_explained_that_nobody_reads():
    text = (ROOT / "docker-compose.yml").read_text()
    asked = set(re.findall(r"\$\{([A-Z_]+)", text))

    assert set(example()) == set(NAMES) | asked


@pytest.mark.parametrize("name", NAMES)
def test_what_may_be_set_reaches_every_container_of_the_desk(name):
    _value, _before, section = example()[name]
    services = compose()["services"]
    ours = [one for one in services.values() if one.get("image") == "lanting-service-desk"]

    assert len(ours) == 5
    for one in ours:
        given = str(one["environment"].get(name, ""))
        assert OWN in section or given.startswith(f"${{{name}")


@pytest.mark.parametrize(
    "name", ["SWEEP_SECONDS", "MAIL_BACK_OFF", "WATCHED_PROCESSES", "MAIL_HELD"]
)
def test_without_a_value_the_containers_work_by_the_defaults_of_the_settings(name):
    given = compose()["x-desk"]["environment"][name]
    default = re.search(rf'"{name}",.*?default=(.+)\)', (ROOT / "itsm/settings.py").read_text())[1]
    plain = default.strip('[]"').replace(" ", "").replace('"', "").lower()

    assert given == f"${{{name}:-{plain}}}"
    assert example()[name][0] == plain
