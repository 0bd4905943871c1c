"""Chinese of mail in tickets, mails that come back, and an administrator's own words in letters."""

MESSAGES = {
    # a ticket
    "Show quoted text": "显示引用的原文",
    "Original mail": "原始邮件",
    # mails that come back
    "Came back": "被退回",
    "A mail to %(name)s (%(address)s) did not arrive.": "发给%(name)s（%(address)s）的邮件未能送达。",
    "Mail came back": "邮件被退回",
    "What the server said": "服务器的答复",
    "has to answer": "需要答复",
    "reviews it": "负责评审",
    "wrote it": "作者",
    "owns it": "负责人",
    # orders
    "Your order is approved. Work on it begins.": "您的申请已获批准，开始办理。",
    "Approved: %(title)s": "已批准：%(title)s",
    "Your order is approved. Work on it begins, and you need to do nothing now.": (
        "您的申请已获批准，我们将开始办理，您现在无需做任何事。"
    ),
    "Follow your order": "查看申请进度",
    # mailboxes
    (
        (
            "The mail server could not hand out %(n)s mail, and it was left there."
            " “Try out” tries it again."
        ),
        (
            "The mail server could not hand out %(n)s mails, and they were left there."
            " “Try out” tries them again."
        ),
    ): "邮件服务器有 %(n)s 封邮件无法取出，已留在服务器上。点“测试连接”会再取一次。",
    # letters
    "Letter": "信件",
    "letter": "信件",
    "Letters": "信件",
    "Any letter": "全部信件",
    "Words": "用语",
    "First words": "开头语",
    "Last words": "结束语",
    "%(label)s: your own": "%(label)s：自定义",
    "%(label)s: as delivered": "%(label)s：默认",
    "The mails that requesters get. Each has its words in both languages; subject, first and last"
    " words may be your own.": (
        "这里是发给请求人的邮件。每封信都有中英文两种用语，主题、开头语和结束语可以自定义。"
    ),
    "What stays empty is as delivered. Numbers, quotes, times and buttons of the letter stay in any"
    " case.": "留空即使用默认用语。信中的编号、引文、时间和按钮始终保留。",
    "Placeholders": "占位符",
    "Anything else in braces is sent as it stands.": "花括号里的其他内容会原样发送。",
    "The ticket's number": "工单编号",
    "The ticket's title": "工单标题",
    "Where it stands, in the requester's words": "当前进展（请求人看到的说法）",
    "The reader's name": "收件人姓名",
    "The desk's name": "服务台名称",
    "Back to the delivered words": "恢复默认用语",
    "Preview": "预览",
    "Preview: %(label)s": "预览：%(label)s",
    "This is a preview": "这是预览",
    "Nothing is saved yet.": "尚未保存。",
    "The letter is saved.": "信件已保存。",
    "The delivered words hold again.": "已恢复默认用语。",
    "No letter of this sort has gone out lately: a made-up ticket stands for one.": (
        "最近没有发出过这类信件，以下用虚拟工单示例。"
    ),
    "(the delivered first words)": "（默认开头语）",
    "Printer on the third floor": "三楼的打印机",
    "Received": "已收到",
    "A new message": "新消息",
    "A question to the requester": "向请求人提问",
    "On hold": "暂时搁置",
    "Reminder of a question": "提问的催复",
    "Solved, please confirm": "已解决，请确认",
    "Goes on in another ticket": "转到另一工单继续处理",
    "Major incident: declared": "重大事故：宣布",
    "Major incident: news": "重大事故：进展",
    "Major incident: over": "重大事故：结束",
    "Approval needed": "待审批",
    "Approval needed: reminder": "待审批：催办",
    "Approval: nobody answered": "审批：无人答复",
    "Order approved": "申请已批准",
    "Order rejected": "申请被拒绝",
    "Order done, please confirm": "申请已完成，请确认",
    "Feedback received": "已收到反馈",
    "Feedback answered": "反馈已答复",
    "Feedback closed": "反馈已关闭",
    "Survey": "满意度调查",
    "New ticket for the group": "组内新工单",
    "Assigned": "已分派",
    "The requester wrote": "请求人留言",
    "Solution rejected": "解决方案被退回",
    "Mails are held": "有邮件被扣留",
    "A mail came back": "邮件被退回",
    "Article to review": "待评审的文章",
    "Article sent back": "文章被退回",
    "Article published": "文章已发布",
    "Article flagged": "文章被标记",
    "The mailbox": "邮箱",
    "Tickets that come of it": "由来信生成的工单",
    "How mail comes in": "来信方式",
    "The mail server": "邮件服务器",
    "For fetching by IMAP only.": "仅在通过 IMAP 收取时填写。",
    "Signing in with OAuth2": "使用 OAuth2 登录",
    "Only where the server asks for it.": "仅在服务器要求时填写。",
}
