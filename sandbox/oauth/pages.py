"""The HTML that asks a person whether the app may come in. Whatever others wrote is escaped."""

from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from string import Template

from sandbox.oauth.scopes import meaning
from sandbox.workspace import User

FRAME = Template(Path(__file__).with_name("authorize.html").read_text(encoding="utf-8"))


def question(
    app: str, team: str, scopes: Iterable[str], people: Iterable[User], asked: Mapping[str, str], back: str
) -> str:
    """May `app` come into `team`? `asked` is what the form sends along, `back` where the answer goes."""
    name, where = escape(app), escape(team)
    wishes = "".join(
        f"<li><span>{escape(meaning(one))}</span> <code>{escape(one)}</code></li>" for one in scopes
    )
    choices = "".join(f'<option value="{escape(one.id)}">{escape(one.real_name)}</option>' for one in people)
    hidden = "".join(
        f'<input type="hidden" name="{escape(key)}" value="{escape(value)}">' for key, value in asked.items()
    )
    body = f"""<main>
      <div class="mark" aria-hidden="true">{escape(app[:1].upper())}</div>
      <h1>{name} asks to come into {where}</h1>
      <p>Nobody has to log in here: this is a local workspace.</p>
      <h2>What {name} will be able to do</h2>
      <ul>{wishes}</ul>
      <form method="post" action="/oauth/v2/authorize">
        {hidden}
        <label for="user">Who installs it</label>
        <select id="user" name="user">{choices}</select>
        <div class="row">
          <button name="decision" value="cancel">Cancel</button>
          <button class="allow" name="decision" value="allow">Allow</button>
        </div>
      </form>
      <p class="small">The answer goes to {escape(back)}</p>
    </main>"""
    return FRAME.substitute(title=f"Install {name} in {where}", body=body)


def refusal(sentence: str, advice: str) -> str:
    """That the app asked in a way that cannot be answered."""
    body = f"""<main class="refused">
      <div class="mark" aria-hidden="true">!</div>
      <h1>{escape(sentence)}</h1>
      <p>{escape(advice)}</p>
    </main>"""
    return FRAME.substitute(title="The app cannot be installed", body=body)
