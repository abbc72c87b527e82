"""`flask run`, `flask …` and any WSGI server start here."""

import gc
import sys

gc.disable()  # looking through modules, none of which is ever garbage, was a quarter of the start

# These read a file: they need neither settings nor database, and start in a fraction of the time.
if sys.argv[1:2] in (["tally"], ["verify"]):
    from flask import Flask

    from crowd.voting.cli import tally_file, verify_bundle

    app = Flask("crowd")
    app.cli.add_command(tally_file)
    app.cli.add_command(verify_bundle)
else:
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
