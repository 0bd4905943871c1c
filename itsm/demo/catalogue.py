"""What Lanting's catalogue offers, as data: forms with questions, who approves, what is done."""

from servicedesk.catalogue.schema import Condition, Option, Question

MANAGERS = {
    "L2002": "L2012", "L2003": "L2001", "L2005": "L2001", "L2009": "L2001", "L2004": "L2010",
    "L2011": "L2010", "L2006": "L2012", "L2007": "L2001", "L2008": "L2001", "L2010": "L2012", "L2012": "L2001",
    "L1002": "L1010", "L1001": "L1010",
}  # fmt: skip
CATEGORIES = [
    ("order-access", "Access and accounts", "账号与权限"),
    ("order-devices", "Devices", "设备"),
    ("order-people", "People and rooms", "人员与会议室"),
    ("order-software", "Software", "软件"),
]
YES = Condition("laptop", "is", ("yes",))
MANAGER = {"of": "line_manager", "patience_hours": 16}
OWNER = {"of": "service_owner", "patience_hours": 16}
FINANCE = {"of": "finance", "patience_hours": 16, "from_amount": "10000"}
MODELS = (
    Option("light", "Light, 14 inch", "轻薄型 14 寸"),
    Option("strong", "Strong, 16 inch", "高性能 16 寸", "4500"),
)


def task(key, english, chinese, hours="", after=(), group=None, is_mandatory=True, kind="work"):
    return {
        "key": key, "title_en": english, "title_zh": chinese, "hours": hours,
        "after": list(after), "group": group, "is_mandatory": is_mandatory, "kind": kind,
    }  # fmt: skip


OFFERINGS = {
    "LAPTOP": {
        "name_en": "Laptop", "name_zh": "笔记本电脑", "icon": "laptop", "service": "COLLAB",
        "category": "order-devices", "price": "6800", "asks_cost_centre": True, "order": 1,
        "keywords": "notebook computer PC new machine 电脑 手提电脑 新电脑 申请电脑",
        "description_en": "A new laptop, ready for work with mail and VPN.",
        "description_zh": "一台装好邮件和 VPN、可以直接使用的新笔记本电脑。",
        "form": [
            Question("model", "choice", "Which model?", "需要哪种型号？", is_required=True,
                     options=MODELS, default="light"),
            Question("why", "long_text", "What do you need the strong one for?",
                     "为什么需要高性能型号？", "Programs, size of the data", "使用的程序、数据量",
                     is_required=True, show_if=Condition("model", "is", ("strong",))),
            Question("dock", "yes_no", "A docking station too?", "需要扩展坞吗？"),
            Question("old", "ci", "Which device does it replace?", "替换哪台设备？"),
        ],
        "approval": [MANAGER, FINANCE],
        "fulfilment": [
            task("order", "Take one from stock or order it", "从库存领取或采购", "8"),
            task("set_up", "Install and encrypt it", "安装系统并加密", "16", ["order"], kind="build"),
            task("hand", "Hand it over", "交付用户", "24", ["set_up"]),
            task("old", "Collect the old device", "回收旧设备", "40", ["hand"], is_mandatory=False),
        ],
    },
    "MONITOR": {
        "name_en": "Screen", "name_zh": "显示器", "icon": "monitor", "service": "COLLAB",
        "category": "order-devices", "price": "1600", "most": 3, "order": 2,
        "keywords": "monitor display 屏幕", "fulfils_itself": True,
        "description_en": "A screen for your desk, with cable.",
        "description_zh": "放在工位上的显示器，含线缆。",
        "form": [
            Question("size", "choice", "Which size?", "需要多大尺寸？", is_required=True,
                     options=(Option("27", "27 inch", "27 寸"),
                              Option("34", "34 inch, curved", "34 寸曲面", "1400"))),
        ],
        "approval": [MANAGER],
        "fulfilment": [task("bring", "Bring it to the desk", "送到工位", "16")],
    },
    "PHONE": {
        "name_en": "Mobile phone", "name_zh": "手机", "icon": "smartphone", "service": "COLLAB",
        "category": "order-devices", "price": "2400", "order": 3,
        "keywords": "smartphone mobile cell 移动电话 智能手机",
        "description_en": "A phone with a company number.",
        "description_zh": "带公司号码的手机。",
        "form": [
            Question("model", "choice", "Which model?", "需要哪种型号？", is_required=True,
                     options=(Option("standard", "Standard", "标准型"),
                              Option("rugged", "Rugged, for the warehouse", "三防型（仓库用）", "900"))),
            Question("number", "text", "Keep which number?", "保留哪个号码？",
                     "Leave it empty for a new one, e.g. +86 138 0000 0000",
                     "留空则分配新号码，例如 +86 138 0000 0000", pattern=r"\+?[0-9 ]{7,20}"),
        ],
        "approval": [MANAGER],
        "fulfilment": [
            task("sim", "Order the SIM card", "申请 SIM 卡", "16"),
            task("hand", "Set it up and hand it over", "设置并交付", "24", ["sim"]),
        ],
    },
    "SOFTWARE": {
        "name_en": "Software licence", "name_zh": "软件许可证", "icon": "app-window",
        "service": "COLLAB", "category": "order-software", "order": 1, "group": "APP",
        "asks_cost_centre": True,
        "keywords": "program application licence install 安装软件 程序 授权 许可",
        "description_en": "A licence for a program, installed for you.",
        "description_zh": "为您购买并安装软件许可证。",
        "form": [
            Question("product", "choice", "Which program?", "需要哪个软件？", is_required=True,
                     options=(Option("visio", "Visio", "Visio", "1200"),
                              Option("adobe", "Adobe Creative Cloud", "Adobe 创意套件", "5200"),
                              Option("project", "Project", "Project", "2300"),
                              Option("other", "Another one", "其他软件"))),
            Question("which", "text", "What is it called, and who makes it?", "软件名称与厂商？",
                     is_required=True, show_if=Condition("product", "is", ("other",))),
            Question("until", "choice", "For how long?", "使用多久？", is_required=True,
                     options=(Option("always", "For good", "长期"),
                              Option("project", "For a project", "仅用于某项目"))),
            Question("project", "text", "Which project?", "哪个项目？", is_required=True,
                     show_if=Condition("until", "is", ("project",))),
            Question("ends", "date", "Until when?", "到什么时候？", least="7",
                     show_if=Condition("until", "is", ("project",))),
        ],
        "approval": [MANAGER, FINANCE],
        "fulfilment": [
            task("buy", "Buy or assign the licence", "购买或分配许可证", "16"),
            task("install", "Install it", "安装", "24", ["buy"]),
        ],
    },
    "VPN": {
        "name_en": "VPN access", "name_zh": "VPN 远程接入", "icon": "shield-check",
        "service": "VPN", "category": "order-access", "order": 1, "group": "NET",
        "keywords": "remote work home office 远程办公 居家 在家办公",
        "description_en": "Work from home or on the road as if you were in the office.",
        "description_zh": "在家或出差时像在办公室一样工作。",
        "form": [
            Question("why", "long_text", "What do you need it for?", "用途是什么？",
                     is_required=True),
            Question("device", "choice", "From which device?", "使用哪种设备？", is_required=True,
                     options=(Option("company", "A company laptop", "公司电脑"),
                              Option("own", "My own device", "个人设备"))),
            Question("agreed", "yes_no", "Have you read the rules for own devices?",
                     "您是否已阅读个人设备使用规定？", is_required=True,
                     show_if=Condition("device", "is", ("own",))),
        ],
        "approval": [MANAGER],
        "fulfilment": [task("open", "Open the access", "开通权限", "8")],
    },
    "MAILBOX": {
        "name_en": "Shared mailbox", "name_zh": "共享邮箱", "icon": "mail", "service": "MAIL",
        "category": "order-access", "order": 3, "group": "APP",
        "keywords": "team mail address 公共邮箱 部门邮箱",
        "description_en": "A mail address that a team reads together.",
        "description_zh": "团队共同使用的邮箱地址。",
        "form": [
            Question("address", "text", "Which address?", "邮箱地址？",
                     "Only what stands before @lanting.example", "只填 @lanting.example 之前的部分",
                     is_required=True, pattern=r"[a-z][a-z0-9.-]{2,40}"),
            Question("name", "text", "Which name is shown?", "显示名称？", is_required=True),
            Question("owner", "person", "Who answers for it?", "负责人是谁？"),
        ],
        "fulfilment": [task("make", "Make the mailbox", "创建邮箱", "8")],
    },
    "ERPROLE": {
        "name_en": "Role in the ERP", "name_zh": "ERP 角色权限", "icon": "key-round",
        "service": "ERP", "category": "order-access", "order": 2, "group": "APP",
        "keywords": "SAP permission authorisation 权限 授权 财务系统",
        "description_en": "More rights in the financial system.",
        "description_zh": "财务系统中的更多权限。",
        "form": [
            Question("role", "choice", "Which role?", "哪个角色？", is_required=True,
                     options=(Option("read", "Read", "查看"), Option("post", "Post", "过账"),
                              Option("approve", "Approve payments", "审批付款"))),
            Question("why", "long_text", "Why do you need it?", "为什么需要？", is_required=True,
                     show_if=Condition("role", "is_not", ("read",))),
            Question("until", "date", "Until when?", "有效期至？", least="1", most="365"),
        ],
        "approval": [MANAGER, OWNER],
        "fulfilment": [
            task("check", "Check the separation of duties", "检查职责分离", "8", kind="verify"),
            task("grant", "Grant the role", "授予角色", "16", ["check"]),
        ],
    },
    "NEWCOMER": {
        "name_en": "New employee", "name_zh": "新员工入职", "icon": "user-plus",
        "service": "COLLAB", "category": "order-people", "order": 1,
        "keywords": "joiner onboarding hire starter 入职 新人",
        "description_en": "Everything that somebody needs on the first day.",
        "description_zh": "新员工第一天所需的一切。",
        "form": [
            Question("name", "text", "What is the name?", "姓名？", is_required=True),
            Question("kind", "choice", "Which contract?", "合同类型？", is_required=True,
                     options=(Option("permanent", "Permanent", "正式员工"),
                              Option("intern", "Intern", "实习生"),
                              Option("contractor", "Contractor", "外包人员"))),
            Question("company", "text", "From which company?", "所属公司？", is_required=True,
                     show_if=Condition("kind", "is", ("contractor",))),
            Question("starts", "date", "First day", "入职日期", least="3", most="180"),
            Question("laptop", "yes_no", "Is a laptop needed?", "需要笔记本电脑吗？",
                     is_required=True),
            Question("model", "choice", "Which model?", "需要哪种型号？", is_required=True,
                     options=MODELS, show_if=YES),
            Question("like", "person", "Same rights as whom?", "参照谁的权限？"),
        ],
        "approval": [MANAGER],
        "fulfilment": [
            task("account", "Make the account and the mailbox", "创建账号和邮箱", "8", group="APP"),
            task("laptop", "Prepare the laptop", "准备电脑", "16"),
            task("badge", "Order the badge", "办理门禁卡", "16"),
            task("welcome", "Welcome and hand over", "欢迎并交付", "24",
                 ["account", "laptop", "badge"], kind="communicate"),
        ],
    },
    "MEETING": {
        "name_en": "Equipment of a meeting room", "name_zh": "会议室设备", "icon": "presentation",
        "service": "COLLAB", "category": "order-people", "order": 2,
        "keywords": "conference room projector camera 投影 会议 摄像头",
        "description_en": "Camera, loudspeaker or screen for a room.",
        "description_zh": "会议室的摄像头、扬声器或屏幕。",
        "form": [
            Question("room", "text", "Which room?", "哪个会议室？", is_required=True),
            Question("what", "choices", "What is needed?", "需要什么？", is_required=True,
                     options=(Option("camera", "Camera", "摄像头", "1800"),
                              Option("speaker", "Loudspeaker", "扬声器", "1200"),
                              Option("screen", "Large screen", "大屏幕", "7500"))),
            Question("plan", "file", "A plan or a photograph", "平面图或照片"),
        ],
        "approval": [MANAGER, FINANCE],
        "fulfilment": [task("install", "Install and test it", "安装并测试", "40", kind="build")],
    },
    "WIFI": {
        "name_en": "Guest Wi-Fi", "name_zh": "访客无线网络", "icon": "wifi", "service": "WLAN",
        "category": "order-access", "order": 4, "group": "NET",
        "keywords": "visitor wlan wireless 访客 来宾 上网 WiFi",
        "description_en": "Internet for your visitors, for some days.",
        "description_zh": "供来访客人使用几天的网络。",
        "form": [
            Question("guest", "text", "Who comes?", "访客是谁？", is_required=True),
            Question("days", "number", "For how many days?", "使用几天？", is_required=True,
                     least="1", most="14", default="1"),
        ],
    },
}  # fmt: skip
