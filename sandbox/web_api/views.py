"""views.*: modals and the Home tab."""

from typing import Any

from sandbox import block_kit
from sandbox.errors import SlackError
from sandbox.interactions import announce_view
from sandbox.rate_limits import Tier
from sandbox.views import View
from sandbox.web_api.registry import Call, method


@method("views.open", Tier.FOUR)
def views_open(call: Call) -> dict[str, Any]:
    content = block_kit.checked_view(call.slack, call.args.parsed("view"), ["modal"])
    trigger = call.slack.triggers.exchange(call.args.required("trigger_id"))
    return _shown(call, call.slack.views.open(trigger.user, content), "view_opened")


@method("views.push", Tier.FOUR)
def views_push(call: Call) -> dict[str, Any]:
    content = block_kit.checked_view(call.slack, call.args.parsed("view"), ["modal"])
    trigger = call.slack.triggers.exchange(call.args.required("trigger_id"))
    stack = call.slack.views.stack(trigger.user)
    if trigger.root_view_id is None or not stack or stack[0].id != trigger.root_view_id:
        raise SlackError("not_found")
    return _shown(call, call.slack.views.push(trigger.user, content), "view_opened")


@method("views.update", Tier.FOUR)
def views_update(call: Call) -> dict[str, Any]:
    content = block_kit.checked_view(call.slack, call.args.parsed("view"), ["modal", "home"])
    view_id, external_id = call.args.text("view_id"), call.args.text("external_id")
    if not view_id and not external_id:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view_id"])
    view = call.slack.views.find(view_id=view_id, external_id=external_id)
    if view.content["type"] != content["type"]:
        raise SlackError("invalid_arguments", ["[ERROR] a view keeps its type [json-pointer:/view/type]"])
    call.slack.views.update(view, content, call.args.text("hash"))
    return _shown(call, view, "home" if view.is_home else "view_updated")


@method("views.publish", Tier.FOUR)
def views_publish(call: Call) -> dict[str, Any]:
    if not call.slack.manifest.home_tab:
        raise SlackError("not_enabled")
    user = call.slack.workspace.user(call.args.required("user_id"))
    content = block_kit.checked_view(call.slack, call.args.parsed("view"), ["home"])
    return _shown(call, call.slack.views.publish(user.id, content, call.args.text("hash")), "home")


def _shown(call: Call, view: View, announcement: str) -> dict[str, Any]:
    announce_view(call.slack, announcement, view)
    return {"view": call.slack.views.to_slack(view)}
