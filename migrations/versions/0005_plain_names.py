"""Tables, columns, states and stored JSON by the names of the glossary, with all data.

The release before cannot work with this database. It looks for the table `floor`, which is gone, and refuses to start:
"The database was written by a newer release". From this revision on, a release keeps working with the database of the
next one again.
"""

import sqlalchemy as sa
from alembic import op

from migrations.plain_names import names, rows

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rename everything, then rewrite the stored JSON row by row."""
    tx = op.get_bind()
    if tx.dialect.name == "sqlite":
        names.rename_on_sqlite(tx)
    else:
        names.rename_on_postgresql(tx)
    rows.rewrite(tx)
    tx.execute(sa.text("UPDATE compatibility SET oldest_revision = '0005'"))
