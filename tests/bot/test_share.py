"""*Share* and *Withdraw*: only the owner, only where and as much as chosen, and taken back for good."""

from typing import Any

import pytest
import sqlalchemy as sa

from bot.blocks import actions
from bot.blocks.actions import CardRef
from bot.blocks.share import shared_card
from domain.audit import AuditEntry
from domain.jobs import Job
from domain.outbox import UPDATE_JOB, Post, PostState
from domain.people.model import Company
from domain.people.service import person_by_employee_id
from domain.periods import Period
from domain.scoring.model import Card
from domain.scoring.sharing import SHARE_POST, CardShare
from domain.services import Services
from tests.bot.builders import CHINESE, ENGLISH, JULY, JUNE
from tests.bot.calling import Caller, button, slack_id, texts
from tests.bot.contracts import OutgoingContracts
from tests.bot.fake_slack import FakeSlack

GENERAL = {"name": "general", "is_private": False, "is_member": True}


@pytest.fixture(autouse=True)
def channels(slack: FakeSlack) -> None:
    slack.channels |= {
        "C1": GENERAL,
        "C2": GENERAL | {"is_member": False},
        "C3": GENERAL | {"is_ext_shared": True},
        "C4": GENERAL | {"is_archived": True},
        "C5": GENERAL | {"name": "west", "is_private": True},
    }


def shown(window: dict[str, Any] | None) -> str:
    return "\n".join(texts(window))


def card_of(services: Services, employee_id: str, period: Period = JUNE) -> CardRef:
    with services.database.reading() as session:
        return CardRef(person_by_employee_id(session, employee_id).id, period)


def the_form(caller: Caller, services: Services, who: str = "E3", of: str | None = None) -> dict[str, Any]:
    card = card_of(services, of or who)
    window = caller.press(who, {"action_id": actions.SHARE, "value": str(card)})
    assert window is not None
    return window


def previewed(caller: Caller, services: Services, who: str = "E3", **fields: Any) -> dict[str, Any]:
    told = caller.submit(who, the_form(caller, services, who), **{"channel": "C1", **fields})
    assert told["response_action"] == "push", told
    return {"id": "V7", **told["view"]}


def posts(services: Services) -> list[Post]:
    with services.database.reading() as session:
        return list(session.scalars(sa.select(Post).where(Post.kind == SHARE_POST).order_by(Post.id)))


def audited(services: Services) -> list[tuple[str, str, dict[str, Any]]]:
    with services.database.reading() as session:
        entries = session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action.startswith("card.")).order_by(AuditEntry.seq)
        )
        return [(entry.actor, entry.action, entry.detail) for entry in entries]


def shared_one(caller: Caller, services: Services, **fields: Any) -> Post:
    caller.submit("E3", previewed(caller, services, **fields))
    return posts(services)[-1]


def test_every_card_of_ones_own_has_the_button_and_sharing_begins_with_nothing_chosen_but_score_and_tier(
    caller: Caller, services: Services
):
    answer = caller.command("E3", "/myscore", "june")
    form = caller.press("E3", button(answer, actions.SHARE))
    fields = {block["block_id"]: block["element"] for block in form["blocks"] if block["type"] == "input"}
    assert fields["channel"]["default_to_current_conversation"] is False
    assert fields["channel"]["filter"] == {
        "include": ["public", "private"],
        "exclude_external_shared_channels": True,
        "exclude_bot_users": True,
    }
    assert "initial_conversation" not in fields["channel"]
    assert [one["value"] for one in fields["parts"]["options"]] == ["score", "lines", "places"]
    assert [one["value"] for one in fields["parts"]["initial_options"]] == ["score"]


def test_a_manager_who_opens_a_card_is_offered_no_way_to_share_it(caller: Caller, services: Services):
    window = caller.press("M1", {"action_id": actions.OPEN_CARD, "value": str(card_of(services, "E3"))})
    offered = [
        one["action_id"]
        for block in window["blocks"]
        if block["type"] == "actions"
        for one in block["elements"]
    ]
    assert actions.WHAT_IF in offered
    assert actions.SHARE not in offered


def test_places_can_be_shared_only_where_the_owner_sees_them(caller: Caller, services: Services):
    with services.database.writing() as session:
        session.execute(sa.text("DELETE FROM card_ranks"))
    form = the_form(caller, services)
    (parts,) = [block["element"] for block in form["blocks"] if block.get("block_id") == "parts"]
    assert [one["value"] for one in parts["options"]] == ["score", "lines"]
    told = caller.submit("E3", form, channel="C1", parts=["places"])
    assert "Place" not in shown(told["view"])


def test_a_preview_shows_the_message_and_sends_nothing(caller: Caller, services: Services):
    view = previewed(caller, services, parts=["score", "lines", "places"])
    assert "This is what is posted, in your name. It goes to #general." in shown(view)
    assert "*Name of E3, June 2026*\nScore 80, tier B" in shown(view)
    assert "*sales* 90% of target · adds 48 to the score" in shown(view)
    assert "Place 3 of 6 in East\nPlace 4 of 8 in Acme" in shown(view)
    assert "Shared by <@U0E3>, of their own choice." in shown(view)
    assert "900" not in shown(view)
    assert posts(services) == []


def test_what_was_previewed_is_posted_once_and_noted(caller: Caller, services: Services):
    view = previewed(caller, services)
    told = caller.submit("E3", view)
    assert told["response_action"] == "update"
    assert told["view"]["clear_on_close"] is True
    assert "Your card is on its way to #general." in shown(told["view"])
    (post,) = posts(services)
    assert (post.channel, post.person_id, post.state) == ("C1", None, PostState.QUEUED)
    with services.database.reading() as session:
        (share,) = session.scalars(sa.select(CardShare)).all()
    assert (share.period, share.parts, share.post_id) == ("2026-06", ["score"], post.id)
    assert audited(services) == [
        ("E3", "card.share", {"share": share.id, "parts": ["score"], "channel": "C1", "reader": None})
    ]


def test_the_same_confirmation_sent_again_posts_nothing_more(caller: Caller, services: Services):
    view = previewed(caller, services)
    confirmation = caller.submit_body("E3", view)
    assert caller.submit_again(confirmation) == caller.submit_again(confirmation)
    caller.submit("E3", view)  # a double click: another request from the same window
    assert len(posts(services)) == 1
    caller.submit("E3", previewed(caller, services) | {"id": "V8"})  # another day, another window
    assert len(posts(services)) == 2


def test_a_card_that_changed_after_the_preview_is_shown_again(caller: Caller, services: Services):
    view = previewed(caller, services)
    with services.database.writing() as session:
        session.execute(
            sa.update(Card).where(Card.person_id == card_of(services, "E3").person_id).values(tier="A")
        )
    told = caller.submit("E3", view)
    assert "Your card has changed meanwhile: please look again." in shown(told["view"])
    assert "Score 80, tier A" in shown(told["view"])
    assert posts(services) == []
    caller.submit("E3", {"id": "V7", **told["view"]})
    assert posts(services)[0].facts["tier"] == "A"


def test_a_colleague_gets_it_as_a_direct_message(caller: Caller, services: Services):
    view = previewed(caller, services, channel=None, colleague=slack_id("W1"))
    assert "It goes to Name of W1." in shown(view)
    assert "得分 80，等级 B" in shown(view)  # as the colleague will read it
    caller.submit("E3", view)
    (post,) = posts(services)
    assert (post.channel, post.person_id) == (None, card_of(services, "W1").person_id)


def test_a_silent_slack_makes_no_stranger_of_a_colleague(
    caller: Caller, slack: FakeSlack, services: Services
):
    form = the_form(caller, services)  # after which the owner is known
    slack.errors["users.info"] = "internal_error"
    told = caller.submit("E3", form, channel=None, colleague=slack_id("W1"))
    assert told["response_action"] == "push"
    assert "Slack did not answer me in time." in shown(told["view"])


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"channel": None}, "channel", "Choose where to share it."),
        ({"channel": "C1", "colleague": "U0E1"}, "colleague", "Choose a channel or a colleague, not both."),
        ({"parts": []}, "parts", "Choose what to show."),
        ({"parts": ["salary"]}, "parts", "Choose what to show."),
        ({"channel": "C2"}, "channel", "I am not in that channel. Invite me there"),
        ({"channel": "C4"}, "channel", "I am not in that channel."),
        ({"channel": "C99"}, "channel", "I am not in that channel."),
        ({"channel": "C3"}, "channel", "People of another company read that channel: nothing about persons"),
        ({"channel": None, "colleague": "U0E3"}, "colleague", "That is you: choose a colleague."),
        (
            {"channel": None, "colleague": "UGUEST"},
            "colleague",
            "I can write to colleagues in our records only",
        ),
        (
            {"channel": None, "colleague": "UBOT"},
            "colleague",
            "I can write to colleagues in our records only",
        ),
    ],
)
def test_where_or_what_cannot_be_is_said_below_its_field(
    caller: Caller, services: Services, slack: FakeSlack, fields, field, sentence
):
    slack.add_user("UGUEST", "guest@elsewhere.com", is_stranger=True)
    slack.add_user("UBOT", "e1@example.com", is_bot=True)
    told = caller.submit("E3", the_form(caller, services), **{"channel": "C1", **fields})
    assert told["response_action"] == "errors"
    assert list(told["errors"]) == [field]
    assert told["errors"][field].startswith(sentence)


def test_a_channel_is_looked_at_again_before_anything_is_sent(
    caller: Caller, services: Services, slack: FakeSlack
):
    view = previewed(caller, services)
    slack.channels["C1"] = GENERAL | {"is_ext_shared": True}
    told = caller.submit("E3", view)
    assert "People of another company read that channel" in shown(told["view"])
    assert posts(services) == []


@pytest.mark.parametrize("who", ["M1", "H1", "E1", "A1"])
def test_nobody_shares_somebody_elses_card(caller: Caller, services: Services, who: str):
    assert "Only the person whose card it is may share it." in shown(the_form(caller, services, who, of="E3"))
    forged = previewed(caller, services)
    told = caller.submit(who, forged)
    assert "Only the person whose card it is may share it." in shown(told["view"])
    assert posts(services) == []


def test_a_company_can_switch_it_off(caller: Caller, services: Services):
    view = previewed(caller, services)
    with services.database.writing() as session:
        session.execute(sa.update(Company).values(policies={"share_cards": False}))
    sentence = "Cards are not shared here: the company has switched it off."
    assert sentence in shown(the_form(caller, services))
    assert sentence in shown(caller.submit("E3", view)["view"])
    assert posts(services) == []


@pytest.mark.parametrize("carried", ["", "{}", "[]", '["1|2026-06",["score"],"x",null]', "[1,2,3,4,5]"])
def test_a_preview_that_is_none_of_ours_says_so(caller: Caller, services: Services, carried: str):
    told = caller.submit("E3", previewed(caller, services) | {"private_metadata": carried})
    assert "out of date" in shown(told["view"])
    assert posts(services) == []


def press_withdraw(caller: Caller, who: str, share_id: Any) -> dict[str, Any] | None:
    stands = {"type": "message", "channel_id": "C1", "message_ts": "17.5"}
    pressed = {"action_id": actions.WITHDRAW, "value": str(share_id)}
    return caller.press_again(caller.press_body(who, pressed, container=stands))


def test_the_owner_takes_the_numbers_out_of_the_message(caller: Caller, services: Services):
    post = shared_one(caller, services, parts=["score", "lines", "places"])
    window = press_withdraw(caller, "E3", post.facts["share_id"])
    assert "in a moment the message says no more than that there was a card" in shown(window)
    (post,) = posts(services)
    assert post.facts == {
        "share_id": post.facts["share_id"],
        "name": "Name of E3",
        "slack_id": "U0E3",
        "period": "2026-06",
        "withdrawn": True,
    }
    with services.database.reading() as session:
        (job,) = session.scalars(sa.select(Job).where(Job.kind == UPDATE_JOB)).all()
    assert job.args == {"post_id": post.id}
    assert [action for _, action, _ in audited(services)] == ["card.share", "card.share_withdrawn"]
    press_withdraw(caller, "E3", post.facts["share_id"])
    assert len(audited(services)) == 2


def test_a_message_whose_sender_never_heard_back_is_withdrawn_where_it_stands(
    caller: Caller, services: Services
):
    post = shared_one(caller, services)
    with services.database.writing() as session:
        session.execute(sa.update(Post).where(Post.id == post.id).values(state=PostState.SENDING))
    press_withdraw(caller, "E3", post.facts["share_id"])
    (post,) = posts(services)
    assert (post.state, post.sent_channel, post.sent_ts) == (PostState.SENT, "C1", "17.5")


@pytest.mark.parametrize("who", ["M1", "H1", "E1"])
def test_nobody_withdraws_somebody_elses_card(caller: Caller, services: Services, who: str):
    post = shared_one(caller, services)
    window = press_withdraw(caller, who, post.facts["share_id"])
    assert "Only the person who shared this card may withdraw it." in shown(window)
    assert "withdrawn" not in posts(services)[0].facts


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 30, "²"])
def test_a_withdrawal_of_nothing_says_so(caller: Caller, value: str):
    assert "out of date" in shown(press_withdraw(caller, "E3", value))


def test_a_share_that_is_not_known_says_so(caller: Caller):
    assert "This message is not known any more." in shown(press_withdraw(caller, "E3", 99))


@pytest.mark.parametrize("writer", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_the_message_fits_slack_before_and_after(
    caller: Caller, services: Services, contracts: OutgoingContracts | None, writer
):
    post = shared_one(caller, services, parts=["score", "lines", "places"])
    before = shared_card(writer, post.facts)
    assert button({"blocks": before.blocks}, actions.WITHDRAW)["value"] == str(post.facts["share_id"])
    press_withdraw(caller, "E3", post.facts["share_id"])
    after = shared_card(writer, posts(services)[0].facts)
    assert "80" not in "\n".join([after.text, *texts(after.blocks)])
    if contracts:
        for message in (before, after):
            contracts.check_message(message.text, message.blocks)


def test_a_name_breaks_out_of_nothing(caller: Caller, services: Services):
    post = shared_one(caller, services, parts=["score", "lines", "places"])
    evil = "<!channel> *x* https://evil.example"
    facts = post.facts | {"name": evil, "slack_id": "U1> <!here"}
    facts["lines"] = [line | {"name": evil} for line in post.facts["lines"]]
    facts["places"] = [place | {"unit": evil} for place in post.facts["places"]]
    drawn = shared_card(ENGLISH, facts)
    for text in (drawn.text, *texts(drawn.blocks)):
        assert not any(mark in text for mark in ("<", "://"))


def test_a_running_month_is_shared_as_what_it_is_so_far(caller: Caller, services: Services):
    card = card_of(services, "E3", JULY)
    form = caller.press("E3", {"action_id": actions.SHARE, "value": str(card)})
    told = caller.submit("E3", form, channel="C5")
    assert "Score so far: 32" in shown(told["view"])
    assert "The period still runs: nobody is judged by it." in shown(told["view"])
