"""The window *Preferences*: quiet hours, which messages one wants, and the language."""

from datetime import time

from bot.blocks.inputs import checkboxes, choice, form, labelled, option, time_of_day
from bot.blocks.primitives import Block, Mrkdwn, Writer, button, context, section
from domain.people.preferences import Preferences

OPEN = "preferences.open"
FORM = "preferences.save"

# Block ids: a refusal names the field it is about by the same word (see `NotAChoice`).
QUIET_FROM, QUIET_UNTIL, DAYS_OFF = "begin", "end", "days_off"
MESSAGES, LANGUAGE = "messages", "language"

QUIET = "quiet"
WEEKLY_CARD, WEEKLY_CHART, DIGEST = "weekly_card", "weekly_chart", "digest"
RECOGNITION, NAME_ME = "recognition", "name_me"
FOLLOW_SLACK = "slack"
_OWN_NAMES = {"en": "English", "zh-CN": "简体中文"}


def preferences_button(writer: Writer) -> Block:
    return button(writer.language.text("Preferences"), OPEN, "home")


def preferences_window(writer: Writer, chosen: Preferences, time_zone: str, *, leads: bool) -> Block:
    """`leads`: whether there is a digest to switch on or off."""
    text = writer.language.text
    quiet = chosen.quiet
    return form(
        writer,
        text("Preferences"),
        text("Save"),
        FORM,
        [
            section(_what_quiet_hours_do(writer, time_zone)),
            labelled(QUIET_FROM, text("Quiet from"), time_of_day(_shown(quiet.begin)), optional=True),
            labelled(
                QUIET_UNTIL,
                text("Quiet until"),
                time_of_day(_shown(quiet.end)),
                optional=True,
                hint=text("Leave both times empty to have no quiet hours."),
            ),
            _days_off(writer, on=quiet.days_off),
            _messages(writer, chosen, leads=leads),
            _recognition(writer, chosen),
            _language(writer, chosen),
            context(_what_always_comes(writer)),
        ],
    )


def _what_quiet_hours_do(writer: Writer, time_zone: str) -> Mrkdwn:
    return writer.text(
        "No message comes in your quiet hours; it waits until they are over. They are on the clock of "
        "{time_zone}, your time zone in Slack.",
        time_zone=time_zone.replace("_", " "),
    )


def _what_always_comes(writer: Writer) -> Mrkdwn:
    return writer.text(
        "Messages come as direct messages. Reports about you, alerts and notices cannot be switched off: "
        "quiet hours only put them off. The answer to what you press or type comes at once."
    )


def _shown(at: time | None) -> str | None:
    return None if at is None else at.strftime("%H:%M")


def _days_off(writer: Writer, *, on: bool) -> Block:
    days_off = option(
        writer.language.text("All day on weekends and holidays, by the company's calendar"), QUIET
    )
    label = writer.language.text("Days off")
    return labelled(DAYS_OFF, label, checkboxes([days_off], [days_off] if on else []), optional=True)


def _messages(writer: Writer, chosen: Preferences, *, leads: bool) -> Block:
    text = writer.language.text
    offered = [
        (chosen.weekly_card, option(text("My card, on the first working day of the week"), WEEKLY_CARD)),
        (chosen.weekly_chart, option(text("With it, the chart of my results"), WEEKLY_CHART)),
    ]
    if leads:
        offered.append(
            (chosen.digest, option(text("The digest of the teams that I lead, on the same day"), DIGEST))
        )
    element = checkboxes([one for _, one in offered], [one for on, one in offered if on])
    return labelled(MESSAGES, text("Messages that I want"), element, optional=True)


def _recognition(writer: Writer, chosen: Preferences) -> Block:
    text = writer.language.text
    name_me = option(text("Name me when I am among the best of a month"), NAME_ME)
    element = checkboxes([name_me], [name_me] if chosen.recognition else [])
    hint = text("A channel of the company reads your name, unit and what you were best at, with no figures.")
    return labelled(RECOGNITION, text("Recognition"), element, optional=True, hint=hint)


def _language(writer: Writer, chosen: Preferences) -> Block:
    text = writer.language.text
    as_in_slack = option(text("As in Slack"), FOLLOW_SLACK)
    languages = {tag: option(name, tag) for tag, name in _OWN_NAMES.items()}
    now = languages.get(chosen.language or "", as_in_slack)
    return labelled(LANGUAGE, text("Language"), choice([as_in_slack, *languages.values()], initial=now))
