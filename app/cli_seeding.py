"""The command that fills a database, to see what pages cost."""

import click
from flask.cli import with_appcontext

from app.accounts.guards import current_settings
from app.cli_base import in_words, write_now
from app.demo.seeding import service


@click.command()
@click.option("--companies", type=click.IntRange(1, 1_000_000), default=10_000, show_default=True)
@click.option("--contacts", type=click.IntRange(0, 5_000_000), default=50_000, show_default=True)
@click.option("--seed", "number", type=click.IntRange(0, 9_999), default=1, show_default=True)
@click.option("--yes", is_flag=True, help="Also where DEMO is not set.")
@with_appcontext
@in_words
def seed(companies: int, contacts: int, number: int, yes: bool) -> None:
    """Make many companies and contacts, to see what pages cost; the same for the same --seed."""
    if not current_settings().demo and not yes:
        raise click.ClickException("this is not a demo (DEMO=1); with --yes it is filled all the same")
    made = write_now(
        lambda s, now: service.seed(
            s, now, companies=companies, contacts=contacts, number=number, tag=f"s{number}"
        )
    )
    click.echo(", ".join(f"{name}: {count}" for name, count in made.items()))
