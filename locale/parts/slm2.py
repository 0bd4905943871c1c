"""Chinese of escalations."""

MESSAGES = {
    "%(name)s has acknowledged it already.": "%(name)s 已经确认过了。",
    "At most %(most)d characters.": "最多 %(most)d 个字符。",
    "It is not open any more.": "该工单已不再处于打开状态。",
    "Give a reason.": "请填写原因。",
    "There is nobody to escalate to.": "没有可以升级通知的人。",
}
