"""Chinese of notices, mails, outgoing mail and the own profile."""

MESSAGES = {
    # words for where a request stands
    "Waiting for your answer": "等待您的答复",
    "On hold": "暂时搁置",
    "Solved: please confirm": "已解决，请确认",
    "Taken back": "已撤回",
    "Closed": "已关闭",
    "Received": "已收到",
    "Being worked on": "处理中",
    # letters to requesters
    "You hear from us by": "最晚答复时间",
    "We aim to solve it by": "预计解决时间",
    "We have received your request.": "我们已收到您的请求。",
    "Received: %(title)s": "已收到：%(title)s",
    "We have received your request. Its number is %(number)s.": "我们已收到您的请求，编号为 %(number)s。",
    "Next, the service desk looks at it. You need to do nothing now.": (
        "接下来服务台会查看您的请求，您现在无需做任何事。"
    ),
    "Follow your request": "查看请求进展",
    "To add something, answer in the portal.": "如需补充，请在门户中回复。",
    "Or reply to this mail.": "也可以直接回复本邮件。",
    "%(name)s wrote: %(text)s": "%(name)s 写道：%(text)s",
    "New message: %(title)s": "新消息：%(title)s",
    "%(name)s wrote:": "%(name)s 写道：",
    "Answer in the portal": "在门户中回复",
    "%(name)s needs an answer from you to go on with your request.": (
        "%(name)s 需要您的答复才能继续处理您的请求。"
    ),
    "Until you answer, the promised time does not run.": "在您答复之前，承诺时间暂停计时。",
    "We wait until %(moment)s.": "我们等待至 %(moment)s。",
    "%(name)s asks: %(text)s": "%(name)s 询问：%(text)s",
    "%(name)s needs an answer from you.": "%(name)s 需要您的答复。",
    "We need your answer: %(title)s": "需要您的答复：%(title)s",
    "Reminder: we still need your answer.": "提醒：我们仍在等待您的答复。",
    "Reminder, we need your answer: %(title)s": "提醒，需要您的答复：%(title)s",
    "We asked you something and cannot go on without your answer.": (
        "我们向您提了一个问题，没有您的答复就无法继续处理。"
    ),
    "If we hear nothing from you, we will close the request; you can reopen it then.": (
        "如果一直没有收到您的答复，我们将关闭该请求，届时您仍可重新打开。"
    ),
    "Your request is on hold. You need to do nothing.": "您的请求暂时搁置，您无需做任何事。",
    "On hold: %(title)s": "暂时搁置：%(title)s",
    "Your request is on hold for now. You need to do nothing; we will go on with it.": (
        "您的请求目前暂时搁置。您无需做任何事，我们会继续处理。"
    ),
    "Until": "至",
    "If we do not hear from you by %(moment)s, we take it as solved and close it.": (
        "如果在 %(moment)s 之前没有收到您的反馈，我们将视为已解决并关闭该请求。"
    ),
    "Your request is solved. Please confirm it or say what does not work yet.": (
        "您的请求已解决。请确认，或告诉我们哪里仍有问题。"
    ),
    "Solved, please confirm: %(title)s": "已解决，请确认：%(title)s",
    "We have solved your request. Please tell us whether it works for you.": (
        "我们已解决您的请求。请告诉我们现在是否正常。"
    ),
    "Yes, it is solved": "是的，已解决",
    "No, it does not work yet": "没有，仍有问题",
    "A request that you follow is solved.": "您关注的一个请求已解决。",
    "Solved: %(title)s": "已解决：%(title)s",
    "Open the request": "打开请求",
    "We have not heard from you, so we take your request as solved. It is closed now.": (
        "我们没有收到您的反馈，因此视为已解决，请求现已关闭。"
    ),
    "Your request is closed. Thank you for telling us.": "您的请求已关闭。感谢您告知我们。",
    "Your request is closed.": "您的请求已关闭。",
    "Closed: %(title)s": "已关闭：%(title)s",
    "If it comes back, write to us about it: we open a new request that refers here.": (
        "如果问题再次出现，请告诉我们：我们会新建一个与此关联的请求。"
    ),
    "Your request was taken back.": "您的请求已撤回。",
    "Taken back: %(title)s": "已撤回：%(title)s",
    "%(name)s took the request back, so nobody works on it any more.": (
        "%(name)s 撤回了该请求，因此不再有人处理。"
    ),
    "Is this a mistake? Then report it again.": "如果有误，请重新提交。",
    "Your request is handled together with another one about the same thing.": (
        "您的请求将与另一个相同问题的请求合并处理。"
    ),
    "Your request is handled together with %(number)s, which is about the same thing.": (
        "您的请求将与相同问题的请求 %(number)s 合并处理。"
    ),
    "Follow it there": "查看合并后的请求",
    "Handled together with another request: %(title)s": "与另一请求合并处理：%(title)s",
    "Whatever happens there, you are told.": "那里的任何进展都会通知您。",
    "What you reported is part of a large disruption. We are working on it first.": (
        "您报告的问题属于一次大范围故障，我们正在优先处理。"
    ),
    "Large disruption: %(title)s": "大范围故障：%(title)s",
    "What you reported is part of a large disruption that concerns many people.": (
        "您报告的问题属于一次影响许多人的大范围故障。"
    ),
    "%(desk)s is working on it before everything else and will keep you informed.": (
        "%(desk)s正在最优先处理，并会随时告知您进展。"
    ),
    "News about the large disruption: %(text)s": "大范围故障的最新进展：%(text)s",
    "News about the large disruption: %(title)s": "大范围故障的最新进展：%(title)s",
    "There is news about the large disruption that concerns your request.": (
        "与您的请求有关的大范围故障有了新进展。"
    ),
    "The large disruption is over.": "大范围故障已结束。",
    "The large disruption is over: %(title)s": "大范围故障已结束：%(title)s",
    "The large disruption that concerns your request is over.": (
        "与您的请求有关的大范围故障已结束。"
    ),
    # letters to agents
    "Priority": "优先级",
    "Requester": "请求人",
    "Service": "服务",
    "Responsible": "负责",
    "Respond by": "响应期限",
    "Resolve by": "解决期限",
    "%(what)s: %(title)s": "%(what)s：%(title)s",
    "Open the ticket": "打开工单",
    "New ticket for your group.": "您的小组有新工单。",
    ("mail|", "New ticket"): "新工单",
    "%(name)s gave you this ticket.": "%(name)s 将此工单分派给您。",
    "%(name)s gave this ticket to your group.": "%(name)s 将此工单分派给您的小组。",
    "Assigned": "已分派",
    "Message of the requester": "请求人的消息",
    "%(name)s wrote a note: %(text)s": "%(name)s 写了内部备注：%(text)s",
    "Internal note": "内部备注",
    "%(name)s says that it is not solved yet.": "%(name)s 表示问题尚未解决。",
    "Reopened": "重新打开",
    "%(name)s gave you a task: %(task)s": "%(name)s 给您分配了任务：%(task)s",
    "Task": "任务",
    "%(used)s of %(target)s": "%(used)s，目标 %(target)s",
    "Time used": "已用时间",
    "Due": "到期",
    "Attention": "请注意",
    "The promise “%(promise)s” is broken: %(percent)d %% of its time is used.": (
        "承诺“%(promise)s”已超时：已用去 %(percent)d %% 的时间。"
    ),
    "Promise broken": "承诺已超时",
    "The promise “%(promise)s” is in danger: %(percent)d %% of its time is used.": (
        "承诺“%(promise)s”有超时风险：已用去 %(percent)d %% 的时间。"
    ),
    "Promise in danger": "承诺有超时风险",
    "This ticket has been waiting too long for somebody to take it.": "此工单等待受理的时间过长。",
    "%(name)s escalated this ticket to you: %(reason)s": ("%(name)s 将此工单升级给您：%(reason)s"),
    "Nothing has happened on this ticket for too long.": "此工单长时间没有进展。",
    "Message": "消息",
    "%(name)s put this ticket on hold.": "%(name)s 将此工单挂起。",
    "%(name)s resolved this ticket.": "%(name)s 解决了此工单。",
    "Resolved": "已解决",
    "This ticket is closed.": "此工单已关闭。",
    "%(name)s cancelled this ticket.": "%(name)s 取消了此工单。",
    "Cancelled": "已取消",
    "%(name)s merged this ticket into %(number)s.": "%(name)s 将此工单合并到 %(number)s。",
    "Merged": "已合并",
    "%(name)s declared a major incident.": "%(name)s 宣布了重大事故。",
    "Major incident": "重大事故",
    "Major incident, news: %(text)s": "重大事故最新进展：%(text)s",
    "Major incident, news": "重大事故最新进展",
    "%(name)s ended the major incident.": "%(name)s 结束了重大事故。",
    "Major incident ended": "重大事故已结束",
    "There is news.": "有新消息。",
    "Open it": "打开",
    # digests and the frame of mails
    "Your notices of the day: %(count)d": "您的每日通知：%(count)d 条",
    "This happened since your last daily mail.": "以下是上一封每日邮件之后发生的事。",
    "%(count)d promises in danger or broken": "%(count)d 项承诺有超时风险或已超时",
    "Many tickets need attention at once. They stand here in one mail.": (
        "多个工单同时需要关注，现汇总在这一封邮件中。"
    ),
    "See all notices": "查看全部通知",
    "And %(count)d more.": "另有 %(count)d 条。",
    "Please write your answer above this line": "请在此行上方填写您的答复",
    "Mail settings": "邮件设置",
    "%(label)s: %(value)s": "%(label)s：%(value)s",
    # why a mail was not sent
    "The person is not active any more.": "该人员已停用。",
    "The person has no usable mail address.": "该人员没有可用的邮件地址。",
    "The person may not see the record any more.": "该人员已无权查看该记录。",
    "The person may not read internal notes of the record.": "该人员无权阅读该记录的内部备注。",
    "The entry was redacted.": "该条目已被屏蔽。",
    "The person wants no mail about this.": "该人员不接收此类邮件。",
    "Sent in one mail with others.": "已与其他通知合并为一封邮件发送。",
    "Waits for the daily mail.": "等待每日邮件。",
    "Hold all outgoing mail": "暂停所有外发邮件",
    "Mails are queued but not sent until this is switched off.": (
        "邮件只排队不发送，直到关闭此开关。"
    ),
    # notices in the page
    "Notifications": "通知",
    "Notifications, %(unread)s unread": "通知，%(unread)s 条未读",
    "Mark all as read": "全部标为已读",
    "What I am told about": "我的通知设置",
    "Notifications, unread first": "通知，未读在前",
    "What happened": "发生了什么",
    "When": "时间",
    "Actions": "操作",
    "Nothing to tell you": "暂无通知",
    "When something happens to your requests or your work, it stands here.": (
        "当您的请求或工作有新动态时，会显示在这里。"
    ),
    "unread": "未读",
    "Mark as read": "标为已读",
    # outgoing mail
    "Outgoing mail": "外发邮件",
    "Let mail go out": "恢复发送",
    "Hold all mail": "暂停全部发送",
    "Mail is held.": "邮件发送已暂停。",
    "Mails are queued and shown here, but none goes out. A start with MAIL_HELD=1 holds them, too, until the next start without it.": (
        "邮件会排队并显示在这里，但不会发出。以 MAIL_HELD=1 启动时也会暂停发送，直到下次不带该设置启动。"
    ),
    "Status": "状态",
    "All": "全部",
    "Ticket number, name or address": "工单编号、姓名或地址",
    "Show": "显示",
    "Show all": "显示全部",
    "Mails, newest first": "邮件，最新在前",
    "Mail": "邮件",
    ("mail|", "To"): "收件人",
    "Tries": "尝试次数",
    "No mail matches": "没有匹配的邮件",
    "Choose another status, or search for a ticket number, a name or an address.": (
        "请选择其他状态，或搜索工单编号、姓名或地址。"
    ),
    "No mail yet": "还没有邮件",
    "As soon as somebody is told something by mail, it stands here.": (
        "一旦有邮件通知发出，就会显示在这里。"
    ),
    "Send once more all that were given up": "重新发送所有已放弃的邮件",
    "Send once more": "重新发送",
    "Why": "原因",
    "Ticket": "工单",
    "All mails about it": "与之有关的全部邮件",
    "Queued": "排队时间",
    "Sent": "已发送",
    "The mail as it went out": "实际发出的邮件",
    "The mail as it would be written now": "现在会写成的邮件",
    "Headers": "邮件头",
    "The mail is queued once more.": "该邮件已重新排队。",
    "This mail is on its way or was sent already.": "该邮件正在发送或已经发送。",
    ("%(n)d mail is queued once more.", "%(n)d mails are queued once more."): (
        "%(n)d 封邮件已重新排队。"
    ),
    "All mail is held.": "所有邮件已暂停发送。",
    "Mail goes out again within some seconds.": "数秒内邮件将恢复发送。",
    "requester": "请求人",
    "affected requester": "受影响的请求人",
    "follows it": "关注者",
    "works on it": "处理人",
    "hands out the group's work": "小组调度员",
    "leads the group": "小组组长",
    "manages it": "管理者",
    "has the task": "任务负责人",
    "escalation": "升级",
    # what a person chooses
    "Progress of my requests": "我的请求的进展",
    "Questions to me and solutions to confirm": "向我提出的问题和待确认的解决方案",
    "Requests and tickets that I follow": "我关注的请求和工单",
    "Major incidents": "重大事故",
    "Tickets and tasks for me or my group": "分派给我或我的小组的工单和任务",
    "Promises in danger": "有超时风险的承诺",
    "By mail at once": "立即发邮件",
    "In one mail a day": "每天汇总为一封邮件",
    "Only in the page": "仅在页面中显示",
    # profile
    "Profile and notifications": "个人资料与通知",
    "Language": "语言",
    "Pages and mails speak this language.": "页面和邮件使用此语言。",
    "Time zone": "时区",
    "As at my site: %(zone)s": "与我所在地点相同：%(zone)s",
    "Present password": "当前密码",
    "New password": "新密码",
    "At least 12 characters. A few unrelated words are good.": (
        "至少 12 个字符，几个不相关的词组合在一起就很好。"
    ),
    "New password once more": "再次输入新密码",
    "This is not your present password.": "当前密码不正确。",
    "The two new passwords differ.": "两次输入的新密码不一致。",
    "Your profile is saved.": "个人资料已保存。",
    "Your password is changed. You are signed out everywhere else.": (
        "密码已修改，您在其他地方的登录已全部退出。"
    ),
    "E-mail": "电子邮件",
    "Telephone": "电话",
    "Organisation": "组织",
    "Site": "地点",
    "Is something wrong here? Tell the service desk.": "这里的信息有误？请告诉服务台。",
    "Language, time and notices": "语言、时间与通知",
    "Tell me": "通知方式",
    "In the page you always find everything, under the bell. You are not told of what you do yourself.": (
        "所有通知始终可以在页面的铃铛下查看。您自己的操作不会通知您。"
    ),
    "Save profile": "保存个人资料",
    "Keyboard": "键盘",
    "Single keys such as “n” for a new ticket can be switched off, for speech input or by taste. The switch stands in the list of shortcuts and counts for this browser.": (
        "单键快捷键（例如用“n”新建工单）可以关闭，适合语音输入或个人习惯。开关在快捷键列表中，仅对当前浏览器有效。"
    ),
    "Keyboard shortcuts": "键盘快捷键",
    "Password": "密码",
    "Change password": "修改密码",
}
