"""The `pacesetter` command. Standard output carries the result alone; all else goes to standard error."""

import sys

import typer

from cli import (
    alerts,
    audit,
    closing,
    data,
    disputes,
    init,
    manifest,
    pay,
    plan,
    records,
    sandbox,
    scores,
    sending,
    sources,
    targets,
    workspace,
)
from cli.demo.command import demo

app = typer.Typer(
    help="Fair, explained and timely sales performance in Slack.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("init")(init.init)
app.command("import")(data.import_)
app.command("score")(scores.score)
app.command("scores")(scores.scores)
app.command("lines")(scores.lines)
app.command("close")(closing.close)
app.command("lock")(closing.lock)
app.command("restate")(closing.restate)
app.command("verify")(scores.verify)
app.add_typer(sources.app, name="sources")
app.command("pull", hidden=True, help="The same as `sources run`.")(sources.run)
app.add_typer(targets.app, name="targets")
app.command("disputes")(disputes.disputes)
app.add_typer(records.app, name="record")
app.add_typer(plan.app, name="plan")
app.command("pay")(pay.pay)
app.add_typer(pay.app, name="payroll")
app.command("pause")(sending.pause)
app.command("resume")(sending.resume)
app.add_typer(alerts.app, name="alerts")
app.add_typer(audit.app, name="audit")
app.add_typer(workspace.app, name="workspace")
app.command("manifest")(manifest.manifest)
app.command("sandbox")(sandbox.sandbox)
app.command("demo")(demo)

if __name__ == "__main__":
    sys.exit(app())
