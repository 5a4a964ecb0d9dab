"""What confidential locations truly are, sealed."""

import sqlalchemy as sa
from alembic import op


revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('concealed_record',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('table_name', sa.String(), nullable=False),
    sa.Column('record_id', sa.Uuid(), nullable=False),
    sa.Column('location_id', sa.Uuid(), nullable=False),
    sa.Column('away', sa.Boolean(), nullable=False),
    sa.Column('fields_sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['location_id'], ['location.id'], name=op.f('fk_concealed_record_location_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_concealed_record')),
    sa.UniqueConstraint('table_name', 'record_id', name=op.f('uq_concealed_record_table_name_record_id'))
    )
    with op.batch_alter_table('concealed_record', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_concealed_record_location_id'), ['location_id'], unique=False)


def downgrade() -> None:
    # What is sealed here is nowhere else: no older version could give it back.
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM concealed_record")):
        raise RuntimeError("Make every confidential location public before going back.")
    with op.batch_alter_table('concealed_record', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_concealed_record_location_id'))

    op.drop_table('concealed_record')
