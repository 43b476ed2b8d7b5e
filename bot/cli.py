"""The command line. What a command needs is imported when it runs, so that `--help` is quick."""

import errno
import sys
from codecs import lookup
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

import click

from flows.errors import TrustRecoverError


class _Group(click.Group):
    """Commands whose expected errors are a sentence, not a traceback."""

    def main(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - click's signature
        """Run a command. What the terminal's encoding cannot show is written as an escape."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper) and lookup(stream.encoding).name != "utf-8":
                stream.reconfigure(errors="backslashreplace")
        return super().main(*args, **options)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except TrustRecoverError as error:
            click.echo(f"trust-recover: {error}", err=True)
            sys.exit(1)
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever reads has gone, as `head` does: click ends the program
                raise
            place = f"{error.filename}: " if error.filename else ""
            click.echo(f"trust-recover: {place}{error.strerror or type(error).__name__}.", err=True)
            sys.exit(1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="trust-recover")
def main() -> None:
    """A private, live guide through eight steps that restore an angry client's trust."""


@main.command()
@click.option("--host", help="Address to listen on (default: loopback only).")
@click.option("--port", help="Port to listen on; 0 takes any free one.")
@click.option("--database-url", help="SQLite file or PostgreSQL URL.")
def serve(**options: str | None) -> None:
    """Serve the practice room, and the platforms that are set up."""
    import asyncio

    from bot import settings as s
    from bot.server.log_lines import set_up_logging
    from bot.server.serve import serve as run

    settings = s.load_settings(**{name: value for name, value in options.items() if value is not None})
    set_up_logging(settings.log_level)
    asyncio.run(run(settings, lambda address: click.echo(f"Open {address} and type /trust-recover Acme")))


@main.command()
def config() -> None:
    """Print the settings, with secrets masked."""
    from bot import settings as s

    click.echo("\n".join(s.describe_settings(s.load_settings())))


@main.command()
def health() -> None:
    """Ask the server that runs here with these settings whether it answers; status 1 if it does not."""
    from http.client import HTTPConnection, HTTPException

    from bot import settings as s

    settings = s.load_settings()
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - asked, not listened on
    connection = HTTPConnection(host, settings.port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        message = f"The server at {host}, port {settings.port}, does not answer ({type(error).__name__})."
        raise TrustRecoverError(message) from error
    finally:
        connection.close()
    if status != 200:  # noqa: PLR2004 - HTTP's success
        message = f"The server at {host}, port {settings.port}, answers with {status}."
        raise TrustRecoverError(message)
    click.echo("The server answers.")


@main.command()
def migrate() -> None:
    """Bring the database's tables up to date."""
    from bot import settings as s
    from bot.storage import database, sqlite_file
    from bot.storage import migrate as m

    url = database.driver_url(s.load_settings().database_url)
    with sqlite_file.exclusive_file(url), database.open_database(url) as db:
        m.upgrade(db)
    click.echo("The database is up to date.")


@main.group(invoke_without_command=True)
@click.option("--all", "everything", is_flag=True, help="Also the messages that are still waiting.")
@click.pass_context
def outbox(ctx: click.Context, *, everything: bool) -> None:
    """List the messages that failed, and send them again."""
    if ctx.invoked_subcommand is not None:
        return
    from bot import outbox_admin

    for line in outbox_admin.message_table(everything=everything):
        click.echo(line)


@outbox.command()
@click.argument("ids", nargs=-1, type=int)
@click.option("--all", "everything", is_flag=True, help="All failed messages.")
def resend(ids: tuple[int, ...], *, everything: bool) -> None:
    """Send failed messages again, by the numbers that `trust-recover outbox` shows."""
    if bool(ids) == everything:
        message = "Name the messages by their numbers, or give --all."
        raise click.UsageError(message)
    from bot import outbox_admin

    for line in outbox_admin.resend_messages(ids):
        click.echo(line)


@main.group()
def slack() -> None:
    """Set up Slack."""


@slack.command()
@click.option("--name", default="Trust Recover", show_default=True, help="The app's name, which others see as well.")
@click.option("--socket", is_flag=True, help="For Socket Mode: Slack need not reach the server.")
def manifest(name: str, *, socket: bool) -> None:
    """Print the manifest that Slack's “Create an app” takes."""
    import json

    from adapters.slack.manifest import app_manifest as made
    from bot import settings as s

    app_manifest_data = made(s.load_settings().public_url or None, name=name, socket=socket)
    click.echo(json.dumps(app_manifest_data, indent=2))  # ASCII, so that every terminal shows JSON


@slack.command()
def rotate() -> None:
    """Encrypt the stored tokens with the newest key; then older keys can be taken out of the settings."""
    from bot import outbox_admin

    click.echo(outbox_admin.rotate_keys())


@main.group()
def teams() -> None:
    """Set up Microsoft Teams."""


@teams.command()
@click.option("--app-id", help="Application (client) ID of the bot's registration (default: the setting).")
@click.option("--name", default="Trust Recover", show_default=True, help="The app's name, which others see as well.")
@click.option("--developer", default="Trust Recover", show_default=True, help="Who runs the app, as others see it.")
@click.option("--public-url", help="The server's address, https://… (default: the setting).")
@click.option("--website", default="", help="A page about the app (default: the server's address).")
@click.option("--privacy", default="", help="A page about privacy (default: the server's address).")
@click.option("--terms", default="", help="A page with the terms of use (default: the server's address).")
@click.option(
    "--app-version", default="", help="The app's version; an update needs a higher one (default: the release's)."
)
@click.option(
    "--read-messages", is_flag=True, help="Ask for consent to read what clients write where the app was added."
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    default="trust-recover-teams.zip",
    show_default=True,
    help="File to write.",
)
def package(out: Path, app_id: str | None, public_url: str | None, *, read_messages: bool, **texts: str) -> None:
    """Write the app package that is uploaded to Teams."""
    from adapters.teams.app_package import TeamsAppDetails
    from adapters.teams.app_package import app_package as packed
    from bot import settings as s

    # Who gives both needs no settings, and can make the package before there are any.
    settings = None if app_id and public_url else s.load_settings()
    app = TeamsAppDetails(
        app_id or (settings.teams_app_id if settings else ""),
        public_url=public_url or (settings.public_url if settings else ""),
        reads_messages=read_messages,
        **texts,
    )
    try:
        out.write_bytes(packed(app))
    except OSError as error:
        message = f"{out} cannot be written ({error.strerror}). Name another file with --out."
        raise TrustRecoverError(message) from error
    click.echo(f"{out} is ready. Upload it in Teams: Apps, Manage your apps, Upload an app.")


@main.group()
def flow() -> None:
    """Check and draw flow files."""


_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_LINES = click.argument("file", type=click.File(encoding="utf-8"))


@flow.command()
@_FILE
def check(file: Path) -> None:
    """Check a flow file; each error names line, step, what is wrong and what would be right."""
    from bot.storage.flow_registry import read_flow_file
    from flows.definition.validation import load_flow

    parsed_flow = load_flow(read_flow_file(file), str(file))
    click.echo(
        f"{file}: {parsed_flow.id} version {parsed_flow.version} is fine ({len(parsed_flow.numbered_steps)} steps)."
    )


@flow.command()
@_FILE
@click.option("--language", default="en", show_default=True, help="Language of the labels.")
def draw(file: Path, language: str) -> None:
    """Print a flow as a Mermaid diagram."""
    from bot.storage.flow_registry import read_flow_file
    from flows.definition.diagram import mermaid_diagram
    from flows.definition.validation import load_flow

    click.echo(mermaid_diagram(load_flow(read_flow_file(file), str(file)), language), nl=False)


@main.group()
def coach() -> None:
    """Check the coach's rules, list them, and judge many drafts or messages."""


@coach.command("check")
@_FILE
def check_rules(file: Path) -> None:
    """Check a rule file, or a file that switches rules and adds words; each error names the line and what is right."""
    from bot import coach_admin

    click.echo(coach_admin.check_file(file))


@coach.command()
def rules() -> None:
    """List all rules: whether they are on, how grave they are, and what they say; and your own words to avoid."""
    from bot import coach_admin

    click.echo("\n".join(coach_admin.rule_table()))


@coach.command()
@_LINES
def flags(file: TextIO) -> None:
    """Print what the coach says of each draft in a JSONL file (`text`, and perhaps `facts`, `latitude`, `language`)."""
    from bot import coach_admin

    for line in coach_admin.judged_drafts(file):
        click.echo(line)


@coach.command()
@_LINES
def feelings(file: TextIO) -> None:
    """Print the three likeliest feelings of each client message in a JSONL file (`text`), with their words."""
    from bot import coach_admin

    for line in coach_admin.guessed_feelings(file):
        click.echo(line)


@coach.command()
def report() -> None:
    """Print what became of each rule's hints: a rule whose hints are mostly dismissed may be switched off."""
    from bot import coach_admin

    click.echo("\n".join(coach_admin.hint_table()))
