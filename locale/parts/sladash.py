"""Chinese of the service level dashboard and of agreements."""

MESSAGES = {
    # periods
    "Week": "本周",
    "Month": "本月",
    "Quarter": "本季度",
    "on yesterday": "较昨日",
    "on last week": "较上周",
    "on last month": "较上月",
    "on last quarter": "较上季度",
    "W%(week)02d": "%(week)02d 周",
    # figures
    "Figures": "指标",
    "Key figures": "关键指标",
    "counted at %(counted_at)s": "统计时间 %(counted_at)s",
    "Answered in time": "按时响应",
    "Team OLAs kept": "团队 OLA 达成",
    "Updated in time": "按时更新进展",
    "Breached in this period": "本期超时",
    "of %(count)s": "共 %(count)s 项",
    "At risk now": "当前有风险",
    "of %(count)s open": "共 %(count)s 张未结工单",
    "nothing ended yet": "尚无已结束的承诺",
    "target %(goal)s %%": "目标 %(goal)s%%",
    "target %(goal)s %": "目标 %(goal)s%",
    "below the target of %(goal)s %%": "低于目标 %(goal)s%%",
    (
        "%(count)d more allowed before %(goal)s %%",
        "%(count)d more allowed before %(goal)s %%",
    ): "距目标 %(goal)s%% 还可超时 %(count)d 项",
    "no breach ahead": "近期无超时",
    "next breach in %(time)s": "%(time)s后将有下一项超时",
    "%(time)s over": "超时 %(time)s",
    "%(time)s left": "剩 %(time)s",
    "Met in %(time)s": "%(time)s内达成",
    "Missed, %(time)s": "未达成，用时 %(time)s",
    "At risk and breached now": "当前有风险和已超时",
    "Open as queue": "在队列中打开",
    "Tickets whose clock is breached or at risk, the next due first": (
        "计时已超时或有风险的工单，最先到期的在前"
    ),
    "Clock": "计时",
    ("%(counter)s of them breached", "%(counter)s of them breached"): "其中 %(counter)s 张已超时",
    "See all %(count)s": "查看全部 %(count)s 张",
    "Nothing is at risk": "没有风险",
    "No open ticket that you can see is breached or close to it.": (
        "您可见的未结工单中，没有已超时或即将超时的。"
    ),
    "Resolved in time, by service": "按服务统计的按时解决率",
    ("view|", "Table"): "表格",
    "Attainment by service against its target, the worst first": (
        "各服务的达成率与目标，最差的在前"
    ),
    (
        "%(counter)s more service in the table",
        "%(counter)s more services in the table",
    ): "表格中还有 %(counter)s 个服务",
    "Services as a table": "服务表格",
    "Kept": "达成",
    "kept": "达成",
    "missed": "未达成",
    "target": "目标",
    "no target": "无目标",
    "%(left)s more": "还可 %(left)s 项",
    "1 breach from missing": "再超时一项即未达成",
    "Against target": "与目标对比",
    "Actual": "实际",
    "Budget left": "剩余额度",
    "Nothing ended in this period": "本期没有已结束的承诺",
    "Figures appear as soon as the first ticket with a promised time is resolved. Choose a longer"
    " period to look back.": "第一张有时限承诺的工单解决后，这里就会显示指标。要回看，请选择更长的期间。",
    "Trend, 13 weeks": "13 周趋势",
    "No trend yet": "暂无趋势",
    "The first week with a resolved ticket begins the line.": "有工单解决的第一周即为曲线起点。",
    "Breached in this period, by priority": "本期超时，按优先级",
    "No breach in this period": "本期没有超时",
    "Every promise that ended was kept.": "已结束的承诺全部达成。",
    "No promise ended yet.": "尚无已结束的承诺。",
    "By group": "按支持组",
    "Promises by group, the worst first": "各支持组的承诺，最差的在前",
    "Kept and breached": "达成与超时",
    "%(met)s kept, %(missed)s breached": "达成 %(met)s 项，超时 %(missed)s 项",
    "Groups are listed when a promise of theirs has ended.": "支持组有承诺结束后才会列出。",
    "%(name)s: %(percent)s per cent": "%(name)s：百分之 %(percent)s",
    "%(name)s: %(percent)s per cent, target %(goal)s": (
        "%(name)s：百分之 %(percent)s，目标百分之 %(goal)s"
    ),
    "%(name)s: nothing ended.": "%(name)s：没有已结束的承诺。",
    "%(name)s between %(low)s and %(high)s per cent, at last %(last)s.": (
        "%(name)s在百分之 %(low)s 到 %(high)s 之间，最近为百分之 %(last)s。"
    ),
    # how it is counted
    "How this is counted": "统计方法",
    "Formula": "公式",
    "kept ÷ (kept + breached) × 100, of the promises that ended in the period; cut to one digit,"
    " never rounded up": "本期结束的承诺：达成 ÷（达成 + 超时）× 100，截取一位小数，从不进位",
    "Left out": "不计入",
    "cancelled and excluded clocks, and clocks that still run; a running clock past its due counts"
    " as breached only in the figures of now": (
        "已取消和已排除的计时，以及仍在进行的计时；已过期但仍在进行的计时只在“当前”指标中算作超时"
    ),
    "Target": "目标",
    "the mean of the goals agreed for these promises, weighted by their number": (
        "这些承诺所约定达成率目标的平均值，按数量加权"
    ),
    "each promise runs in the support hours of its own agreement; every row behind a figure names"
    " its agreement and calendar": (
        "每项承诺按其所属协议的支持时间计时；指标背后的每一行都注明协议和日历"
    ),
    "Period": "期间",
    "from %(first)s to before %(last)s": "从 %(first)s 起，至 %(last)s 之前",
    "tickets of %(name)s and what belongs to it": "%(name)s及其下属组织的工单",
    "all customers": "全部客户",
    "only tickets that you may see": "仅限您可见的工单",
    # the clocks behind a figure
    "Result": "结果",
    "without a service": "无服务",
    "without a group": "无支持组",
    ("priority|", "none"): "无",
    "Started": "开始",
    "Target (seconds)": "目标（秒）",
    "Taken (seconds)": "用时（秒）",
    "Taken": "用时",
    "Rule and calendar": "规则与日历",
    "Download as CSV": "下载 CSV",
    (
        "%(measure)s: %(counter)s promise",
        "%(measure)s: %(counter)s promises",
    ): "%(measure)s：%(counter)s 项承诺",
    "Ended from %(first)s to %(last)s; cancelled and excluded clocks are left out.": (
        "结束于 %(first)s 至 %(last)s；不含已取消和已排除的计时。"
    ),
    "The download holds the latest %(most_exported)s.": "下载文件只含最近的 %(most_exported)s 行。",
    "Filters": "筛选",
    "Clocks, the latest first": "计时，最近的在前",
    "No promise ended here": "这里没有已结束的承诺",
    "Choose a longer period, or take a filter away.": "请选择更长的期间，或去掉一个筛选条件。",
    "Back to the figures": "返回指标",
    # agreements: words of the model
    "Customer": "客户",
    "All customers": "全部客户",
    "Underpinning contract": "外包合同",
    "OLA": "OLA",
    "Draft": "草稿",
    "Negotiating": "协商中",
    "Awaiting signature": "待签署",
    "Signed": "已签署",
    "Under review": "评审中",
    "Superseded": "已被新版本取代",
    "Expired": "已到期",
    "Terminated": "已终止",
    "The calendar's": "日历的时区",
    "That of the requester's site": "请求人所在地点的时区",
    "Negotiate": "开始协商",
    "Sign": "签署",
    "Supersede": "被取代",
    "Expire": "到期",
    "seconds": "秒",
    "per cent": "%",
    "times": "次",
    "milliseconds": "毫秒",
    "Unit": "单位",
    "Weight": "权重",
    "Answer feedback": "答复反馈",
    "Diagnose": "诊断",
    "Solve the problem": "解决问题",
    "Lead time of changes": "变更前置时间",
    "Longest mean time to restore": "平均恢复时间上限",
    "Shortest mean time between failures": "平均无故障时间下限",
    "Most failures": "故障次数上限",
    "Recovery time": "恢复时间",
    "Recovery point": "恢复点",
    "Satisfaction": "满意度",
    "First contact resolution": "首次联系解决率",
    "Running": "进行中",
    "Met": "达成",
    "Missed": "未达成",
    "The agreement's calendar": "协议的日历",
    "The calendar of the group that is responsible at the time": "当时负责的支持组的日历",
    "Time since the opening counts": "从受理起的时间都计入",
    "Time counts from the change on": "从变更时起重新计时",
    "Goes on, without the time while resolved": "继续计时，不计已解决期间的时间",
    "Goes on, with the time while resolved": "继续计时，计入已解决期间的时间",
    "Begins anew": "重新计时",
    "From the opening on, anew after each public update": "从受理起计时，每次公开更新后重新开始",
    "Only while a message of the requester is unanswered": "仅在请求人的消息尚未答复时计时",
    # agreements: list
    "Agreements": "协议",
    "New agreement": "新建协议",
    "Filter agreements": "筛选协议",
    "Search agreements": "搜索协议",
    "Title or number": "标题或编号",
    "Agreements by title": "按标题排列的协议",
    ("parties|", "Between"): "签约方",
    "in force today": "今日生效",
    "not yet in force": "尚未生效",
    "over": "已结束",
    "No agreement matches": "没有符合的协议",
    "No agreement yet": "还没有协议",
    "An agreement says which times are promised to whom. Without one, tickets have no clocks.": (
        "协议规定向谁承诺哪些时限。没有协议，工单就没有计时。"
    ),
    "Write the first SLA": "撰写第一份 SLA",
    # agreements: one
    "Agreement details": "协议详情",
    "Facts": "基本信息",
    "Reach": "适用范围",
    "for all customers and services": "适用于全部客户和服务",
    "for one customer": "适用于一个客户",
    "for one service": "适用于一个服务",
    "for one service and customer": "适用于一个客户的一个服务",
    "Providing group": "提供方支持组",
    "Receiving group": "接受方支持组",
    "%(provider)s for %(consumer)s": "%(provider)s 面向 %(consumer)s",
    "whoever asks": "任何提出请求者",
    "Agreed service time": "约定服务时间",
    "In force": "生效期",
    "never in force": "从未生效",
    "from %(first)s": "自 %(first)s 起",
    "%(first)s to %(last)s": "%(first)s至 %(last)s",
    "Review every (months)": "评审周期（月）",
    "Its content is frozen. To change it, begin a new version.": (
        "内容已冻结。如需更改，请开始一个新版本。"
    ),
    "Targets": "目标",
    "Targets by promise and priority": "按承诺和优先级列出的目标",
    "Applies to": "适用于",
    ("time|", "Within"): "时限",
    "Goal": "达成率目标",
    "Special rules": "特殊规则",
    "No target yet": "还没有目标",
    "Without a target it promises nothing and cannot be negotiated.": (
        "没有目标，协议就没有任何承诺，也无法协商。"
    ),
    "Write targets": "填写目标",
    "Times are hours of “%(calendar)s”, unless a target names others.": (
        "时限按“%(calendar)s”的支持时间计算，目标另有规定的除外。"
    ),
    "Text": "正文",
    "Story": "经过",
    "Underpinned by": "支撑协议",
    "Underpins": "支撑的协议",
    "Nothing yet. An OLA or a contract names the SLAs that it holds up.": (
        "暂无。OLA 或外包合同会注明其支撑的 SLA。"
    ),
    "No SLA yet.": "还没有 SLA。",
    "Open the present version": "打开当前版本",
    # chain check
    "Chain check": "支撑链检查",
    "A calendar never opens.": "有一个日历从不开放。",
    "an agreement you cannot see": "您无权查看的协议",
    "at most %(percent)s %% is reachable": "最多可达到 %(percent)s%%",
    "%(time)s too long": "超出 %(time)s",
    "%(time)s to spare": "余量 %(time)s",
    "asked for on %(day)s %(from)s: done %(done)s, due %(due)s": (
        "%(day)s %(from)s 提出：%(done)s 完成，%(due)s 到期"
    ),
    "No OLA and no contract underpins this agreement: there is nothing to add up.": (
        "没有 OLA 或外包合同支撑本协议，无需累加。"
    ),
    ("chain|", "holds"): "成立",
    ("chain|", "fails"): "不成立",
    "On every path the OLAs and contracts end in time.": "在每条路径上，OLA 和外包合同都能按时完成。",
    "These promises cannot be kept by what underpins them.": "现有的支撑协议无法兑现以下承诺。",
    (
        "%(counter)s path that holds",
        "%(counter)s paths that hold",
    ): "%(counter)s 条成立的路径",
    "nothing on this path promises a time": "此路径上没有时限承诺",
    "Without a promise for this case: %(numbers)s": "对此情形没有承诺：%(numbers)s",
    # agreements: form
    "New agreement: %(kind)s": "新建协议：%(kind)s",
    "Save agreement": "保存协议",
    "Create draft": "创建草稿",
    "Valid from": "有效期自",
    "Valid until": "有效期至",
    "The last day. Empty: until further notice.": "最后一天。留空表示长期有效。",
    "Empty: all customers.": "留空表示全部客户。",
    "Empty: whoever asks the group.": "留空表示任何向该组提出请求者。",
    "Empty: all services.": "留空表示全部服务。",
    "The SLAs that this one holds up: the chain check adds its times to theirs.": (
        "本协议所支撑的 SLA：支撑链检查会将本协议的时限计入。"
    ),
    "Promised times run in these hours.": "承诺时限按此支持时间计时。",
    "Availability is measured in these hours. Empty: the support hours.": (
        "可用性按此时间衡量。留空表示支持时间。"
    ),
    "On whose wall clock the support hours are read.": "支持时间按谁的当地时间解读。",
    "Text in English": "英文正文",
    "Text in Chinese": "中文正文",
    "One row a promise. The row that fits a ticket most closely counts: a priority of its own goes"
    " before “any”. Save to get more empty rows.": (
        "每行一项承诺。以最贴合工单的一行为准：指定优先级的先于“不限”。保存后会出现更多空行。"
    ),
    "Target %(number)s": "目标 %(number)s",
    "Warnings and rules": "预警与规则",
    "Take this target out": "移除此目标",
    "Per cent or number": "百分比或数量",
    "For promises that are not a time, such as availability.": "用于非时间类承诺，例如可用性。",
    "Kept in at least (per cent)": "达成率目标（%）",
    "The share of tickets that must keep it, for example 95.": "必须达成的工单比例，例如 95。",
    "Warn at (per cent)": "预警点（%）",
    "Shares of the time at which people are told.": "用去时限的这些比例时发出提醒。",
    "Other support hours": "其他支持时间",
    "those of the agreement": "与协议相同",
    "Follow-the-sun desks count in the hours of whoever has it.": (
        "全球接力服务台按当前处理方的工作时间计时。"
    ),
    "When priority or agreement change": "优先级或协议变更时",
    "Whether time before the change counts against the new target.": (
        "变更之前的时间是否计入新目标。"
    ),
    "When it is reopened": "重新打开时",
    "What happens to the clock of a ticket that was solved already.": (
        "已解决的工单重新打开后如何计时。"
    ),
    "When updates are due": "何时应更新进展",
    "For the promise to keep the requester informed.": "用于向请求人通报进展的承诺。",
    "Waits for approvals": "等待审批时暂停",
    "The clock stands while an approval is asked for.": "征求审批期间暂停计时。",
    "Write whole numbers, like 50, 75, 90.": "请填写整数，例如 50, 75, 90。",
    "Choose what is promised.": "请选择承诺的内容。",
    "Give a time above zero.": "请填写大于零的时间。",
    "Give a number above zero.": "请填写大于零的数字。",
    "Per cent end at 100.": "百分比不能超过 100。",
    "This case has a target above already.": "上面已有针对此情形的目标。",
    "Say from when it is valid.": "请填写生效日期。",
    "The agreement is saved.": "协议已保存。",
    "A signed agreement is frozen. Revise it: that makes a new version.": (
        "已签署的协议已冻结。请修订，修订会产生一个新版本。"
    ),
    # agreements: steps
    "Begin negotiating": "开始协商",
    "The draft goes to the other side. It can still be changed.": "草稿交给对方，仍可修改。",
    "Submit for signature": "提交签署",
    "From now on nothing in it changes unless it is sent back.": "此后内容不再变动，除非退回。",
    "Send back to negotiation": "退回协商",
    "Send back": "退回",
    "What must change": "需要修改什么",
    "Record the signatures": "登记签署",
    "Signed by both sides": "双方已签署",
    "Its targets are frozen for good; a change needs a new version.": (
        "目标从此冻结；如需更改，须另立新版本。"
    ),
    "Put in force": "生效",
    "New tickets are promised its times from its first day on. Tickets that are open keep the"
    " version that they were opened under. An earlier version ends the day before.": (
        "自首日起，新工单按其时限承诺。未结工单保持受理时的版本。旧版本于前一日终止。"
    ),
    "Begin review": "开始评审",
    "It stays in force while it is reviewed.": "评审期间继续有效。",
    "End review": "结束评审",
    "Revise": "修订",
    "Begin a new version": "开始新版本",
    "A draft with the same content. The present version stays in force.": (
        "生成内容相同的草稿，现行版本继续有效。"
    ),
    "Terminate": "终止",
    "Terminate agreement": "终止协议",
    "Tickets that are open keep their promised times.": "未结工单保持原有时限承诺。",
    "Ends on": "终止日期",
    "From this day on it promises nothing.": "自该日起不再作出承诺。",
    "Comment": "备注",
    "Why it is signed although the chain check fails": "支撑链检查不成立仍要签署的原因",
    "The chain check fails: say why it is signed all the same.": (
        "支撑链检查不成立：请说明为何仍要签署。"
    ),
    "An SLA is underpinned; it underpins nothing.": "SLA 由其他协议支撑，自身不支撑其他协议。",
    "Another agreement of the same scope is in force in these days.": (
        "在此期间已有相同范围的协议生效。"
    ),
    "Only an agreement in force is revised.": "只能修订生效中的协议。",
    "The next version is being written already.": "下一版本已在撰写中。",
}
