"""Reference data that every desk starts with, and the numbers of tasks. Later edits are kept."""

from django.db import migrations

from records.numbers import make_sequence

DAY = 27000  # 7.5 h of business time
REASONS = [
    # code, en, zh, pauses_sla, pauses_ola, starts_uc, waits_for_requester, needs_date, chase, close
    ("wait_customer", "Waiting for the requester", "等待用户答复", 1, 1, 0, 1, 0, 2 * DAY, 3),
    ("wait_supplier", "Waiting for the supplier", "等待供应商", 0, 1, 1, 0, 0, None, None),
    ("wait_change", "Waiting for a change", "等待变更", 0, 0, 0, 0, 0, None, None),
    ("wait_part", "Waiting for a part", "等待备件", 0, 0, 0, 0, 0, None, None),
    ("scheduled", "Agreed date with the requester", "与用户约定时间", 1, 1, 0, 1, 1, None, None),
    ("monitoring", "Monitoring", "观察中", 1, 1, 0, 1, 1, None, None),
]
CODES = [
    # code, en, zh, counts_as_failure, is_offered
    ("solved_permanently", "Solved permanently", "彻底解决", 1, 1),
    ("workaround", "Solved by a workaround", "通过临时措施解决", 1, 1),
    ("no_fault_found", "No fault found", "未发现故障", 0, 1),
    ("user_error", "Operating error", "操作失误", 0, 1),
    ("duplicate", "Duplicate", "重复", 0, 0),
    ("cancelled_by_user", "Cancelled by the requester", "用户取消", 0, 0),
    ("auto_closed", "No answer of the requester", "用户未答复", 0, 0),
]


def fill(apps, schema_editor):
    PendingReason = apps.get_model("records", "PendingReason")
    for order, row in enumerate(REASONS):
        code, en, zh, sla, ola, uc, requester, date, chase, close = row
        PendingReason.objects.get_or_create(
            code=code,
            defaults={
                "name_en": en, "name_zh": zh, "pauses_sla": bool(sla), "pauses_ola": bool(ola),
                "starts_uc": bool(uc), "waits_for_requester": bool(requester),
                "needs_date": bool(date), "chase_after": chase, "close_after_chases": close,
                "order": order,
            },
        )  # fmt: skip
    ClosureCode = apps.get_model("records", "ClosureCode")
    for order, (code, en, zh, failure, offered) in enumerate(CODES):
        ClosureCode.objects.get_or_create(
            code=code,
            defaults={
                "name_en": en, "name_zh": zh, "counts_as_failure": bool(failure),
                "is_offered": bool(offered), "order": order,
            },
        )  # fmt: skip
    PriorityMatrix = apps.get_model("records", "PriorityMatrix")
    matrix, is_new = PriorityMatrix.objects.get_or_create(
        code="default",
        defaults={"name_en": "Default 3 × 3", "name_zh": "默认 3 × 3", "is_default": True},
    )
    if is_new:
        for impact in (1, 2, 3):
            for urgency in (1, 2, 3):
                matrix.cells.create(
                    impact=impact, urgency=urgency, priority=min(5, impact + urgency - 1)
                )


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial"), ("core", "0002_models")]
    operations = [
        make_sequence("TSK"),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=False),
    ]
