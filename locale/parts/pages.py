"""Chinese of what all pages share: histories, lists that nothing is chosen in, cards of the settings."""

MESSAGES = {
    "Choose…": "请选择…",
    "Any status": "任意状态",
    "Given up": "已放弃",
    "What was sent, to whom and why; what waits, and how to hold it.": "发出了什么、发给谁、为什么；还有什么在等待，以及如何暂停发送。",
    # histories
    "Revision": "修订",
    "Official": "法定",
    "Weekday": "星期",
    "Begins at minute": "开始（分钟）",
    "Ends at minute": "结束（分钟）",
    "Revoked": "已吊销",
    "What they are told by mail": "邮件通知设置",
    "May do everything": "拥有全部权限",
    "Key in the former system": "原系统中的编号",
    "Matrix": "矩阵",
    "Escalation policy": "升级规则",
    "Kind of promise": "承诺类型",
    "day of a calendar": "日历中的日期",
    "hours of a calendar": "日历中的时段",
    "key for programs": "程序密钥",
    "membership in a group": "小组成员",
    "role of a person": "人员角色",
    "use of a matrix": "矩阵的使用",
    "cell of a matrix": "矩阵单元格",
    "step of an escalation policy": "升级规则的步骤",
}
