"""Chinese of received mail and mailboxes."""

MESSAGES = {
    "Since": "起始时间",
    # models
    "Fetched from a mail server (IMAP)": "从邮件服务器收取（IMAP）",
    "Delivered by a mail server (API or pipe)": "由邮件服务器投递（接口或管道）",
    "TLS": "TLS",
    "STARTTLS": "STARTTLS",
    "None (only inside a trusted network)": "不加密（仅限可信内网）",
    "OAuth2 with a refresh token": "OAuth2（刷新令牌）",
    "OAuth2 as an application": "OAuth2（应用身份）",
    "Stay, marked as read": "保留并标为已读",
    "Be moved to a folder": "移到指定文件夹",
    "Be deleted": "删除",
    "Become callers with a ticket of their own": "登记为联系人，并单独建单",
    "Are held until somebody decides": "先扣留，等人工决定",
    "Mail address": "邮箱地址",
    "How mail comes in": "收信方式",
    "Unknown senders": "未知发件人",
    "Organisation of unknown senders": "未知发件人所属组织",
    "Service of new tickets": "新工单的服务",
    "Mails of mailing lists open tickets": "邮件列表的邮件也建单",
    "For an address that is itself a distribution list.": "适用于地址本身就是通讯组的情况。",
    "Server": "服务器",
    "Port": "端口",
    "Encryption": "加密方式",
    "User name": "用户名",
    "Sign-in": "登录方式",
    "Environment variable of the secret": "存放密钥的环境变量",
    "It holds the password, the refresh token, or the application's secret.": (
        "其中存放密码、刷新令牌或应用密钥。"
    ),
    "Token address": "令牌地址",
    "Application (client) id": "应用（客户端）ID",
    "Environment variable of the application's secret": "存放应用密钥的环境变量",
    "OAuth2 scope": "OAuth2 权限范围",
    "The secret expires on": "密钥到期日",
    "Folder": "文件夹",
    "Taken mails": "已收取的邮件",
    "What a mail does on the mail server once it is stored here.": (
        "邮件在本系统保存之后，在邮件服务器上如何处理。"
    ),
    "Folder for taken mails": "已收取邮件的文件夹",
    "Integration that may deliver": "可投递的集成账号",
    "Its API key with write access opens the door for this mailbox.": (
        "该账号的可写接口密钥可向此邮箱投递。"
    ),
    "mailbox": "邮箱",
    "Use small letters, digits and -.": "请使用小写字母、数字和 -。",
    "The name of an environment variable: capital letters, digits and _.": (
        "环境变量名：大写字母、数字和 _。"
    ),
    "New ticket": "新工单",
    "Added to a ticket": "并入工单",
    "New ticket that follows a closed one": "新工单，接续已关闭的工单",
    "Joined as somebody in copy": "抄送人加入",
    "Automatic mail": "自动邮件",
    "Delivery report": "退信报告",
    "Loop": "循环邮件",
    "Our own mail": "本系统发出的邮件",
    "Held: too many at once": "扣留：短时间内过多",
    "Held: unknown sender": "扣留：未知发件人",
    "Quarantined": "隔离",
    "Came twice": "重复收到",
    "Decided": "已处理",
    "Held": "扣留",
    # settings
    "New tickets a sender may open by mail in an hour": "同一发件人每小时可通过邮件新建的工单数",
    "Automatic answers that a sender gets in an hour": "同一发件人每小时收到的自动答复数",
    "Mails of one sender to one ticket in an hour": "同一发件人每小时写入同一工单的邮件数",
    "New callers a mailbox may bring in an hour": "每个邮箱每小时可新增的联系人数",
    "A ticket number in the subject is enough for who takes part": (
        "参与者在主题中写明工单编号即可并入该工单"
    ),
    "Who was in copy of a mail may answer to its ticket": "邮件的抄送人可以回复对应工单",
    "An agent's mail that begins with this becomes an internal note": (
        "坐席的邮件以此开头时记为内部备注"
    ),
    # reasons
    "The reply address is signed for %(number)s.": "回复地址带有 %(number)s 的签名。",
    "It answers a mail that we sent about %(number)s.": "它回复的是我们就 %(number)s 发出的邮件。",
    "It answers a mail that stands in %(number)s.": "它回复的邮件已在 %(number)s 中。",
    "The subject names %(number)s.": "主题中写有 %(number)s。",
    "That ticket was merged into %(number)s.": "该工单已合并到 %(number)s。",
    "%(name)s takes part in it.": "%(name)s 是该工单的参与者。",
    "%(name)s works on it and proved it by a mail that nobody else got.": (
        "%(name)s 负责处理该工单，且所回复的邮件只发给过本人，身份可信。"
    ),
    "%(address)s was in copy of a mail to this ticket.": "%(address)s 曾是该工单邮件的抄送人。",
    "It begins with the mark of an internal note.": "正文以内部备注标记开头。",
    "%(name)s is known here.": "%(name)s 是已登记的人员。",
    "%(address)s was unknown and became a caller.": "%(address)s 原为未知地址，现已登记为联系人。",
    "%(address)s takes no part in %(number)s: it stays out of that ticket.": (
        "%(address)s 不是 %(number)s 的参与者，邮件未并入该工单。"
    ),
    "%(address)s works on %(number)s, but nothing proves who wrote: it stays out of that ticket.": (
        "%(address)s 负责处理 %(number)s，但无法证明发件人身份，邮件未并入该工单。"
    ),
    "%(address)s is unknown, and this mailbox holds such mails.": (
        "%(address)s 为未知地址，该邮箱会扣留此类邮件。"
    ),
    "%(name)s is not active any more.": "%(name)s 已停用。",
    "%(name)s is an integration, not a person.": "%(name)s 是集成账号，不是人员。",
    "It names no sender that could be answered.": "邮件没有可以答复的发件人。",
    "It names several senders: any of them could be meant.": "邮件写有多个发件人，无法确定是谁。",
    "Our mail server found that %(address)s did not send it (DMARC).": (
        "我方邮件服务器判定该邮件并非由 %(address)s 发出（DMARC）。"
    ),
    "The sender opened %(most)d tickets within an hour.": "该发件人一小时内已新建 %(most)d 个工单。",
    "The sender wrote %(most)d mails to %(number)s within an hour.": (
        "该发件人一小时内已向 %(number)s 写入 %(most)d 封邮件。"
    ),
    "%(most)d new callers came within an hour.": "一小时内已新增 %(most)d 个联系人。",
    "It is larger than %(most)d MB.": "邮件超过 %(most)d MB。",
    "It has more than %(most)d header lines, or too long ones.": "邮件头超过 %(most)d 行，或内容过长。",
    "It has more than %(most)d parts.": "邮件超过 %(most)d 个部分。",
    "It is nested more than %(most)d levels deep.": "邮件嵌套超过 %(most)d 层。",
    "It cannot be read: %(error)s": "无法读取：%(error)s",
    "Reading it took longer than %(seconds)d seconds.": "读取超过 %(seconds)d 秒。",
    "The process that read it broke down.": "读取邮件的进程崩溃了。",
    "Deciding it broke off %(most)d times.": "处理中断了 %(most)d 次。",
    "An error occurred while it was put into a ticket.": "写入工单时出错。",
    "It answers a mail that is not decided yet.": "它回复的邮件尚未处理。",
    "It is a mail of ours that came back.": "这是我们发出后又退回来的邮件。",
    "It comes from our own address %(address)s.": "发件地址是我们自己的 %(address)s。",
    "It carries our own loop mark.": "邮件带有我们自己的循环标记。",
    "It passed %(count)d servers; more than %(most)d mean a loop.": (
        "邮件经过了 %(count)d 台服务器，超过 %(most)d 台即视为循环。"
    ),
    "The sender wrote exactly this %(count)d times within an hour.": (
        "该发件人一小时内已发送 %(count)d 次完全相同的内容。"
    ),
    "A mail to %(recipients)s was not delivered (%(status)s).": (
        "发往 %(recipients)s 的邮件未送达（%(status)s）。"
    ),
    "It came by a mailing list.": "邮件来自邮件列表。",
    "Its header Auto-Submitted says that no person wrote it.": "邮件头 Auto-Submitted 表明并非人工撰写。",
    "Its header Precedence says that it is automatic.": "邮件头 Precedence 表明是自动邮件。",
    "Its header X-Auto-Response-Suppress says that it is automatic.": (
        "邮件头 X-Auto-Response-Suppress 表明是自动邮件。"
    ),
    "Its return path is empty, as with automatic mails.": "退信路径为空，属于自动邮件。",
    "Its header X-Autoreply says that it is an automatic answer.": "邮件头 X-Autoreply 表明是自动答复。",
    "Its subject begins as that of an automatic answer.": "主题是自动答复的格式。",
    "It is a receipt.": "这是已读回执。",
    "The same mail came before.": "同一封邮件此前已收到。",
    "The text says a character set that does not exist: %(charset)s.": (
        "正文声明的字符集不存在：%(charset)s。"
    ),
    "The text says %(charset)s, but it is %(used)s.": "正文声明为 %(charset)s，实际是 %(used)s。",
    "Some characters are broken in %(charset)s.": "按 %(charset)s 读取时部分字符已损坏。",
    "The text is longer than %(most)d characters; the rest stands in the original.": (
        "正文超过 %(most)d 个字符，其余部分请看原件。"
    ),
    # letters and tickets
    "Many mails of %(sender)s came in a short time and are held.": (
        "%(sender)s 在短时间内发来大量邮件，已被扣留。"
    ),
    "Mails are held": "有邮件被扣留",
    "Look at the mails": "查看邮件",
    "(no subject)": "（无主题）",
    "(The mail has no text.)": "（邮件没有正文。）",
    "Not taken over, but kept with the original mail: %(names)s": "未导入、仅保留在原始邮件中：%(names)s",
    "Mails to this address came back.": "发往该地址的邮件被退回。",
    "This mail stands in a ticket already.": "该邮件已在工单中。",
    # fetching
    "The folder “%(name)s” is not there.": "文件夹“%(name)s”不存在。",
    "The environment variable %(name)s is not set.": "环境变量 %(name)s 未设置。",
    "The mail server does not answer the search.": "邮件服务器没有响应查询。",
    "The mail server does not hand out mail %(uid)d.": "邮件服务器未给出邮件 %(uid)d。",
    "The token server gave no token.": "令牌服务器未返回令牌。",
    "The token address must begin with https.": "令牌地址必须以 https 开头。",
    "The token server refused: %(what)s": "令牌服务器拒绝了请求：%(what)s",
    "The token server cannot be reached: %(what)s": "无法连接令牌服务器：%(what)s",
    "The secret ran out on %(day)s. Put a new one into the environment.": (
        "密钥已于 %(day)s 到期，请在环境变量中更换。"
    ),
    "The secret runs out on %(day)s. Put a new one into the environment before.": (
        "密钥将于 %(day)s 到期，请提前在环境变量中更换。"
    ),
    "This is needed to fetch mail.": "收取邮件需要填写此项。",
    # API
    "The mail is larger than %(most)d bytes.": "邮件超过 %(most)d 字节。",
    "Mail is delivered with an API key only.": "只能使用接口密钥投递邮件。",
    "The body is empty: send the mail as it came.": "请求正文为空：请原样发送邮件。",
    "This key may not deliver mail.": "此密钥无权投递邮件。",
    "Say to which mailbox.": "请指明投递到哪个邮箱。",
    # pages
    "Received mail": "收到的邮件",
    "What came in and what became of it, and why; what is held; the mailboxes.": (
        "收到了什么、如何处理以及原因；被扣留的邮件；邮箱设置。"
    ),
    "Decision": "处理结果",
    "All that are held": "全部扣留的",
    "Mailbox": "邮箱",
    "Ticket number, sender or subject": "工单编号、发件人或主题",
    "Any decision": "所有处理结果",
    "Any mailbox": "所有邮箱",
    "Addresses that fail": "无法送达的地址",
    "Mailboxes": "邮箱",
    "The mailbox “%(name)s” cannot be fetched": "无法收取邮箱“%(name)s”",
    "since": "始于",
    "There is no mailbox yet.": "还没有邮箱。",
    "Connect the first one": "接入第一个邮箱",
    "Received mails, newest first": "收到的邮件，最新的在前",
    ("mail|", "From"): "发件人",
    ("mail|", "Received"): "收到时间",
    "Choose another decision or mailbox, or search for a ticket number, a sender or a subject.": (
        "请选择其他处理结果或邮箱，或按工单编号、发件人、主题搜索。"
    ),
    "No mail has come in yet": "还没有收到邮件",
    "As soon as a mailbox receives something, it stands here with what became of it.": (
        "邮箱收到邮件后，会在这里显示邮件及其处理结果。"
    ),
    "Original": "原件",
    "Decide again": "重新处理",
    "Put into a ticket": "写入工单",
    "Decisions": "处理记录",
    "It is decided within some seconds.": "几秒内即会处理。",
    "Size": "大小",
    "What it says": "邮件内容",
    "It has no text that could be read.": "没有可读取的正文。",
    "Quoted text and signature": "引文与签名",
    "Decided once more: %(decision)s.": "已重新处理：%(decision)s。",
    "Mails go to %(address)s again.": "已恢复向 %(address)s 发送邮件。",
    "The connection is tried out within a minute. Reload to see how.": (
        "一分钟内会测试连接，刷新页面即可查看结果。"
    ),
    "The mailbox “%(name)s” is saved.": "邮箱“%(name)s”已保存。",
    "Connect a mailbox": "接入邮箱",
    "How it stands": "当前状况",
    "Last fetched": "上次收取",
    "Switched off": "已停用",
    "Failing": "出错",
    "Works": "正常",
    "Is being tried out": "正在测试",
    "Tried out": "已测试",
    "Try out": "测试连接",
    "No mailbox yet": "还没有邮箱",
    "Connect one, so that mails become tickets and answers find theirs.": (
        "接入邮箱后，来信会变成工单，回信会归入对应工单。"
    ),
    "Passwords and tokens are not kept here: name the environment variable that holds them.": (
        "密码和令牌不保存在这里：请填写存放它们的环境变量名。"
    ),
    "Mails to these addresses came back for good. Nothing more is sent there until you say that they work again.": (
        "发往这些地址的邮件被永久退回。在您确认恢复之前，不再向它们发送邮件。"
    ),
    "What the server said": "服务器的答复",
    "It works again": "已恢复",
    "Every address works": "所有地址均可送达",
    "No mail has come back for good.": "没有被永久退回的邮件。",
}
