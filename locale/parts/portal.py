"""Chinese of the portal and of taking calls."""

MESSAGES = {
    # calls: actions and what is decided
    "There is no service desk yet that could take calls.": "还没有可以接听来电的服务台。",
    "This call has ended already.": "此次来电已结束。",
    "Say who calls.": "请填写来电者。",
    "Choose the ticket that the call is about.": "请选择来电所涉及的工单。",
    "There is no such ticket that you may see.": "没有您可查看的此工单。",
    "Choose what came of the call.": "请选择来电的结果。",
    "A call can be opened again on the same day only.": "来电只能在当天重新打开。",
    "This call became a ticket. Go on there.": "此次来电已生成工单，请在工单中继续处理。",
    "The caller is known already: %(name)s.": "来电者已确认：%(name)s。",
    "chosen by you": "由您选择",
    "by the category “%(category)s”": "由类别“%(category)s”决定",
    "the only service that needs “%(ci)s”": "唯一依赖“%(ci)s”的服务",
    "by the service's matrix “%(matrix)s”": "按该服务的矩阵“%(matrix)s”",
    "by the organisation's matrix “%(matrix)s”": "按该组织的矩阵“%(matrix)s”",
    "by the matrix “%(matrix)s”": "按矩阵“%(matrix)s”",
    "by the standard rule": "按标准规则",
    "serves the caller's site": "负责来电者所在地点",
    "serves the caller's organisation": "负责来电者所属组织",
    "serves everybody without a desk of their own": "负责没有本地服务台的所有用户",
    "takes everything that concerns security": "负责所有安全相关事项",
    "takes what concerns VIPs": "负责 VIP 相关事项",
    "stands in: the caller's own desk is not active": "代为受理：来电者的服务台已停用",
    "stands in: the caller's own desk is closed now": "代为受理：来电者的服务台当前不在服务时间",
    "stands in: the caller's own desk lacks the skill": "代为受理：来电者的服务台不具备相应技能",
    "manages the configuration item": "管理该配置项",
    "the desk itself begins": "由服务台先行处理",
    "A calendar of the agreement is not in force at this time.": "协议所用的日历此时尚未生效。",
    "agreed with this customer for this service": "与该客户就该服务约定",
    "agreed with this customer": "与该客户约定",
    "agreed for this service": "就该服务约定",
    "agreed for everybody": "对所有用户约定",
    # calls: the form
    "high": "高",
    "medium": "中",
    "low": "低",
    "very low": "很低",
    "least": "最低",
    "Channel": "渠道",
    "Caller": "来电者",
    "Name, pinyin, telephone or staff number. Nobody found? The words stay.": (
        "姓名、拼音、电话或工号。找不到时，保留所填文字。"
    ),
    "Subject": "主题",
    "Say in one sentence what is wrong.": "请用一句话说明出了什么问题。",
    "Category": "类别",
    "Impact": "影响度",
    "Urgency": "紧急度",
    "Solved during the call": "通话中已解决",
    "Solution": "解决方案",
    "Closure code": "关闭代码",
    "Say what was done.": "请说明做了什么。",
    "Choose how it was solved.": "请选择解决方式。",
    "Outcome": "结果",
    "Agent": "坐席",
    "All I may see": "我可查看的全部",
    "My calls": "我的来电",
    "Day": "日期",
    "Any outcome": "任意结果",
    "Not ended yet": "尚未结束",
    "Any channel": "任意渠道",
    "Who was it?": "来电者是谁？",
    "Incoming": "呼入",
    "Outgoing": "呼出",
    "Added to a ticket": "补充到工单",
    "Asked how it stands": "询问进展",
    "Information given": "已提供信息",
    "Not for us": "非本台事务",
    "Unwanted": "骚扰来电",
    "Hung up": "来电者挂断",
    "Unknown caller": "未知来电者",
    "Notes": "备注",
    # calls: pages
    "%(number)s is made of call %(call)s.": "已由来电 %(call)s 创建 %(number)s。",
    "%(number)s is made of call %(call)s and solved.": "已由来电 %(call)s 创建并解决 %(number)s。",
    "%(call)s is kept: %(outcome)s.": "已记录 %(call)s：%(outcome)s。",
    "The caller is known now.": "来电者已确认。",
    ("asked %(n)s time", "asked %(n)s times"): "已询问 %(n)s 次",
    "Asks how it stands": "询问进展",
    "Add to it": "补充到此工单",
    "Local time": "当地时间",
    "“%(service)s” is disturbed: %(number)s": "“%(service)s”出现故障：%(number)s",
    "Open tickets": "未结工单",
    "Nothing is open.": "没有未结工单。",
    "All of them": "查看全部",
    "Devices": "设备",
    "No device is registered for this person.": "没有登记该人员的设备。",
    "No service is offered to this person.": "没有向该人员提供的服务。",
    "Lately closed": "最近关闭",
    "Last calls": "最近来电",
    "“%(caller_text)s” is not known yet. Save all the same: who it was can be said later.": (
        "“%(caller_text)s”尚未识别。可以直接保存，稍后再补充来电者身份。"
    ),
    "Did you mean:": "您要找的是：",
    "Say who calls: their open tickets, devices and services appear here.": (
        "填写来电者后，此处显示其未结工单、设备和服务。"
    ),
    "Responsible desk": "负责的服务台",
    "impact %(impact)s × urgency %(urgency)s, %(why)s": (
        "影响度 %(impact)s × 紧急度 %(urgency)s，%(why)s"
    ),
    "“%(agreement)s”, %(why)s, hours: %(calendar)s": "“%(agreement)s”，%(why)s，服务时间：%(calendar)s",
    "No agreement covers this.": "没有协议覆盖此事项。",
    "Likely duplicates": "可能重复的工单",
    "Kept as %(number)s": "已保存为 %(number)s",
    "Calls, the latest first": "来电（最新在前）",
    "Call": "来电",
    "Begun": "开始时间",
    "No call matches": "没有匹配的来电",
    "All calls": "全部来电",
    "No call fits all of these filters.": "没有来电同时符合这些筛选条件。",
    "No calls yet": "还没有来电",
    "Take a call": "接听来电",
    "Every contact that the desk takes stands here, whatever came of it.": (
        "服务台受理的每次联系都记录在此，无论结果如何。"
    ),
    "(unknown)": "（未识别）",
    "Calls": "来电",
    "Waited": "等待时长",
    "Ended": "结束时间",
    "The caller is not known yet": "来电者尚未识别",
    "Say who it was": "确认来电者",
    "Go on with the call": "继续此次来电",
    "Open it again": "重新打开",
    "Today": "今天",
    "Calls today": "今日来电",
    "Search calls": "搜索来电",
    "Number, caller or subject": "编号、来电者或主题",
    "A filter could not be read and counts as empty.": "有一个筛选条件无法识别，按未填写处理。",
    "empty: proposed": "留空则采用建议值",
    "Solve at once": "立即解决",
    "Save ticket": "保存工单",
    "End without ticket": "不建工单结束",
    "What will be decided": "保存后的判定",
    "Large disruptions now": "当前的大范围故障",
    "My open calls": "我未结束的来电",
    # portal: forms
    "At most %(most)d files at once.": "一次最多 %(most)d 个文件。",
    "I cannot work": "我无法工作",
    "I can work, but slower": "我能工作，但变慢了",
    "It can wait": "可以等一等",
    "No way around it": "没有替代办法",
    "There is a way around": "有替代办法",
    "A nuisance or a question": "小麻烦或疑问",
    "Requests": "请求",
    "Only me": "只有我",
    "My team": "我的团队",
    "The whole site": "整个办公地点",
    "I do not know": "不清楚",
    "What is wrong?": "出了什么问题？",
    "One sentence. What may be the same appears as you type.": (
        "一句话即可。输入时会显示可能相同的问题。"
    ),
    "What happened?": "具体情况如何？",
    "What you did, what you saw, what you expected.": "您做了什么、看到了什么、本应如何。",
    "How much does it stop you?": "对您的工作妨碍有多大？",
    "Choose the sentence that fits best.": "请选择最符合的一项。",
    "Who else has it?": "还有谁遇到同样的问题？",
    "Which service?": "涉及哪项服务？",
    "Leave it empty if you do not know.": "不清楚可留空。",
    "Which of your devices?": "涉及您的哪台设备？",
    "None of them": "都不是",
    "Since when?": "从什么时候开始？",
    "Give a day and a time, such as 2026-10-08 09:30.": "请填写日期和时间，例如 2026-10-08 09:30。",
    "For somebody else?": "替别人提交？",
    "Leave it empty if it concerns yourself. Both of you can follow and answer.": (
        "如果是您自己的问题，请留空。双方都可以跟进和回复。"
    ),
    "Files": "文件",
    "This moment lies ahead.": "该时间在将来。",
    "This is longer ago than anything we could look up.": "时间过于久远，无法查证。",
    "Your message": "您的消息",
    "Write something first.": "请先填写内容。",
    "Anything you want to add?": "还有要补充的吗？",
    "What does not work yet?": "哪里还不正常？",
    "Say what does not work yet.": "请说明哪里还不正常。",
    "Why do you no longer need it?": "为什么不再需要？",
    "Colleague": "同事",
    "Choose a colleague of your organisation.": "请选择您所属组织的同事。",
    "This disruption is over. Please report what you see now.": "该故障已结束。请报告您现在遇到的情况。",
    "Affected by the disruption of “%(service)s”": "受“%(service)s”故障影响",
    # portal: progress
    ("progress|", "Received"): "已收到",
    ("progress|", "Seen"): "已查看",
    ("progress|", "Being worked on"): "正在办理",
    ("progress|", "Please confirm"): "请您确认",
    ("progress|", "Waiting for you"): "等待您回复",
    ("progress|", "On hold"): "暂停",
    ("progress|", "Handled together with another request"): "与另一请求合并办理",
    ("progress|", "Taken back"): "已撤回",
    ("progress|", "Finished"): "已完成",
    ("progress|", "Worked on"): "已办理",
    "Somebody reported the same before. We handle both together and tell you there.": (
        "此前已有人报告同样的问题。我们会一并办理，并在那里通知您。"
    ),
    "This request was taken back. Nobody works on it.": "此请求已撤回，不再办理。",
    "This request is finished and stays as it is. If it comes back, report it again below: we open"
    " a new request that refers to this one.": (
        "此请求已完成，内容不再变动。如果问题再次出现，请在下方再次报告：我们会新建一个与此关联的请求。"
    ),
    "solved: please confirm": "已给出解决办法，请您确认",
    "solved, not confirmed yet": "已给出解决办法，尚未确认",
    "we need your answer": "需要您回复",
    "waiting for the requester's answer": "等待请求人回复",
    "on hold, you need to do nothing": "暂停中，您无需操作",
    "the service desk looks at it next": "服务台即将查看",
    "given to somebody who starts soon": "已交给专人，即将开始",
    "being worked on": "正在办理",
    "We need your answer to go on. Until then the promised time does not run.": (
        "需要您回复后才能继续。在此之前，承诺时间不计时。"
    ),
    "The service desk waits for the requester's answer.": "服务台正在等待请求人回复。",
    "The service desk looks at it next. You need to do nothing now.": (
        "服务台即将查看。您现在无需操作。"
    ),
    "%(name)s has it and starts soon. You need to do nothing now.": (
        "已交给%(name)s，即将开始。您现在无需操作。"
    ),
    "The right team has it and starts soon. You need to do nothing now.": (
        "已交给相应团队，即将开始。您现在无需操作。"
    ),
    "%(name)s is working on it. You need to do nothing now.": (
        "%(name)s正在为您办理。您现在无需操作。"
    ),
    "The service desk is working on it. You need to do nothing now.": (
        "服务台正在为您办理。您现在无需操作。"
    ),
    "We think it is solved. The requester is asked to confirm it.": (
        "我们认为问题已经排除，正在请请求人确认。"
    ),
    "We think it is solved. Please tell us whether it works for you.": (
        "我们认为问题已经排除。请告诉我们是否一切正常。"
    ),
    "We think it is solved. Please tell us whether it works for you. If we hear nothing by"
    " %(moment)s, we take it as solved.": (
        "我们认为问题已经排除。请告诉我们是否一切正常。如果到%(moment)s仍未收到您的答复，我们视为已经排除。"
    ),
    "We wait for our supplier. You need to do nothing.": "正在等待供应商。您无需操作。",
    "We wait for a part to arrive. You need to do nothing.": "正在等待备件到货。您无需操作。",
    "It is solved by planned work that still has to happen. You need to do nothing.": (
        "需要通过已排期的工作来解决。您无需操作。"
    ),
    "We watch whether it stays away. You need to do nothing.": "正在观察是否复发。您无需操作。",
    "We go on at the agreed time, %(moment)s.": "将在约定时间%(moment)s继续。",
    "It is on hold until %(moment)s. You need to do nothing.": "暂停至%(moment)s。您无需操作。",
    "It is on hold for now. You need to do nothing; we will go on with it.": (
        "暂时停一停。您无需操作，我们会继续办理。"
    ),
    "today %(time)s": "今天 %(time)s",
    # portal: promised times
    "promised by %(moment)s: we are late": "承诺时间为%(moment)s，我们已延误",
    "we aim to solve it by %(moment)s": "力争在%(moment)s前解决",
    "you hear from us by %(moment)s": "%(moment)s前给您答复",
    "promised: within %(length)s": "承诺：%(length)s内",
    "The time for the solution does not run": "解决时间暂停计时",
    "The time for an answer does not run": "答复时间暂停计时",
    "%(length)s left": "剩余%(length)s",
    "Promised by %(moment)s: we are late": "承诺时间为%(moment)s，我们已延误",
    "We aim to solve it by %(moment)s": "我们力争在%(moment)s前解决",
    "You hear from us by %(moment)s": "我们将在%(moment)s前给您答复",
    "Solved after %(length)s": "用时%(length)s解决",
    "Answered after %(length)s": "用时%(length)s答复",
    "No time is agreed for this. We do it as soon as we can.": "此事项没有约定时间，我们会尽快办理。",
    "These times come from the agreement “%(agreement)s” and run day and night.": (
        "以上时间来自协议“%(agreement)s”，昼夜计时。"
    ),
    "These times come from the agreement “%(agreement)s”. Only the hours of service (%(calendar)s)"
    " count, and no time while we wait for you.": (
        "以上时间来自协议“%(agreement)s”，只计服务时间（%(calendar)s），等待您回复的时间不计。"
    ),
    # portal: rows and services
    "Answer": "回复",
    "Confirm": "确认",
    "somebody": "某人",
    "for %(name)s": "为%(name)s提交",
    "you follow this request of %(name)s": "您关注的%(name)s的请求",
    "shared with you: asked by %(name)s": "与您共享：由%(name)s提出",
    "large disruption": "大范围故障",
    "maintenance": "维护中",
    "not working": "无法使用",
    "disturbed": "异常",
    "may be disturbed": "可能异常",
    "Since %(since)s. Next news by %(next)s.": "始于%(since)s，%(next)s前更新进展。",
    "Since %(since)s.": "始于%(since)s。",
    "No service matches “%(words)s”. Leave it empty: we find it for you.": (
        "没有与“%(words)s”匹配的服务。可以留空，由我们判断。"
    ),
    "No service is offered to you yet. Leave it empty: we find it for you.": (
        "还没有向您提供的服务。可以留空，由我们判断。"
    ),
    "You may name colleagues where your organisation shares its requests.": (
        "只有在您的组织共享请求时，才能选择同事。"
    ),
    # portal: what was done
    "%(old)s is finished, so we opened a new request for you: %(new)s.": (
        "%(old)s 已完成，因此为您新建了请求：%(new)s。"
    ),
    "Sent. The service desk has your message.": "已发送。服务台已收到您的消息。",
    "Thank you. The request is finished.": "谢谢。此请求已完成。",
    "We go on with it and tell you as soon as there is news.": "我们会继续办理，有进展立即通知您。",
    "You have taken the request back.": "您已撤回此请求。",
    "You take part now: we tell you what we tell the requester.": (
        "您已加入：我们通知请求人的内容也会通知您。"
    ),
    "You follow %(number)s no more.": "您已取消关注 %(number)s。",
    "You follow this request now.": "您已关注此请求。",
    "%(name)s takes part now.": "%(name)s已加入。",
    # portal: pages
    "Number": "编号",
    ("portal|", "Reported"): "提交时间",
    "Device": "设备",
    ("portal|", "For"): "请求人",
    "Reported by": "报告人",
    "Handled by": "办理人",
    "Promised times": "承诺时间",
    "Who takes part": "参与者",
    ("portal|", "follows"): "关注中",
    "Nobody else yet.": "还没有其他人。",
    "Let a colleague take part": "邀请同事加入",
    "They see the whole conversation and may answer.": "他们可以看到全部对话并回复。",
    "Let them take part": "邀请加入",
    "I have this too": "我也遇到了",
    "Follow no more": "取消关注",
    ("portal|", "Follow"): "关注",
    "Print": "打印",
    "I no longer need this": "我不再需要",
    "Take the request back": "撤回请求",
    "Which device?": "涉及哪台设备？",
    "No device is registered for this person, so there is none to choose. Name it in your own"
    " words.": "没有登记该人员的设备，因此无可选项。请用自己的话说明。",
    "Known disruption": "已知故障",
    "%(service)s is disturbed.": "%(service)s出现异常。",
    "We are working on it before everything else.": "我们正在优先抢修。",
    "You are counted": "已计入",
    "optional, %(most)s MB each": "选填，每个不超过 %(most)s MB",
    "Drop or paste files here, or choose them": "将文件拖放或粘贴到此处，或点击选择",
    "Please choose these files again:": "请重新选择这些文件：",
    "Nothing matches": "没有匹配项",
    "No request contains “%(words)s”. Try another word, or the number.": (
        "没有包含“%(words)s”的请求。请换个词，或输入编号。"
    ),
    "Nothing is shared": "没有共享的请求",
    "No colleague of your organisation has such a request.": "您所属组织的同事没有这样的请求。",
    "Nothing is open": "没有未完成的请求",
    "Report something": "报告问题",
    "Show finished ones": "显示已完成的",
    "All your requests are finished.": "您的请求均已完成。",
    "You have not asked for anything yet": "您还没有提交过请求",
    "When you report something, you see here who works on it and by when.": (
        "报告问题后，您可以在此看到由谁办理、何时完成。"
    ),
    "Has it come back?": "问题又出现了？",
    "This request stays finished. Tell us what you see now, and we open a new one that refers to"
    " it.": "此请求保持完成。请告诉我们现在的情况，我们会新建一个与之关联的请求。",
    "What do you see now?": "现在是什么情况？",
    "Add something": "补充内容",
    "Report it again": "再次报告",
    "Send answer": "发送回复",
    "Send message": "发送消息",
    "Kept on this device": "已保存在本设备",
    "news": "更新于",
    "Is it solved?": "问题排除了吗？",
    "The time to say that it does not work is over. If it comes back, confirm this one and report"
    " it anew.": "提出异议的期限已过。如果问题再次出现，请先确认此请求，再重新报告。",
    "Yes, it works": "是的，已正常",
    "No, it does not work yet": "不，还不正常",
    "Send: it does not work yet": "发送：还不正常",
    "You are counted already. We tell you as soon as there is news.": (
        "您已计入其中，有进展立即通知您。"
    ),
    "You reported this before": "您此前报告过",
    "A colleague reported this": "同事报告过",
    "Nothing like this is known. Please send it.": "目前没有类似的问题，请提交。",
    "How can we help, %(name)s?": "%(name)s，需要什么帮助？",
    "What is wrong? Describe it in your own words.": "出了什么问题？请用自己的话描述。",
    "Describe it in your own words, e.g. “VPN says certificate expired”": (
        "用自己的话描述，例如“VPN 提示证书过期”"
    ),
    "Report it": "报告问题",
    "Order something": "申请服务",
    "Find an answer": "查找答案",
    "Service status": "服务状态",
    ("%(n)s more service", "%(n)s more services"): "另有 %(n)s 项服务",
    "All other services": "其他所有服务",
    "All services": "所有服务",
    "working": "正常",
    "No service is offered to you yet. You can report anything all the same.": (
        "还没有向您提供的服务，但您仍可报告任何问题。"
    ),
    "My open requests": "我未完成的请求",
    "All my requests": "我的全部请求",
    "Something is broken": "出了故障",
    "Two minutes. You can add a screenshot by pasting it.": "只需两分钟。可以直接粘贴截图。",
    "Type to search; empty means: I do not know": "输入以搜索；留空表示不清楚",
    "Name, in any script": "姓名，中文、拼音均可",
    "What happens next": "接下来",
    "You get a number and the times by which you hear from us. We tell you at every step, and you"
    " can add to it at any time.": (
        "您会得到一个编号和我们答复的时间。每一步都会通知您，您也可以随时补充。"
    ),
    "Send request": "提交请求",
    "Is it one of these?": "是否为以下问题？",
    "As you type, you see here what is known already.": "输入时，此处会显示已知的问题。",
    "Follow it there: %(number)s": "前往 %(number)s 跟进",
    "It came back and goes on here:": "问题再次出现，后续请求：",
    "It goes on from this one:": "承接自此前的请求：",
    "We need your answer": "需要您回复",
    "We need your answer to go on.": "需要您回复后才能继续。",
    "%(name)s asks:": "%(name)s问：",
    "We wait until %(until)s.": "我们将等到%(until)s。",
    "How it was solved": "解决办法",
    "Conversation": "对话",
    "To the latest messages": "回到最新消息",
    "Earlier messages": "更早的消息",
    "About the request": "关于此请求",
    "Search my requests": "搜索我的请求",
    "Number or words": "编号或关键词",
    "Which": "范围",
    ("requests|", "Open"): "未完成",
    ("requests|", "All"): "全部",
    "Whose": "归属",
    ("requests|", "Mine"): "我的",
    "My organisation's": "我所属组织的",
    ("portal|", "Sent"): "已提交",
    "We have it": "我们已收到",
    "Your request has the number %(number)s.": "您的请求编号为 %(number)s。",
    "Follow the request": "查看进展",
    "Back to the start": "返回首页",
    # portal: the conversation
    "You": "您",
    "This text was removed.": "此内容已被移除。",
    ("portal|", "reported it"): "提交了请求",
    "We heard nothing more, so we take it as solved. The request is finished.": (
        "未收到进一步答复，我们视为问题已排除。此请求已完成。"
    ),
    ("portal|", "took the request back"): "撤回了请求",
    "The request was taken back.": "请求已撤回。",
    "We reminded you that we need your answer.": "我们提醒您：需要您的回复。",
    ("portal|", "confirmed that it works"): "确认已正常",
    "It was confirmed that it works. The request is finished.": "已确认恢复正常。此请求已完成。",
    "This is part of a large disruption. We work on it before everything else.": (
        "这属于一次大范围故障，我们正在优先抢修。"
    ),
    ("portal|", "the disruption is over"): "故障已结束",
    "The large disruption is over.": "大范围故障已结束。",
    ("portal|", "news about the disruption"): "故障进展",
    ("portal|", "said that it does not work yet"): "表示仍不正常",
    ("portal|", "solved it"): "给出了解决办法",
    "The work goes on.": "继续办理。",
    "%(name)s began to work on it.": "%(name)s开始办理。",
    "The service desk began to work on it.": "服务台开始办理。",
    ("portal|", "asks"): "询问",
    "We wait for your answer.": "我们在等待您的回复。",
    "It is on hold for now.": "暂时停一停。",
    "added files": "添加了文件",
    "We handle this together with another request about the same thing.": (
        "我们将此与另一个相同的请求一并办理。"
    ),
    "We handle this on its own again.": "我们恢复单独办理此请求。",
}
