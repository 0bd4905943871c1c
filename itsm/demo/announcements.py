"""What the desk of the demo world tells its people: an outage that runs, planned maintenance, and a
changed service level with the notice that its customers were given."""

from datetime import timedelta

from django.utils import timezone

from core import time
from incidents.models import Incident
from people.models import Person
from records.models import Record
from servicedesk.announcements import actions, proposing
from servicedesk.models import Announcement
from slm.actions import variations
from slm.models import Agreement

Kind, Severity = Announcement.Kind, Announcement.Severity


def play(world):
    now = time.now().replace(second=0, microsecond=0)
    with timezone.override("Asia/Shanghai"):  # the proposed words name times of its wall clock
        _outage(world, now)
        _maintenance(world, now)
        _variation(world, now)


def _outage(world, now):
    """About the major incident: whoever pays by card sees it on the portal, and may join it."""
    manager = world.people["L1012"]
    major = Incident.objects.filter(is_major=True, major__ended_at=None).first()
    outage = actions.write(
        by=manager, about=Record.objects.get(pk=major.pk), announcement_kind=Kind.OUTAGE,
        severity=Severity.CRITICAL, services=[world.services["PAYGW"]],
        title_en="Card payments in shops are failing for some orders",
        body_en="We are working on it before everything else. Alipay and WeChat Pay work.",
        title_zh="部分门店的银行卡付款失败",
        body_zh="我们正在优先处理。支付宝和微信支付可以正常使用。",
        at=now - timedelta(minutes=180),
    )  # fmt: skip
    outage = actions.publish(outage, by=manager, at=now - timedelta(minutes=175))
    for code in ("L2003", "L2005"):
        person = Person.objects.get(pk=world.people[code].pk)
        actions.acknowledge(outage, by=person, at=now - timedelta(minutes=90))


def _maintenance(world, now):
    manager = world.people["L1010"]
    start = now + timedelta(days=2)
    window = actions.write(
        by=manager, announcement_kind=Kind.MAINTENANCE, severity=Severity.WARNING,
        services=[world.services["MAIL"]], is_by_mail=True,
        title_en="E-mail is not available on Saturday night",
        body_en="We replace the storage of the mail system. Mail sent to you meanwhile arrives"
        " afterwards; nothing is lost.",
        title_zh="周六夜间邮件系统停机维护",
        body_zh="我们将更换邮件系统的存储设备。期间发给您的邮件会在维护结束后送达，不会丢失。",
        starts_at=now - timedelta(hours=20), ends_at=start + timedelta(hours=4),
        at=now - timedelta(hours=22),
    )  # fmt: skip
    window = actions.schedule(window, by=manager, at=now - timedelta(hours=21))
    actions.publish(window, by=None, at=now - timedelta(hours=20))
    release = actions.write(
        by=manager, announcement_kind=Kind.RELEASE, severity=Severity.INFO, is_for_all=True,
        title_en="The portal shows how long things take",
        body_en="Each service in the catalogue now says how long an order usually takes.",
        title_zh="门户显示办理时长", body_zh="服务目录中的每项服务现在都会显示通常的办理时长。",
        starts_at=now + timedelta(days=3), at=now - timedelta(hours=2),
    )  # fmt: skip
    actions.schedule(release, by=manager, at=now - timedelta(hours=1))


def _variation(world, now):
    """Stocktaking: for three days the standard resolution times are longer. Told in time."""
    manager = world.people["L1011"]
    agreement = Agreement.objects.get(title="Standard service levels")
    rows = agreement.targets.filter(metric="resolution", priority__in=[2, 3])
    change = variations.draft(
        agreement, by=manager, starts_at=now - timedelta(hours=6),
        ends_at=now + timedelta(days=3), at=now - timedelta(days=2),
        new_values={row.pk: int(row.value) * 3 // 2 for row in rows},
        reason="Stocktaking: half of the desk counts. / 盘点期间服务台半数人员参与盘点。",
    )  # fmt: skip
    notice = actions.write(
        by=manager, variation=change, at=now - timedelta(days=2),
        **(proposing.proposed(None, change) | {"starts_at": now - timedelta(hours=47)}),
    )  # fmt: skip
    notice = actions.schedule(notice, by=manager, at=now - timedelta(hours=47, minutes=30))
    actions.publish(notice, by=None, at=now - timedelta(hours=47))
    change.refresh_from_db()
    variations.agree(
        change, by=manager, agreed_with=world.people["L2001"], at=now - timedelta(hours=40)
    )
    variations.sweep_due()
