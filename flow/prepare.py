"""Making the records ready for this version of the program, before anything of the service starts."""

from __future__ import annotations

from core.settings import Settings
from flow.dictionaries import register_builtin
from storage.database import Records, keep_silent
from storage.migrate import upgrade_database


def prepare_records(settings: Settings) -> None:
    """Brings the database to the present schema and sees to it that there is a sound data dictionary.

    Raises SettingsError naming what is wrong with the dictionary: the service does not start with it.
    """
    upgrade_database(settings.records_url)
    records = Records(settings.records_url, keep_silent)
    try:
        register_builtin(records)
    finally:
        records.close()
