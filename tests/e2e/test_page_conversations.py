"""Writing and finding one's way: suggestions, drafts, direct messages, what is unread, empty places."""

import re

import pytest
from playwright.sync_api import Page, expect

from sandbox.client import Person
from sandbox.server import Sandbox
from tests.e2e.page_acts import ADA, BEN, LIN, Visit, box_of, elements, last_message, say
from tests.e2e.tiny_app import TinyApp

pytestmark = pytest.mark.browser


# Suggestions


@pytest.mark.parametrize(
    ("typed", "listed", "choice", "result"),
    [
        ("Ask @li", "People", "林晓", "Ask @lin "),
        ("Ask @account", "People", "Ben Fischer", "Ask @ben "),
        ("See #gen", "Channels", "#general", "See #general "),
        ("Well done :tada", "Emoji", ":tada:", "Well done :tada: "),
    ],
)
def test_what_fits_is_offered_while_one_types(
    typed: str, listed: str, choice: str, result: str, channel: str, visit: Visit
) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")

    box_of(page).press_sequentially(typed)
    expect(page.get_by_role("listbox", name=listed)).to_contain_text(choice)
    page.keyboard.press("Enter")

    expect(box_of(page)).to_have_value(result)
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(page.get_by_test_id("message")).to_have_count(0)


def test_a_mention_within_a_text_is_completed_in_its_place(channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    box_of(page).fill("Ask  about it")

    box_of(page).press("Home")
    for _ in "Ask ":
        box_of(page).press("ArrowRight")
    box_of(page).press_sequentially("@be")
    page.keyboard.press("Tab")

    expect(box_of(page)).to_have_value("Ask @ben  about it")


def test_escape_puts_suggestions_away_and_enter_sends(channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")

    box_of(page).press_sequentially("@be")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")

    expect(last_message(page)).to_contain_text("@be")


def test_buttons_begin_what_a_sign_begins(channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")

    page.get_by_role("button", name="Insert a command").click()
    expect(page.get_by_role("listbox", name="Commands")).to_be_visible()
    box_of(page).fill("Thanks")
    page.get_by_role("button", name="Mention somebody").click()

    expect(box_of(page)).to_have_value("Thanks @")
    expect(page.get_by_role("listbox", name="People")).to_be_visible()


def test_commands_are_not_offered_in_threads(channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    say(page, "A question")
    last_message(page).hover()
    last_message(page).get_by_role("button", name="Reply").click()
    reply = page.get_by_test_id("thread").get_by_role("textbox", name="Reply")

    reply.press_sequentially("/ele")
    expect(page.get_by_role("listbox")).to_have_count(0)
    reply.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("/ele is not supported in threads")


# Drafts


def test_a_draft_waits_where_it_was_begun(channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    box_of(page).fill("Half a thou")

    page.get_by_test_id("conversation-C0GENERAL").click()
    expect(box_of(page)).to_have_value("")
    expect(page.get_by_test_id(f"conversation-{channel}")).to_contain_text("draft")
    page.get_by_test_id(f"conversation-{channel}").click()
    expect(box_of(page)).to_have_value("Half a thou")
    page.reload()

    expect(box_of(page)).to_have_value("Half a thou")


def test_a_sent_message_leaves_no_draft(channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")

    say(page, "Done")
    expect(last_message(page)).to_contain_text("Done")
    page.reload()

    expect(box_of(page)).to_have_value("")


# Direct messages, channels and who is in them


def test_one_writes_to_somebody_for_the_first_time(visit: Visit) -> None:
    ada, ben = visit(f"/?user={ADA}"), visit(f"/?user={BEN}")

    ada.keyboard.press("Control+k")
    ada.get_by_role("combobox", name="Find a conversation or a person").fill("fischer")
    expect(ada.get_by_role("option")).to_have_count(1)
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("heading", name="Ben Fischer", exact=True)).to_be_visible()
    say(ada, "Coffee?")
    ben.get_by_test_id("sidebar").get_by_role("link", name="Ada Okafor").click()

    expect(last_message(ben)).to_contain_text("Coffee?")


def test_several_people_make_a_group(sandbox: Sandbox, visit: Visit) -> None:
    ada, lin = visit(f"/?user={ADA}"), visit(f"/?user={LIN}")

    ada.get_by_role("button", name="New message").click()
    dialog = ada.get_by_role("dialog", name="New message")
    dialog.get_by_role("combobox", name="To").fill("ben")
    dialog.get_by_role("option", name="Ben Fischer").click()
    dialog.get_by_role("combobox", name="To").fill("林")
    dialog.get_by_role("option", name="林晓").click()
    dialog.get_by_role("button", name="Start").click()
    expect(ada.get_by_test_id("header")).to_contain_text("Ben Fischer, 林晓")
    say(ada, "All three")

    link = lin.get_by_test_id("sidebar").get_by_role("link", name="Ada Okafor, Ben Fischer")
    link.click()
    expect(last_message(lin)).to_contain_text("All three")


def test_a_new_channel_is_private_if_one_says_so(visit: Visit) -> None:
    ada, ben = visit(f"/?user={ADA}"), visit(f"/?user={BEN}")

    ada.get_by_role("button", name="New channel").click()
    dialog = ada.get_by_role("dialog", name="New channel")
    dialog.get_by_role("textbox", name="Name").fill("Not Allowed")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_role("alert").first).to_contain_text("small letters")
    dialog.get_by_role("textbox", name="Name").fill("plans-2027")
    dialog.get_by_role("checkbox", name="Private").check()
    dialog.get_by_role("button", name="Create").click()

    expect(ada.get_by_test_id("header")).to_contain_text("plans-2027")
    expect(ada.get_by_test_id("header")).to_contain_text("private")
    expect(ben.get_by_test_id("sidebar")).not_to_contain_text("plans-2027")


def test_one_joins_a_channel_before_writing_in_it(sandbox: Sandbox, visit: Visit) -> None:
    room = sandbox.slack.workspace.add_conversation("channel", [ADA], name="join-me")
    page = visit(f"/?user={LIN}&channel={room.id}")
    expect(page.get_by_test_id("composer")).to_have_count(0)

    page.get_by_role("button", name="加入").click()
    say(page, "我来了")

    expect(last_message(page)).to_contain_text("我来了")


def test_an_archived_channel_takes_no_messages(sandbox: Sandbox, visit: Visit) -> None:
    room = sandbox.slack.workspace.add_conversation("channel", [ADA], name="old-times")
    room.archived = True

    page = visit(f"/?user={ADA}&channel={room.id}")

    expect(page.get_by_test_id("conversation")).to_contain_text("This channel is archived")
    expect(page.get_by_test_id("composer")).to_have_count(0)


def test_a_shared_channel_is_marked(sandbox: Sandbox, visit: Visit) -> None:
    room = sandbox.slack.workspace.add_conversation("channel", [ADA], name="with-partners")
    room.shared = True

    page = visit(f"/?user={ADA}&channel={room.id}")

    expect(page.get_by_test_id(f"conversation-{room.id}")).to_contain_text("shared")
    expect(page.get_by_test_id("header")).to_contain_text("shared with another company")


def test_the_app_is_added_where_it_is_missing(sandbox: Sandbox, visit: Visit) -> None:
    room = sandbox.slack.workspace.add_conversation("channel", [ADA], name="no-app-yet")
    page = visit(f"/?user={ADA}&channel={room.id}")

    page.get_by_role("button", name="Add Tiny").click()
    expect(page.get_by_role("button", name="Add Tiny")).to_have_count(0)
    page.get_by_test_id("open-details").click()

    expect(page.get_by_role("dialog", name="About no-app-yet")).to_contain_text("2 members")
    assert sandbox.slack.workspace.app.bot_user_id in room.members


# What is unread, what is new


def test_what_is_unread_stays_so_until_it_is_read(sandbox: Sandbox, channel: str, visit: Visit) -> None:
    ben = Person(sandbox.url, BEN)
    ben.say("One", channel)
    ben.say("Two", channel)
    ada = visit(f"/?user={ADA}&channel=C0GENERAL")
    link = ada.get_by_test_id(f"conversation-{channel}")
    expect(link.get_by_label("2 unread")).to_be_visible()
    ada.reload()
    expect(link.get_by_label("2 unread")).to_be_visible()
    expect(ada).to_have_title(re.compile(r"^\("))

    link.click()
    expect(ada.get_by_test_id("messages")).to_contain_text("New")
    ada.get_by_test_id("conversation-C0GENERAL").click()
    ada.reload()

    expect(link).to_be_visible()
    expect(link.get_by_label("unread")).to_have_count(0)


def test_what_is_read_in_one_window_is_read_in_the_other(
    sandbox: Sandbox, channel: str, visit: Visit
) -> None:
    here, there = visit(f"/?user={ADA}&channel=C0GENERAL"), visit(f"/?user={ADA}&channel=C0GENERAL")
    Person(sandbox.url, BEN).say("One", channel)
    mark = there.get_by_test_id(f"conversation-{channel}").get_by_label("1 unread")
    expect(mark).to_be_visible()

    here.get_by_test_id(f"conversation-{channel}").click()

    expect(mark).to_have_count(0)


def scroll_up(page: Page) -> None:
    page.get_by_test_id("messages").evaluate("list => list.scrollTo(0, 0)")


def test_one_who_reads_the_past_is_told_of_what_is_new(sandbox: Sandbox, channel: str, visit: Visit) -> None:
    ben = Person(sandbox.url, BEN)
    for number in range(40):
        ben.say(f"Message {number}\nof two lines", channel)
    page = visit(f"/?user={ADA}&channel={channel}")
    expect(last_message(page)).to_be_in_viewport()

    scroll_up(page)
    expect(page.get_by_role("button", name="Jump to newest")).to_be_visible()
    ben.say("The newest", channel)
    page.get_by_role("button", name="1 new message").click()

    expect(last_message(page)).to_contain_text("The newest")
    expect(last_message(page)).to_be_in_viewport()
    expect(page.get_by_test_id("newest")).to_have_count(0)


@pytest.mark.parametrize(
    "text",
    ["10:30:00", "chat:write,im:read", "# 1", "from $5 to $6", "a | b", ":none:", "2*3*4", "`a < b`"],
)
def test_what_slack_gives_no_meaning_is_shown_as_it_was_typed(text: str, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")

    say(page, text)

    expect(last_message(page)).to_contain_text(text.strip("`"))


def test_plain_text_has_no_formatting_and_a_mention_goes_by_its_id(
    app: TinyApp, channel: str, visit: Visit
) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    header = {"type": "header", "text": {"type": "plain_text", "text": "*Now* :tada:"}}
    mention = {"type": "section", "text": {"type": "mrkdwn", "text": f"<@{BEN}|benny> *came*"}}

    app.client.chat_postMessage(channel=channel, text="Now", blocks=[header, mention])

    expect(last_message(page)).to_contain_text("*Now* 🎉")
    expect(last_message(page)).to_contain_text("@Ben Fischer came")


def test_a_private_answer_is_put_away(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")

    elements(page).get_by_role("button", name="Dismiss").click()
    expect(page.get_by_test_id("message")).to_have_count(0)
    page.reload()

    expect(page.get_by_test_id("beginning")).to_be_visible()
    expect(page.get_by_test_id("message")).to_have_count(0)


# What one may do with a message


def more(page: Page, what: str) -> None:
    last_message(page).hover()
    last_message(page).get_by_role("combobox", name="More about this message").click()
    page.get_by_role("option", name=what).click()


def test_one_changes_what_one_said(channel: str, visit: Visit) -> None:
    ada, ben = visit(f"/?user={ADA}&channel={channel}"), visit(f"/?user={BEN}&channel={channel}")
    say(ada, "@lin: 5 < 6 & more")
    expect(last_message(ben)).to_contain_text("@林晓")

    more(ada, "Edit")
    field = ada.get_by_role("textbox", name="Edit")
    expect(field).to_be_focused()
    expect(field).to_have_value("@lin: 5 < 6 & more")
    field.fill("@lin: 6 > 5")
    field.press("Enter")

    expect(last_message(ben)).to_contain_text("@林晓: 6 > 5")
    expect(last_message(ben)).to_contain_text("(edited)")


def test_escape_leaves_a_message_as_it_was(channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    say(page, "As it was")

    more(page, "Edit")
    page.get_by_role("textbox", name="Edit").fill("Otherwise")
    page.keyboard.press("Escape")

    expect(last_message(page)).to_contain_text("As it was")
    expect(page.get_by_role("textbox", name="Edit")).to_have_count(0)


def test_one_deletes_what_one_said_after_a_question(channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    say(page, "Wrong place")

    more(page, "Delete")
    page.get_by_role("dialog", name="Delete this message?").get_by_role("button", name="Delete").click()

    expect(page.get_by_test_id("message")).to_have_count(0)


def test_what_others_said_cannot_be_changed(channel: str, visit: Visit) -> None:
    ada, ben = visit(f"/?user={ADA}&channel={channel}"), visit(f"/?user={BEN}&channel={channel}")
    say(ada, "Mine")

    last_message(ben).hover()
    last_message(ben).get_by_role("combobox", name="More about this message").click()

    expect(ben.get_by_role("option", name="Copy link")).to_be_visible()
    expect(ben.get_by_role("option", name="Edit")).to_have_count(0)


def test_people_react_to_a_message(channel: str, visit: Visit) -> None:
    ada, ben = visit(f"/?user={ADA}&channel={channel}"), visit(f"/?user={BEN}&channel={channel}")
    say(ada, "We won")

    last_message(ben).hover()
    last_message(ben).get_by_role("button", name="React").click()
    ben.get_by_role("textbox", name="Find an emoji").fill("tada")
    ben.keyboard.press("Enter")
    mark = last_message(ada).get_by_role("button", name="tada, 1 person")
    mark.click()

    expect(last_message(ben).get_by_role("button", name="tada, 2 people")).to_be_visible()
    last_message(ben).get_by_role("button", name="tada, 2 people").click()
    expect(mark).to_have_attribute("aria-pressed", "true")


def test_a_message_is_handed_to_the_app(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    say(page, "Worth keeping")

    more(page, "Keep this")

    heard = app.next_heard()
    assert (heard["type"], heard["callback_id"]) == ("message_action", "keep")
    assert heard["message"]["text"] == "Worth keeping"


def test_the_app_is_called_from_anywhere(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")

    page.get_by_role("combobox", name="Shortcuts").click()
    page.get_by_role("option", name="Start a form").click()

    heard = app.next_heard()
    assert (heard["type"], heard["callback_id"]) == ("shortcut", "start")


def test_who_comes_and_goes_is_told_in_the_channel(sandbox: Sandbox, visit: Visit) -> None:
    room = sandbox.slack.workspace.add_conversation("channel", [ADA], name="come-and-go")
    page = visit(f"/?user={ADA}&channel={room.id}")
    ben = Person(sandbox.url, BEN)

    ben.add_members(room.id, BEN)
    expect(page.get_by_test_id("happened")).to_contain_text("@Ben Fischer has joined the channel")
    page.get_by_test_id("open-details").click()
    page.get_by_role("textbox", name="Set the topic").fill("Comings and goings")
    page.get_by_role("button", name="Save").click()
    page.keyboard.press("Escape")

    expect(page.get_by_test_id("header")).to_contain_text("Comings and goings")
    expect(page.get_by_test_id("happened").last).to_contain_text("set the channel topic")


# Where nothing is yet


def test_an_empty_channel_says_what_to_do_first(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")

    page.get_by_test_id("beginning").get_by_role("button", name="/elements").click()
    expect(box_of(page)).to_be_focused()
    expect(box_of(page)).to_have_value("/elements ")
    page.keyboard.press("Enter")

    expect(last_message(page)).to_contain_text("Everything to press")


def test_days_are_named_as_one_speaks_of_them(channel: str, visit: Visit) -> None:
    ada, lin = visit(f"/?user={ADA}&channel={channel}"), visit(f"/?user={LIN}&channel={channel}")

    say(ada, "Hello")

    expect(ada.get_by_test_id("messages")).to_contain_text("Today")
    expect(lin.get_by_test_id("messages")).to_contain_text("今天")


def test_a_reader_of_chinese_has_a_chinese_page(channel: str, visit: Visit) -> None:
    page = visit(f"/?user={LIN}&channel={channel}")

    expect(page.get_by_test_id("sidebar")).to_contain_text("频道")
    expect(page.get_by_role("textbox", name="发消息到")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_a_reader_of_chinese_is_refused_in_chinese(channel: str, visit: Visit) -> None:
    page = visit(f"/?user={LIN}&channel={channel}")

    say(page, "/elemnts")

    expect(page.get_by_role("alert")).to_contain_text("/elemnts 不是有效的命令：请输入")
