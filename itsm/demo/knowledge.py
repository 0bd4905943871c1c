"""The articles of the demo world: what people of Lanting ask most, in both languages, each written,
reviewed, read and voted on through the actions."""

from datetime import timedelta

from core import time
from itsm.demo.company import SINCE
from knowledge.actions import lifecycle, reading, using, writing
from people import actions as people
from people.roles import Role

# author, publisher, kind, audience, service, category, keywords, English, Chinese, what became of it
ARTICLES = [
    ("L1002", "L1006", "how_to", "portal", "VPN", "vpn", "remote access, home office, 远程办公, 居家办公", (
        "VPN says that the certificate has expired",
        """The certificate on your laptop is renewed by itself, but only inside the office network. Away from the office for more than 30 days, it can run out.

## Renew it from home

1. Open **Company Portal** and choose *Sync*. It works without VPN.
2. Wait until “Device is compliant” appears, about two minutes.
3. Restart the laptop.
4. Start the VPN client again and choose **Shanghai** or **Rotterdam**, whichever is nearer.

If *Sync* ends with error 0x87D1, your account is locked: see the article about passwords first.

> Never choose “Connect anyway”. Nobody at the service desk will ask you to.""",
    ), (
        "VPN 提示证书已过期怎么办",
        """电脑上的证书会自动更新，但只有在公司内网时才会更新。如果超过 30 天没有到公司，证书可能会过期。

## 在家更新证书

1. 打开 **公司门户**，点击“同步”。此操作不需要 VPN。
2. 等待约两分钟，直到出现“设备符合要求”。
3. 重启电脑。
4. 再次打开 VPN 客户端，选择较近的节点：**上海**或**鹿特丹**。

如果同步时出现错误 0x87D1，说明账号已被锁定，请先按照密码相关的文章处理。

> 请不要点击“仍然连接”。服务台不会要求您这样做。""",
    ), "loved"),
    ("L1001", "L1007", "how_to", "portal", "ERP", "account", "SAP, login, 登录, 锁定, 解锁", (
        "Reset your ERP password",
        """You can do this yourself at any hour.

1. Open the ERP start page and choose **Forgotten password**.
2. Enter your staff number, not your mail address.
3. Confirm on your telephone.
4. Choose a new password: at least 12 characters, none of your last 10.

The new password works after about **5 minutes** in all ERP systems.

| System | Own password |
| --- | --- |
| ERP finance, ERP logistics | the same |
| Supplier portal | its own, kept by purchasing |""",
    ), (
        "如何重置 ERP 密码",
        """您可以随时自行重置密码。

1. 打开 ERP 首页，点击**忘记密码**。
2. 输入工号（不是邮箱地址）。
3. 在手机上确认。
4. 设置新密码：至少 12 位，且不能与最近 10 次相同。

新密码约 **5 分钟**后在所有 ERP 系统中生效。

| 系统 | 密码 |
| --- | --- |
| ERP 财务、ERP 物流 | 相同 |
| 供应商门户 | 独立密码，由采购部管理 |""",
    ), "loved"),
    ("L1003", "L1006", "how_to", "portal", None, "account", "MFA, authenticator, two factor, 双重验证, 换手机", (
        "New telephone: move your sign-in confirmation",
        """Do this **while you still have the old telephone**.

1. On a computer, open *My sign-ins* → **Security info** → *Add method* → *Authenticator app*.
2. Install the app on the new telephone and scan the code.
3. Confirm once with the new telephone.
4. Delete the old telephone from the list.

## The old telephone is gone

Come to the desk with your staff card, or let your manager call us. We never reset the confirmation after a mail alone.""",
    ), (
        "更换手机：如何迁移登录验证",
        """请在**旧手机仍可使用时**完成以下操作。

1. 在电脑上打开“我的登录” → **安全信息** → “添加方法” → “验证器应用”。
2. 在新手机上安装应用并扫描二维码。
3. 用新手机确认一次。
4. 在列表中删除旧手机。

## 旧手机已丢失

请携带工牌到服务台，或由您的主管致电服务台。仅凭邮件，我们不会重置登录验证。""",
    ), "loved"),
    ("L1002", "L1009", "faq", "portal", "MAIL", "mail", "shared mailbox, 550, 公共邮箱, 退信", (
        "A mail comes back with error 550",
        """550 means that the other side refused the mail. What stands behind the number says why:

- **550 5.1.1**: the address does not exist. Check it for typing errors, delete it from the suggestions and type it anew.
- **550 5.7.1**: you may not write to this list, or the attachment is not allowed. Ask the owner of the list.
- **550 5.7.26**: the sender's domain is not proven. That is ours to mend: report it, with the returned mail attached.

Mails above 25 MB are refused as well. Share a link instead.""",
    ), (
        "邮件被退回并提示 550 错误",
        """550 表示对方拒收邮件，数字后面的代码说明了原因：

- **550 5.1.1**：地址不存在。请检查拼写，从联想列表中删除该地址后重新输入。
- **550 5.7.1**：您没有向该列表发信的权限，或附件类型不允许。请联系列表所有者。
- **550 5.7.26**：发件域未通过验证，需要我们处理。请报告故障并附上退信。

超过 25 MB 的邮件也会被拒收，请改为分享链接。""",
    ), "read"),
    ("L1005", "L1006", "how_to", "portal", "PRINT", "printer", "paper jam, offline, 卡纸, 脱机, 打印队列", (
        "The printer stays offline after a paper jam",
        """1. Open **all** flaps and look for scraps of paper, also in the duplex unit at the back.
2. Close them until they click. Any flap that is ajar keeps the printer offline.
3. Press and hold **Cancel** for five seconds: held jobs are thrown away.
4. Switch the printer off for 30 seconds.
5. On the computer, delete waiting jobs and print a test page.

Still offline? Use the next printer: your jobs follow your card, so any printer of the floor prints them.""",
    ), (
        "打印机卡纸后一直显示脱机",
        """1. 打开**所有**盖板，检查是否有残留纸片，包括背面的双面打印单元。
2. 关好盖板并听到咔嗒声。任何盖板未关紧都会导致脱机。
3. 长按**取消**键五秒，清除已挂起的作业。
4. 关闭打印机电源 30 秒。
5. 在电脑上删除等待中的作业，并打印测试页。

仍然脱机？请使用其他打印机：打印作业跟随工牌，同楼层任意一台都可以取件。""",
    ), "revised"),
    ("L1004", "L1006", "how_to", "portal", "WLAN", "wifi", "guest, visitor, 访客, 无线网络", (
        "Wi-Fi for a visitor",
        """1. Open *Visitors* on the intranet and enter the visitor's name and telephone number.
2. Choose until when, at most five days.
3. The visitor gets the password as a text message and joins **Lanting-Guest**.

The guest network reaches the internet only: no printers, no shares.""",
    ), (
        "为访客开通无线网络",
        """1. 打开内网的“访客”页面，填写访客姓名和手机号。
2. 选择有效期，最长五天。
3. 访客会收到短信密码，连接 **Lanting-Guest** 即可。

访客网络只能访问互联网，不能使用打印机和共享文件夹。""",
    ), "read"),
    ("L1003", "L1009", "procedure", "portal", None, "laptop", "order, notebook, hardware, 申请, 新员工, 采购", (
        "Order a laptop: which one, and how long it takes",
        """| Model | For whom | Delivery |
| --- | --- | --- |
| Light 14" | office work, travel | 3 working days |
| Power 16" | design, data, development | 10 working days |
| Rugged 13" | warehouse, sites | 5 working days |

Your manager is asked to agree. A laptop is replaced after **four years**, or when a repair costs more than half of it.

For somebody who starts soon: order ten working days before the first day, so that it lies ready.""",
    ), (
        "申请笔记本电脑：型号与交付时间",
        """| 型号 | 适用人员 | 交付时间 |
| --- | --- | --- |
| 轻薄 14 英寸 | 日常办公、出差 | 3 个工作日 |
| 性能 16 英寸 | 设计、数据、开发 | 10 个工作日 |
| 加固 13 英寸 | 仓库、现场 | 5 个工作日 |

申请需要主管同意。电脑使用满**四年**，或维修费用超过其价值一半时更换。

为新员工申请：请在入职前十个工作日提交，以便按时准备。""",
    ), "read"),
    ("L1002", "L1006", "how_to", "portal", "COLLAB", "laptop", "dock, Teams, call, 扩展坞, 通话, 掉线", (
        "Calls drop when the laptop goes onto the dock",
        """The call moves from Wi-Fi to the cable, and some docks need too long for it.

1. Update the dock: **Company Portal** → *Dock firmware*. It takes four minutes; leave the laptop on the dock.
2. In the call settings switch on *Reconnect automatically*.

Until then: put the laptop onto the dock before you begin the call.""",
    ), None, "read"),
    ("L1001", "L1007", "how_to", "portal", "ERP", "howto", "report, export, 导出, 费用, 报表, 差旅", None, (
        "如何导出去年的费用报表",
        """1. 在 ERP 中打开 **费用 → 报表**。
2. 右上角“期间”选择“自定义”，填写去年 1 月 1 日至 12 月 31 日。
3. 点击**更多（…）→ 导出 → Excel**。

“导出”按钮在“更多”菜单中，窗口较窄时不会直接显示。

超过 5 万行时会在后台生成，完成后通过邮件通知。""",
    ), "read"),
    ("L1008", "L1009", "workaround", "internal", "PAYGW", "payment", "502, node, trust store, 网关, 证书链", (
        "Gateway answers 502 for part of the card payments",
        """Seen when the intermediate CA is missing in the trust store of one node: only the requests of that node fail.

## Check

`openssl s_client -connect pay-0X:8443 -showcerts` on each node; the bad one ends with *verify error 20*.

## Until it is mended

1. Take the node out of rotation (runbook PAY-7).
2. Watch the success rate for ten minutes.
3. Import the intermediate CA, restart the listener, put the node back.

Tell the shops that wallet payments work.""",
    ), (
        "支付网关部分银行卡交易返回 502",
        """当某个节点的信任库缺少中间 CA 时出现：只有该节点的请求失败。

## 检查

在每个节点执行 `openssl s_client -connect pay-0X:8443 -showcerts`，异常节点会显示 *verify error 20*。

## 临时处理

1. 将该节点移出轮转（操作手册 PAY-7）。
2. 观察成功率十分钟。
3. 导入中间 CA，重启监听器，再将节点加回。

请告知门店：电子钱包付款不受影响。""",
    ), "used"),
    ("L1006", "L1009", "procedure", "restricted", "WLAN", "wifi", "controller, failover, 控制器, 切换", (
        "Switch the Wi-Fi controllers by hand",
        """Only inside the change window, two people.

1. Save the configuration of both controllers.
2. On the standby: `redundancy force-switchover`.
3. Wait until all access points have rejoined (about 6 minutes).
4. Check scanners in hall 2 first: they roam badly.""",
    ), None, "restricted"),
    ("L1002", None, "faq", "portal", "COLLAB", "hardware", "camera, room, 会议室, 摄像头", (
        "The camera of a meeting room is not found",
        """1. Unplug the USB cable of the room bar, wait ten seconds, plug it in again.
2. Restart the room computer with the small button under the table.
3. Join the meeting again.

Rooms on the fourth floor have a switch “Privacy” beside the door. It must be *off*.""",
    ), None, "in_review"),
    ("L1001", None, "how_to", "portal", "COLLAB", "account", "folder, access, 共享文件夹, 权限", None, (
        "申请共享文件夹的访问权限",
        """1. 右键点击文件夹 → “申请访问”。
2. 选择“只读”或“读写”，并说明用途。
3. 文件夹所有者会收到通知，通常一个工作日内答复。""",
    ), "sent_back"),
]  # fmt: skip
READERS = ("L2001", "L2002", "L2003", "L2004", "L2005", "L2006", "L2008", "L2010")
IN_VAIN = (
    ("docking station driver", "L2010"), ("docking station driver", "L2004"), ("电子发票", "L2002"),
    ("电子发票", "L2012"), ("电子发票", "L2009"), ("parental leave form", "L2007"), ("投影仪", "L2003"),
)  # fmt: skip


def play(world):
    people.grant(world.people["L1010"], Role.KM, by=None, since=SINCE)
    now = time.now()
    for place, row in enumerate(ARTICLES):
        _tell(world, row, now - timedelta(days=120 - 8 * place))
    for place, (words, code) in enumerate(IN_VAIN):
        reading.searched(
            words, by=world.people[code], place="portal", found=0,
            at=now - timedelta(days=1 + place, hours=place),
        )  # fmt: skip


def _tell(world, row, at):
    author, publisher, kind, audience, service, category, keywords, english, chinese, what = row
    texts = {}
    for language, text in (("en", english), ("zh", chinese)):
        if text:
            texts |= {f"title_{language}": text[0], f"body_{language}": text[1]}
    writer = world.people[author]
    article = writing.write(
        by=writer, texts=texts, at=at, organization=world.organizations["HEAD"],
        groups=[world.groups["NET"]] if audience == "restricted" else (),
        details={
            "article_kind": kind, "audience": audience, "keywords": keywords,
            "service": world.services.get(service), "category": world.categories[category],
        },
    )  # fmt: skip
    article = lifecycle.submit(article, by=writer, at=at + timedelta(hours=2))
    if publisher is not None:
        article = lifecycle.publish(
            article, by=world.people[publisher], at=at + timedelta(days=1),
            review_due=(at + timedelta(days=365)).date(),
        )  # fmt: skip
    globals()[f"_{what}"](world, article, at + timedelta(days=2))


def _read(world, article, at, readers=READERS[:4], no=()):
    for place, code in enumerate(readers):
        person, then = world.people[code], at + timedelta(days=place, hours=place)
        reading.read(article, by=person, at=then)
        if place % 2 == 0 or code in no:
            reading.vote(
                article, by=person, is_helpful=code not in no, at=then,
                comment="I do not find the button in step 3." if code in no else "",
            )  # fmt: skip


def _loved(world, article, at):
    _read(world, article, at, READERS, no=("L2006",))
    for place, code in enumerate(("L2002", "L2004", "L2008")):
        reading.solved(
            article, by=world.people[code], words=article.title,
            at=max(at, time.now() - timedelta(days=3 + 5 * place)),
        )  # fmt: skip


def _revised(world, article, at):
    """The English text grew; the Chinese one has not followed, and nobody has published it yet."""
    _read(world, article, at)
    body = article.public.body_en.replace(
        "4. Switch the printer off for 30 seconds.",
        "4. Switch the printer off for 30 seconds. The model on the third floor in Suzhou needs two minutes.",
    )
    writing.revise(
        article, by=world.people["L1005"], texts={"body_en": body},
        note="Longer pause for the model in Suzhou", at=time.now() - timedelta(days=2),
    )  # fmt: skip


def _used(world, article, at):
    _read(world, article, at, ("L1002", "L1001", "L1003"))
    for incident in world.incidents:
        if incident.service_id and incident.service.code == "PAYGW" and incident.is_major:
            using.use(article, incident, by=world.people["L1012"])


def _restricted(world, article, at):
    _read(world, article, at, ("L1006", "L1009"))
    lifecycle.flag(
        article, by=world.people["L1006"], comment="The new controller has another command.",
        at=time.now() - timedelta(days=1),
    )  # fmt: skip


def _in_review(world, article, at):
    """It waits for somebody else to read it."""


def _sent_back(world, article, at):
    lifecycle.send_back(
        article, by=world.people["L1007"], at=at, comment="请补充：外部合作伙伴如何申请？",
    )  # fmt: skip
