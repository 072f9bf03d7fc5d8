"""The commands for a contact's data: hand them out, erase them."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from app.accounts.guards import current_settings
from app.booking.exporting.service import contact_with_address
from app.booking.service import people_to_lock
from app.cli_base import in_words
from app.desk.exporting import service as exporting
from app.desk.exporting import service_erasing as erasing
from app.lib import clock
from app.lib.db import db, write


@click.command("export-contact")
@click.argument("email")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
@in_words
def export_contact(email: str, folder: Path) -> None:
    """Write all that is kept about a contact into FOLDER: data.json, calls.ics, conversations.json, files."""
    settings, now = current_settings(), clock.now()
    contact = contact_with_address(db.session(), email)
    files = write(
        db.session(),
        [],
        lambda s: exporting.export_contact(s, now, settings, "operator", contact.public_id),
    )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(data)
        click.echo(str(path))


@click.command("erase-contact")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
@in_words
def erase_contact(email: str, yes: bool) -> None:
    """Erase all personal data of a contact for ever; their coming calls must be cancelled first."""
    settings, now = current_settings(), clock.now()
    contact = contact_with_address(db.session(), email)
    if not yes:
        click.confirm(f"Erase {contact.name}, {contact.company}, for ever?", abort=True)
    people = people_to_lock(db.session(), now, contact.user_id)
    erased = write(
        db.session(),
        people,
        lambda s: erasing.erase_contact(s, now, settings, "operator", contact.public_id),
    )
    click.echo("Erased.")
    if erased.events_left:
        click.echo(f"Past calls in the specialists' own calendars: {erased.events_left}; delete them there.")


COMMANDS = (export_contact, erase_contact)
