"""The bot as an ASGI application for any server: `uvicorn bot.asgi:app`."""

from bot.http.asgi import as_asgi
from bot.wiring import bot_of_the_environment

bot = bot_of_the_environment()
app = as_asgi(bot.site, stops=bot.health.stop, has_stopped=bot.close)
