"""The languages Pacesetter speaks: gettext catalogues as .po files, compiled in memory when first needed.

`python -m bot.locale.update` collects new sentences into the catalogues; translate them there.
"""

from bot.locale.language import Language, for_locale

__all__ = ["Language", "for_locale"]
