"""Bring the catalogues up to date: `python -m bot.locale.update`. New sentences wait in them."""

import sys

from babel.messages.pofile import write_po

from bot.locale.catalogues import LANGUAGES, path_of, read, sentences_in_use


def main() -> None:
    in_use = sentences_in_use()
    for language in LANGUAGES:
        catalogue = read(language)
        catalogue.update(in_use, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        catalogue.last_translator = catalogue.language_team = catalogue.msgid_bugs_address = "Pacesetter"
        with path_of(language).open("wb") as file:
            write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)
        waiting = [message.id for message in catalogue if message.id and not message.string]
        note = f", {len(waiting)} without a translation" if language != "en" else ""
        sys.stdout.write(f"{path_of(language).name}: {len(catalogue)} sentences{note}\n")


if __name__ == "__main__":
    main()
