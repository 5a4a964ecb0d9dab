"""Services are counted and paged through without reading them."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NAME = "ix_service_listed"


def upgrade() -> None:
    op.create_index(NAME, "service", ["id", "visibility", "organization_id"])


def downgrade() -> None:
    op.drop_index(NAME, "service")
