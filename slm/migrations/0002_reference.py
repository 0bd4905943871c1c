"""Numbers of agreements, and the ladder that a new desk starts with (ITSM domain rules 5.5)."""

from django.db import migrations

from records.numbers import make_sequence

STEPS = [
    # on, metric, value, type, to, repeat_every, only_priority
    ("pct", "", 50, "notify", "assignee", None, None),
    ("pct", "", 50, "notify", "group_lead", None, None),
    ("pct", "", 75, "hierarchic", "group_lead", None, None),
    ("pct", "resolution", 90, "hierarchic", "process_manager", None, None),
    ("pct", "", 100, "hierarchic", "slm", 25, None),
    ("pct", "", 100, "hierarchic", "service_owner", 25, None),
    ("pct", "", 100, "notify", "assignee", None, None),
    ("unassigned_for", "", 900, "notify", "dispatcher", None, None),
    ("unassigned_for", "", 300, "notify", "dispatcher", None, 1),
]


def fill(apps, schema_editor):
    Policy = apps.get_model("slm", "EscalationPolicy")
    policy, is_new = Policy.objects.get_or_create(
        code="default", defaults={"name_en": "Default ladder", "name_zh": "默认升级规则"}
    )
    if not is_new:
        return
    for order, (on, metric, value, type_, to, repeat, priority) in enumerate(STEPS, 1):
        policy.steps.create(
            order=order, on=on, metric=metric, value=value, type=type_, to=to,
            repeat_every=repeat, only_priority=priority, respects_calendar=priority != 1,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("slm", "0001_initial"), ("core", "0002_models")]
    operations = [
        make_sequence("SLA"),
        make_sequence("OLA"),
        make_sequence("UC"),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=False),
    ]
