"""Run migrations on the connection that `bot.storage.migrate` hands over."""

from alembic import context
from sqlalchemy import Connection

from adapters.slack.directory.tables import metadata as slack
from adapters.teams.directory.tables import metadata as teams
from adapters.web.tables import metadata as web
from bot.storage.tables import metadata as bot

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=[bot, web, slack, teams], render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
