"""`flask run`, `flask …` and any WSGI server start here."""

import gc
import sys

gc.disable()  # looking through modules, none of which is ever garbage, was a quarter of the start

from crowd.config import Settings, SettingsError
from crowd.factory import create_app

try:
    settings = Settings.from_env()
except SettingsError as error:
    sys.stderr.write("\n- ".join(["Apertura cannot start:", *error.faults]) + "\n")
    raise SystemExit(2) from None

app = create_app(settings)
gc.freeze()
gc.enable()
