"""The bot over HTTP: what it answers (`site.py`), and how servers ask it."""
