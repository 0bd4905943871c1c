"""The sequence behind CI numbers, the class tree and the relation types that every desk starts with."""

from django.db import migrations

# code, English, Chinese, parent, abstract, icon, lane, needs a tag, requires a change, attributes
CLASSES = [
    ("business_process", "Business process", "业务流程", None, False, "workflow", "customers", False, False, []),
    ("it_service", "IT service", "IT服务", None, False, "layers", "business", False, False, []),
    ("application", "Application", "应用系统", None, False, "app-window", "technical", False, True, ["url", "repository"]),
    ("software_instance", "Software instance", "软件实例", None, False, "package", "systems", False, True, ["port"]),
    ("database", "Database", "数据库", None, False, "database", "infrastructure", False, True, ["engine", "port"]),
    ("document", "Document", "文档", None, False, "file-text", "infrastructure", False, False, ["location"]),
    ("hardware", "Hardware", "硬件", None, True, "hard-drive", "systems", True, False, ["rack_position"]),
    ("server_physical", "Physical server", "物理服务器", "hardware", False, "server", "infrastructure", True, True, ["ip_address", "os", "cpu_cores", "ram_gb"]),
    ("client_device", "Client device", "终端设备", "hardware", False, "laptop", "systems", True, False, ["os", "hostname"]),
    ("storage", "Storage", "存储设备", "hardware", False, "hard-drive", "infrastructure", True, True, ["capacity_tb"]),
    ("network_device", "Network device", "网络设备", "hardware", False, "router", "infrastructure", True, True, ["ip_address", "ports"]),
    ("printer", "Printer", "打印机", "hardware", False, "printer", "systems", True, False, ["ip_address"]),
    ("phone_system", "Telephone system", "电话系统", "hardware", False, "phone", "systems", True, False, []),
    ("peripheral", "Peripheral", "外围设备", "hardware", False, "monitor", "systems", True, False, []),
    ("virtual", "Virtual", "虚拟资源", None, True, "boxes", "systems", False, False, []),
    ("server_virtual", "Virtual server", "虚拟服务器", "virtual", False, "server", "systems", False, True, ["ip_address", "os", "cpu_cores", "ram_gb"]),
    ("container_cluster", "Container cluster", "容器集群", "virtual", False, "container", "systems", False, True, []),
    ("cloud_resource", "Cloud resource", "云资源", "virtual", False, "cloud", "infrastructure", False, True, ["region"]),
    ("network", "Network", "网络", None, True, "network", "infrastructure", False, False, []),
    ("circuit", "Circuit", "线路", "network", False, "cable", "infrastructure", False, True, ["bandwidth_mbps", "provider_ref"]),
    ("subnet", "Subnet", "子网", "network", False, "network", "infrastructure", False, False, ["prefix", "vlan"]),
    ("facility", "Facility", "机房设施", None, True, "building-2", "infrastructure", False, False, []),
    ("data_centre", "Data centre", "数据中心", "facility", False, "building-2", "infrastructure", False, False, ["address"]),
    ("room", "Room", "机房", "facility", False, "door-open", "infrastructure", False, False, []),
    ("rack", "Rack", "机柜", "facility", False, "server-cog", "infrastructure", False, False, ["height_units"]),
    ("power", "Power", "供电", "facility", False, "plug-zap", "infrastructure", False, True, ["power_kw"]),
    ("group", "Group of CIs", "配置项组", None, True, "group", "systems", False, False, []),
    ("cluster", "Cluster", "集群", "group", False, "boxes", "systems", False, True, []),
    ("license", "Licence", "许可证", None, False, "key-round", "infrastructure", False, False, ["licence_key", "seats"]),
]  # fmt: skip

# name: English, Chinese, type, unit, more
ATTRIBUTES = {
    "url": ("Address", "访问地址", "text", "", {}),
    "repository": ("Source repository", "代码仓库", "text", "", {}),
    "port": ("Port", "端口", "integer", "", {"discoverable": True}),
    "engine": ("Database engine", "数据库类型", "text", "", {"discoverable": True}),
    "location": ("Where it is kept", "存放位置", "text", "", {}),
    "rack_position": ("Position in the rack", "机柜位置", "text", "", {}),
    "ip_address": ("IP address", "IP 地址", "ip", "", {"discoverable": True}),
    "os": ("Operating system", "操作系统", "text", "", {"discoverable": True}),
    "cpu_cores": ("CPU cores", "CPU 核数", "integer", "", {"discoverable": True}),
    "ram_gb": ("Memory", "内存", "number", "GB", {"discoverable": True}),
    "hostname": ("Host name", "主机名", "text", "", {"discoverable": True}),
    "capacity_tb": ("Capacity", "容量", "number", "TB", {}),
    "ports": ("Ports", "端口数", "integer", "", {}),
    "region": ("Region", "区域", "text", "", {}),
    "bandwidth_mbps": ("Bandwidth", "带宽", "number", "Mbit/s", {}),
    "provider_ref": ("Provider's number", "运营商编号", "text", "", {}),
    "prefix": ("Prefix", "网段", "ip", "", {}),
    "vlan": ("VLAN", "VLAN", "integer", "", {}),
    "address": ("Postal address", "地址", "text", "", {}),
    "height_units": ("Height", "高度", "integer", "U", {}),
    "power_kw": ("Power", "功率", "number", "kW", {}),
    "licence_key": ("Licence number", "许可证编号", "text", "", {}),
    "seats": ("Entitled installations", "授权数量", "integer", "", {}),
}

# Rows within a lane of the map, where a class stands below others of its lane.
TIERS = {
    "server_virtual": 1, "client_device": 1, "printer": 1, "phone_system": 1, "peripheral": 1,
    "server_physical": 1, "storage": 2, "network_device": 2, "circuit": 3, "subnet": 3,
    "power": 3, "rack": 4, "room": 5, "data_centre": 6, "document": 7, "license": 7,
}  # fmt: skip

# code, forward en/zh, reverse en/zh, impact, cardinality
TYPES = [
    ("depends_on", "depends on", "依赖于", "is needed by", "被依赖于", "down", "many"),
    ("uses", "uses", "使用", "is used by", "被使用于", "degraded", "many"),
    ("runs_on", "runs on", "运行于", "runs", "承载运行", "down", "many"),
    ("hosted_in", "is housed in", "位于", "houses", "容纳", "down", "many"),
    ("connects_to", "connects through", "经由连接", "connects", "提供连接给", "down", "many"),
    ("member_of", "is a member of", "隶属于", "has the member", "包含成员", "none", "many"),
    ("contains", "contains", "包含", "is part of", "是其组成部分", "down", "many"),
    ("backup_of", "is the backup of", "是备份", "is backed up by", "由其备份", "none", "many"),
    ("copy_of", "is a copy of", "是副本", "is copied to", "其副本为", "none", "many"),
    ("licensed_by", "is licensed by", "由许可证授权", "licenses", "授权给", "none", "many"),
    ("documented_by", "is documented by", "由文档说明", "documents", "说明", "none", "many"),
]  # fmt: skip


def attribute(name):
    english, chinese, kind, unit, more = ATTRIBUTES[name]
    entry = {"name": name, "label_en": english, "label_zh": chinese, "type": kind}
    return entry | ({"unit": unit} if unit else {}) | more


def load(apps, schema_editor):
    CIClass = apps.get_model("cmdb", "CIClass")
    found = {}
    for code, english, chinese, parent, abstract, icon, lane, tag, change, names in CLASSES:
        found[code] = CIClass.objects.create(
            code=code, name_en=english, name_zh=chinese, parent=found.get(parent),
            is_abstract=abstract, icon=icon, lane=lane, needs_tag=tag, requires_change=change,
            attribute_schema=[attribute(name) for name in names], tier=TIERS.get(code, 0),
        )  # fmt: skip
    CIRelationType = apps.get_model("cmdb", "CIRelationType")
    for order, (code, f_en, f_zh, r_en, r_zh, impact, cardinality) in enumerate(TYPES, 1):
        CIRelationType.objects.create(
            code=code, forward_en=f_en, forward_zh=f_zh, reverse_en=r_en, reverse_zh=r_zh,
            impact=impact, cardinality=cardinality, order=order * 10,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("cmdb", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE IF NOT EXISTS cmdb_ci_number",
            "DROP SEQUENCE IF EXISTS cmdb_ci_number",
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
