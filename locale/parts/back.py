"""Chinese of the job that removes files without a row, the person's tickets and the settings' readers."""

MESSAGES = {
    "Tickets of %(name)s": "%(name)s 的工单",
    "Resolved and closed": "已解决和已关闭",
    "No ticket of this person that you may see.": "没有您可以查看的此人的工单。",
    "Nothing has been reported yet.": "还没有报告过任何问题。",
    "%(found)d of %(all)d files have no row. Is this the desk's own folder and database?": "%(all)d 个文件中有 %(found)d 个没有对应的数据库记录。这确实是本服务台自己的文件夹和数据库吗？",
}
