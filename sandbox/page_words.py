"""What the page is told in Chinese: the refusals of its server, by the English sentences that are raised.

Sentences are raised filled in, so each is read back by its form; one that is not here stays English, and a
test finds it.
"""

import re
from functools import cache

CHINESE = {
    "Only the sandbox's own page may do this.": "只有沙盒自己的页面才能执行此操作。",
    "There is no person {user} in the workspace.": "工作区中没有 {user} 此人。",
    "The account of {name} is deactivated.": "{name} 的账号已停用。",
    "{name} sees no conversation {channel}.": "{name} 看不到对话 {channel}。",
    "Name people in a list.": "请用列表给出人员。",
    "The workspace has no user {users}.": "工作区中没有用户 {users}。",
    "The request must be JSON.": "请求必须是 JSON。",
    "The request must be a JSON object.": "请求必须是 JSON 对象。",
    "{name} must be a text.": "{name} 必须是文本。",
    "{name} must be an object.": "{name} 必须是对象。",
    'state must be {"values": {...}}.': 'state 必须是 {"values": {...}}。',
    "after must be a number, not {after}.": "after 必须是数字，而不是 {after}。",
    "reason is warning, refresh_requested, link_disabled, or left out.": (
        "reason 只能是 warning、refresh_requested、link_disabled，或者省略。"
    ),
    "{name} is not installed.": "{name} 尚未安装。",
    "tab is home or messages.": "tab 只能是 home 或 messages。",
    "This modal is no longer open.": "此弹窗已经关闭。",
    "There is no method {methods} here; chat.postMessage is one.": (
        "这里没有方法 {methods}；例如 chat.postMessage。"
    ),
    "This message is not there any more.": "此消息已不存在。",
    "Only a message that is visible to you alone can be dismissed.": "只能忽略仅您可见的消息。",
    "Name somebody else to write to.": "请选择另一个人作为收信人。",
    "Nobody can be added to a direct message.": "私信中不能添加其他人。",
    "Nobody leaves a direct message.": "私信无法退出。",
    "The file needs a name.": "文件需要有名称。",
    "{name} is empty.": "{name} 是空的。",
    "Type a message first, or delete this one.": "请先输入内容，或删除此消息。",
    "{name} is not in this conversation.": "{name} 不在此对话中。",
    "{name} is not the name of an emoji; write one such as thumbsup.": (
        "{name} 不是表情的名称；请输入如 thumbsup 这样的名称。"
    ),
    "Only one's own messages can be changed.": "只能修改自己的消息。",
    "There is no fault switch {name}; there are {known}.": "没有名为 {name} 的故障开关；可用的有 {known}。",
    "The fault switch {name} is a share between 0 and 1, not {value}.": (
        "故障开关 {name} 须在 0 到 1 之间，而不是 {value}。"
    ),
    "The fault switch {name} is a number from 0 up, not {value}.": (
        "故障开关 {name} 须为不小于 0 的数，而不是 {value}。"
    ),
    "The fault switch {name} is true or false, not {value}.": (
        "故障开关 {name} 只能是 true 或 false，而不是 {value}。"
    ),
    "The fault switch {name} is an object of methods and whole numbers from 1 up, not {value}.": (
        "故障开关 {name} 须为方法及不小于 1 的整数组成的对象，而不是 {value}。"
    ),
    "The fault switch {name} is a list of methods, or null, not {value}.": (
        "故障开关 {name} 须为方法的列表或 null，而不是 {value}。"
    ),
    "The fault switch {name} is a whole number from 0 up, not {value}.": (
        "故障开关 {name} 须为不小于 0 的整数，而不是 {value}。"
    ),
    "There is a person with the id {user} already; take another one.": (
        "已有编号为 {user} 的人；请换一个编号。"
    ),
    "Give a name and a real_name.": "请填写 name 和 real_name。",
    "A person has no {name} to set; there are {known}.": "人员没有可设置的 {name}；可设置的有 {known}。",
    "{name} must be {expected}, not {value}.": "{name} 必须是 {expected}，而不是 {value}。",
    "{zone} is not a time zone; write one such as Europe/Berlin.": (
        "{zone} 不是时区；请输入如 Europe/Berlin 这样的时区。"
    ),
    "{name} is archived already.": "{name} 已经归档。",
    "Nobody of another workspace can come into {name}: it is not shared with theirs.": (
        "其他工作区的人不能加入 {name}：该频道没有与他们的工作区共享。"
    ),
    "{name} is too long for a channel; take 80 characters at most.": "频道名 {name} 太长；最多 80 个字符。",
    "{name} is no name for a channel; use letters or figures.": "{name} 不能作频道名；请使用字母或数字。",
    "Give the channel a name.": "请为频道命名。",
    "{name} is no name for a channel; use small letters, figures, - and _.": (
        "{name} 不能作频道名；请使用小写字母、数字、- 和 _。"
    ),
    "{name} is archived.": "{name} 已归档。",
    "There is a channel named {name} already; take another name.": "已有名为 {name} 的频道；请换一个名称。",
    "{name} is not archived.": "{name} 没有归档。",
    "That person is not in {name}.": "此人不在 {name} 中。",
    "A choice of several must be a list.": "多选的值必须是列表。",
    "This file is not there any more; choose it again.": "此文件已不存在；请重新选择。",
    "This choice is not among the options any more; reload the page.": "此选项已不存在；请重新加载页面。",
    "We had some trouble connecting. Try again? ({problem})": "连接时出了问题。要重试吗？（{problem}）",
    "There is no element {element} in block {block} any more; reload the page.": (
        "区块 {block} 中已没有元素 {element}；请重新加载页面。"
    ),
    "The app does not ask to hear of this input before the form is sent.": (
        "应用不接收此输入项在提交表单之前的变化。"
    ),
    "Type a message first.": "请先输入消息。",
    "Sending messages to this app has been turned off.": "此应用已关闭接收消息。",
    "This thread is not there any more.": "这条消息已不存在。",
    "{name} is not a valid command: type one of {known}.": "{name} 不是有效的命令：请输入 {known} 之一。",
    "{name} is not a valid command: this app has none.": "{name} 不是有效的命令：此应用没有命令。",
    "{name} is there for people of {team} alone.": "{name} 只供 {team} 的成员使用。",
    "{name} is not installed in this workspace.": "{name} 未安装在此工作区中。",
    "This app is not configured to handle interactive responses.": "此应用没有配置为处理交互操作。",
    "No options: the app's answer is not what Slack takes: {problem}": (
        "没有选项：应用的应答不符合 Slack 的要求：{problem}"
    ),
    "No options: the app failed with {problem}": "没有选项：应用出错：{problem}",
    '{name} failed with the error "invalid_command_response": {problem}': (
        "{name} 失败，错误为“invalid_command_response”：{problem}"
    ),
    "The click failed with the error {problem}": "点击失败，错误为 {problem}",
    "{name} failed with the error {problem}": "{name} 失败，错误为 {problem}",
    "This message is not there any more; reload the page.": "此消息已不存在；请重新加载页面。",
    "The app has no {kind} shortcut {name}.": "应用没有 {kind} 类快捷方式 {name}。",
    "That is too long; take 250 characters at most.": "内容太长；最多 250 个字符。",
}
PLACE = re.compile(r"\{([a-z]+)\}")


def in_language(sentence: str, accepted: str) -> str:
    """A refusal in the language that the page asks for (Accept-Language), as far as it is known here."""
    if not accepted.lower().startswith("zh"):
        return sentence
    for form, chinese in _forms():
        if found := form.fullmatch(sentence):
            return PLACE.sub(lambda place: found[place[1]], chinese)
    return sentence


@cache
def _forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Those with most words of their own first: `{name} is archived already.` is no `{name} is archived.`"""
    by_words = sorted(CHINESE, key=lambda english: -len(PLACE.sub("", english)))
    return tuple((form_of(english), CHINESE[english]) for english in by_words)


def form_of(english: str) -> re.Pattern[str]:
    parts = PLACE.split(english)
    return re.compile(
        "".join(f"(?P<{part}>.+)" if at % 2 else re.escape(part) for at, part in enumerate(parts)), re.DOTALL
    )
