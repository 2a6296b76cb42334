"""The few pages that people see in a browser."""

from dataclasses import dataclass
from html import escape

from bot.locale import Language

CONTENT_TYPE = "text/html; charset=utf-8"

_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --ink: #1d2733; --paper: #fff; --ground: #eef1f5; --brand: #1f3a5f }}
@media (prefers-color-scheme: dark) {{
  :root {{ --ink: #e6ebf1; --paper: #1b232d; --ground: #11161d; --brand: #7fb0ea }}
}}
body {{
  margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground);
  color: var(--ink); font: 1.0625rem/1.6 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif
}}
main {{
  box-sizing: border-box; width: min(30rem, 100vw - 2rem); padding: 2.5rem; background: var(--paper);
  border-radius: .75rem; border-top: .25rem solid var(--brand)
}}
h1 {{ margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.3 }}
p {{ margin: 0 }}
a {{
  display: inline-block; margin-top: 1.75rem; padding: .625rem 1.25rem; border-radius: .5rem;
  background: var(--brand); color: var(--paper); font-weight: 600; text-decoration: none
}}
a:focus-visible {{ outline: .1875rem solid var(--ink); outline-offset: .125rem }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{text}</p>
{link}</main>
</body>
</html>
"""


@dataclass(frozen=True)
class Link:
    url: str
    label: str


def page(language: Language, title: str, text: str, link: Link | None = None) -> str:
    """Everything that is handed in is escaped here."""
    shown = f'<a href="{escape(link.url)}">{escape(link.label)}</a>\n' if link else ""
    return _PAGE.format(language=language.tag, title=escape(title), text=escape(text), link=shown)
