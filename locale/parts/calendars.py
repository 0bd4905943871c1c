"""Chinese of the calendars."""

MESSAGES = {
    # words
    "Calendar": "日历",
    "calendar": "日历",
    "Calendars": "日历",
    "All calendars": "全部日历",
    "Calendars by code": "按代码排列的日历",
    "Code": "代码",
    "Name in English": "英文名称",
    "Name in Chinese": "中文名称",
    "Time zone": "时区",
    "Open around the clock": "全天候开放",
    "around the clock": "全天候",
    "In use": "使用中",
    "not in use": "已停用",
    "in force": "生效中",
    "official": "法定",
    "Kind": "类型",
    "Date": "日期",
    "Occasion": "事由",
    "Opening hours": "工作时间",
    "Worked like a": "按以下星期上班",
    "Holiday": "节假日",
    "Make-up working day": "调休上班日",
    "Special hours": "特殊工作时间",
    "Support hours": "支持时间",
    "Agreed service hours": "约定服务时间",
    "Monday": "星期一",
    "Tuesday": "星期二",
    "Wednesday": "星期三",
    "Thursday": "星期四",
    "Friday": "星期五",
    "Saturday": "星期六",
    "Sunday": "星期日",
    "Version": "版本",
    "Versions": "版本",
    "Versions, newest first": "版本（最新的在前）",
    "In force from": "生效时间",
    "Made by": "创建人",
    "Year": "年份",
    "Years": "年份",
    "State": "状态",
    "Actions": "操作",
    "Now": "现在",
    "Start": "开始",
    "End": "结束",
    "Hours": "小时",
    "Minutes": "分钟",
    "Length": "时长",
    "Edit": "编辑",
    "Cancel": "取消",
    "Error:": "错误：",
    ("time|", "From"): "从",
    ("time|", "To"): "到",
    ("calendar|", "Open"): "工作中",
    ("calendar|", "Closed"): "休息",
    ("calendar|", "Closed now"): "休息中",
    "%(hours)d h": "%(hours)d 小时",
    "%(hours)d h %(minutes)02d m": "%(hours)d 小时 %(minutes)02d 分",
    "%(length)s a week": "每周 %(length)s",
    # the list and one calendar
    "New calendar": "新建日历",
    "Create calendar": "创建日历",
    "Edit calendar": "编辑日历",
    "Save calendar": "保存日历",
    "Edit %(name)s": "编辑“%(name)s”",
    "No calendars yet": "还没有日历",
    "A calendar says when the desk works: every promised time runs on one.": (
        "日历说明服务台的工作时间，所有承诺的时限都按日历计算。"
    ),
    "Weekly hours": "每周时间",
    "Hours of each weekday": "一周各天的时间",
    "Time of day": "时刻",
    "Always open: every second counts, on every day.": "始终开放：每天的每一秒都计入。",
    "Exceptions in the next 12 months": "未来 12 个月的例外日",
    "Exceptions by date": "按日期排列的例外日",
    "Every week is like the one shown.": "每周都与所示的一周相同。",
    "Older versions are kept, too.": "更早的版本也会保留。",
    "A clock keeps counting by the version that was in force when it last moved.": (
        "时钟按其最近一次变动时生效的版本继续计时。"
    ),
    # try it
    "Try it": "试算",
    "times of %(zone)s": "时间按 %(zone)s",
    "When is it due?": "何时到期？",
    "How long was it open?": "其间有多少工作时间？",
    "Which hours": "按哪种时间",
    "Work out the due time": "计算到期时间",
    "Count the open time": "计算工作时间",
    "%(open_time)s of open time from %(start)s end at <b>%(end)s</b>.": (
        "从 %(start)s 起，%(open_time)s 的工作时间到 <b>%(end)s</b> 结束。"
    ),
    "From %(start)s to %(end)s it is open for <b>%(open_time)s</b>.": (
        "从 %(start)s 到 %(end)s 共有 <b>%(open_time)s</b> 工作时间。"
    ),
    "The open stretches that add up to it": "合计出该结果的各段工作时间",
    ("and %(hidden_count)s more stretch", "and %(hidden_count)s more stretches"): (
        "以及另外 %(hidden_count)s 段"
    ),
    "It is not open in between.": "其间没有工作时间。",
    "By version %(number)s of the calendar.": "按日历的第 %(number)s 版计算。",
    # official days
    "Official days": "法定节假日安排",
    "Official days by year": "各年度的法定节假日安排",
    "Official days of mainland China": "中国内地法定节假日安排",
    "Mainland China": "中国内地",
    "Follows the official calendar of mainland China": "遵循中国内地法定节假日安排",
    "Holidays are closed, make-up working days are worked like a Monday.": (
        "节假日休息，调休上班日按星期一上班。"
    ),
    "Holidays are closed; make-up working days, weekends that are worked, are like a Monday."
    " Days of our own stay and rule on their dates.": (
        "节假日休息；调休上班日（需要上班的周末）按星期一上班。本单位自定的日期予以保留，并以其为准。"
    ),
    "No official days of %(year)s": "缺少 %(year)s 年的法定节假日安排",
    "Until they are loaded, only the weekly hours count in:": "加载之前，以下日历只按每周时间计算：",
    "Until they are loaded, only the weekly hours count.": "加载之前只按每周时间计算。",
    "Load them": "去加载",
    ("%(count)s day loaded", "%(count)s days loaded"): "已加载 %(count)s 天",
    "Not loaded": "未加载",
    "Not known yet: load a file": "尚无数据：请用文件加载",
    "Load %(year)s": "加载 %(year)s 年",
    "Load %(year)s again": "重新加载 %(year)s 年",
    "Take %(year)s out": "移除 %(year)s 年",
    "Load from a file": "用文件加载",
    "Load the file": "加载文件",
    "File of official days": "节假日安排文件",
    "CSV with the columns date, kind, name_en and name_zh; the kind is holiday or"
    " makeup_workday. All its years are loaded.": (
        "CSV 文件，包含 date、kind、name_en、name_zh 四列；kind 为 holiday 或 makeup_workday。"
        "文件中的所有年份都会加载。"
    ),
    (
        "%(count)d official day of %(year)s is loaded.",
        "%(count)d official days of %(year)s are loaded.",
    ): "已加载 %(year)s 年的 %(count)d 天节假日安排。",
    "The official days of %(year)s are taken out.": "已移除 %(year)s 年的节假日安排。",
    "No official days of %(year)s are loaded.": "没有加载 %(year)s 年的节假日安排。",
    "The official days of %(year)s are not known yet: the built-in data ends with %(last)s."
    " Load them from a file.": (
        "尚无 %(year)s 年的节假日安排：内置数据截至 %(last)s 年。请用文件加载。"
    ),
    "The days to load do not all lie in %(year)s.": "要加载的日期并非都在 %(year)s 年内。",
    "A calendar that is always open has no holidays.": "全天候开放的日历没有节假日。",
    "A calendar that is always open has no exceptions.": "全天候开放的日历没有例外日。",
    "Line %(line)s, %(column)s: %(reason)s.": "第 %(line)s 行，%(column)s 列：%(reason)s。",
    "the column is missing": "缺少该列",
    "the date comes twice": "日期重复",
    "the line is no CSV": "该行不是 CSV 格式",
    "the file holds no days": "文件中没有日期",
    "“%(text)s” is no date like 2027-01-01": "“%(text)s”不是 2027-01-01 这样的日期",
    "the year is out of range": "年份超出范围",
    "the kind is neither holiday nor makeup_workday": "类型既不是 holiday 也不是 makeup_workday",
    "a name in at least one language is needed": "至少需要一种语言的名称",
    "the name is too long or holds control characters": "名称过长或含有控制字符",
    # the form
    "The hours below are on the wall clock of this zone.": "下面的时间为该时区的当地时间。",
    "Every second counts, also on holidays; the hours below are not used.": (
        "每一秒都计入，节假日也不例外；下面的时间不再使用。"
    ),
    "Promised times run in these hours. Leave a day empty when it is closed; a shift over"
    " midnight is written 22:00–06:00 on the day it begins.": (
        "承诺的时限在这些时间内计时。休息的日子留空；跨午夜的班次写在开始的那一天，例如 22:00–06:00。"
    ),
    "Availability is measured in these hours. Leave all of them empty when they are the support"
    " hours.": "可用性按这些时间衡量。与支持时间相同时请全部留空。",
    "Short, in capital letters, for example CN-OFFICE. It cannot be changed later.": (
        "简短的大写代码，例如 CN-OFFICE，以后不能更改。"
    ),
    "Days of our own": "本单位自定的日期",
    "They rule over the official days. Save to get more empty rows.": (
        "与法定安排不一致时以此为准。保存后会出现新的空行。"
    ),
    "Another day": "另一天",
    "Take this day out": "移除这一天",
    "of a make-up working day": "用于调休上班日",
    "of special hours, for example 10:00–15:00": "用于特殊工作时间，例如 10:00–15:00",
    "The calendar is saved.": "日历已保存。",
    # what can be wrong
    "Give a name in at least one language.": "请至少填写一种语言的名称。",
    "Give at least one time at which the calendar is open.": "请至少填写一段工作时间。",
    "Give hours, or make the day a holiday.": "请填写时间，或将这一天设为节假日。",
    "Give the offset from UTC, for example 2026-10-09T16:00:00+08:00.": (
        "请写明与 UTC 的偏移，例如 2026-10-09T16:00:00+08:00。"
    ),
    "Use capital letters, digits, hyphens and underscores.": "请使用大写字母、数字、连字符和下划线。",
    "There is a calendar with the code %(code)s already.": "已有代码为 %(code)s 的日历。",
    "There is a calendar with this code already.": "已有使用此代码的日历。",
    "There is no such time zone.": "没有这个时区。",
    "Write hours like 09:00–12:00.": "请按 09:00–12:00 的格式填写时间。",
    "“%(part)s” are no hours. Write them like %(example)s.": (
        "“%(part)s”不是时间段。请按 %(example)s 的格式填写。"
    ),
    "“%(part)s” has no length. For a whole day write 00:00–24:00.": (
        "“%(part)s”没有时长。全天请写 00:00–24:00。"
    ),
    "A window must end after its start.": "时间段的结束必须晚于开始。",
    "The hours overlap.": "时间段有重叠。",
    "These hours overlap.": "这些时间段有重叠。",
    "These hours overlap with the shift that comes over midnight.": (
        "这些时间段与前一天跨午夜的班次重叠。"
    ),
    "%(day)s: %(first)s and %(second)s overlap.": "%(day)s：%(first)s 与 %(second)s 重叠。",
    "End at 24:00 and give the next day its own special hours.": (
        "请到 24:00 为止，并为次日另设特殊工作时间。"
    ),
    "A make-up day is worked like one weekday.": "请说明调休上班日按星期几上班。",
    "Special hours say their hours.": "特殊工作时间需要写明时间。",
    "%(date)s comes twice.": "%(date)s 重复。",
    "This date is given above already.": "上面已有这个日期。",
    "The file is larger than 1 MB.": "文件超过 1 MB。",
    "The file is not text in UTF-8.": "文件不是 UTF-8 文本。",
    "The end lies before the start.": "结束早于开始。",
    "Ask for ten years at most.": "最多可查询十年。",
    "Ask about the years %(first)s to %(last)s.": "请查询 %(first)s 年至 %(last)s 年。",
    "This calendar is not open for so long within ten years of the start.": (
        "从开始起的十年内，该日历没有这么长的工作时间。"
    ),
}
