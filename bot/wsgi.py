"""The bot as a WSGI application for any server: `gunicorn --threads 10 bot.wsgi:app`."""

from bot.http.wsgi import WsgiSite
from bot.wiring import bot_of_the_environment

app = WsgiSite(bot_of_the_environment().site)
