"""Clients, consent, referrals with their events and clocks, notices and webhooks."""

import sqlalchemy as sa
from alembic import op


revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('idempotent_answer',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('key_hash', sa.LargeBinary(), nullable=False),
    sa.Column('request_hash', sa.LargeBinary(), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('answer_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idempotent_answer')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_idempotent_answer_key_hash'))
    )
    with op.batch_alter_table('idempotent_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_idempotent_answer_created_at'), ['created_at'], unique=False)

    op.create_table('notice_preference',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('frequency', sa.String(), nullable=False),
    sa.CheckConstraint("frequency IN ('at_once', 'daily', 'never')", name=op.f('ck_notice_preference_frequency')),
    sa.CheckConstraint("kind IN ('arrived', 'assigned', 'consent', 'decision', 'emergency', 'ended', 'message', 'oversight', 'progress', 'question', 'reminder')", name=op.f('ck_notice_preference_kind')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notice_preference_person_id')),
    sa.PrimaryKeyConstraint('person_id', 'kind', name=op.f('pk_notice_preference'))
    )
    op.create_table('webhook',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('agency_id', sa.Uuid(), nullable=False),
    sa.Column('url', sa.String(), nullable=False),
    sa.Column('secret_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('kinds', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(), nullable=False),
    sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('disabled_because', sa.String(), nullable=True),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_webhook_agency_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook'))
    )
    with op.batch_alter_table('webhook', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webhook_agency_id'), ['agency_id'], unique=False)

    op.create_table('client',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('agency_id', sa.Uuid(), nullable=False),
    sa.Column('team_id', sa.Uuid(), nullable=False),
    sa.Column('worker_id', sa.Uuid(), nullable=True),
    sa.Column('profile_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('acuity', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_contact_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_reason', sa.String(), nullable=True),
    sa.Column('received_from', sa.Uuid(), nullable=True),
    sa.CheckConstraint("closed_reason IN ('client_ended', 'deceased', 'goals_reached', 'lost_contact', 'moved', 'other', 'transferred')", name=op.f('ck_client_closed_reason')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_client_agency_id')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_client_team_id')),
    sa.ForeignKeyConstraint(['worker_id'], ['person.id'], name=op.f('fk_client_worker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_client'))
    )
    with op.batch_alter_table('client', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_client_agency_id'), ['agency_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_client_received_from'), ['received_from'], unique=False)
        batch_op.create_index(batch_op.f('ix_client_team_id'), ['team_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_client_worker_id'), ['worker_id'], unique=False)

    op.create_table('client_key',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('agency_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_client_key_agency_id')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_client_key_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_client_key'))
    )
    with op.batch_alter_table('client_key', schema=None) as batch_op:
        batch_op.create_index('ix_client_key_agency_id_key', ['agency_id', 'key'], unique=False)
        batch_op.create_index(batch_op.f('ix_client_key_client_id'), ['client_id'], unique=False)

    op.create_table('client_note',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('text_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('occurred_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('corrects_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("kind IN ('assessment', 'contact', 'evaluation', 'intake', 'monitoring', 'plan')", name=op.f('ck_client_note_kind')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_client_note_author_id')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_client_note_client_id')),
    sa.ForeignKeyConstraint(['corrects_id'], ['client_note.id'], name=op.f('fk_client_note_corrects_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_client_note'))
    )
    with op.batch_alter_table('client_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_client_note_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_client_note_client_id'), ['client_id'], unique=False)

    op.create_table('consent',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('agency_id', sa.Uuid(), nullable=False),
    sa.Column('categories', sa.JSON(), nullable=False),
    sa.Column('any_partner', sa.Boolean(), nullable=False),
    sa.Column('method', sa.String(), nullable=False),
    sa.Column('signer', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('witness_id', sa.Uuid(), nullable=True),
    sa.Column('words_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_by', sa.String(), nullable=True),
    sa.CheckConstraint("method IN ('signed_electronically', 'signed_on_paper', 'verbal_with_witness')", name=op.f('ck_consent_method')),
    sa.CheckConstraint("revoked_by IN ('agency', 'client_link', 'in_person', 'phone', 'writing')", name=op.f('ck_consent_revoked_by')),
    sa.CheckConstraint("signer IN ('client', 'guardian', 'representative')", name=op.f('ck_consent_signer')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_consent_agency_id')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_consent_client_id')),
    sa.ForeignKeyConstraint(['witness_id'], ['person.id'], name=op.f('fk_consent_witness_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent'))
    )
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consent_agency_id'), ['agency_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_consent_client_id'), ['client_id'], unique=False)

    op.create_table('household_member',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('profile_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_household_member_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_household_member'))
    )
    with op.batch_alter_table('household_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_household_member_client_id'), ['client_id'], unique=False)

    op.create_table('need',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('need_code', sa.String(), nullable=False),
    sa.Column('urgency', sa.Integer(), nullable=False),
    sa.Column('importance', sa.Integer(), nullable=False),
    sa.Column('acuity', sa.Integer(), nullable=False),
    sa.Column('detail_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('mode', sa.String(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("mode IN ('first_accept', 'parallel_all', 'ranked', 'single')", name=op.f('ck_need_mode')),
    sa.CheckConstraint("status IN ('met', 'not_met', 'open', 'partly_met', 'withdrawn')", name=op.f('ck_need_status')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_need_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_need'))
    )
    with op.batch_alter_table('need', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_need_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_need_need_code'), ['need_code'], unique=False)

    op.create_table('task',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('agency_id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('referral_id', sa.Uuid(), nullable=True),
    sa.Column('assignee_id', sa.Uuid(), nullable=True),
    sa.Column('text_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('urgency', sa.Integer(), nullable=False),
    sa.Column('importance', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_task_agency_id')),
    sa.ForeignKeyConstraint(['assignee_id'], ['person.id'], name=op.f('fk_task_assignee_id')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_task_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task'))
    )
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_agency_id'), ['agency_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_assignee_id'), ['assignee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_referral_id'), ['referral_id'], unique=False)

    op.create_table('consent_recipient',
    sa.Column('consent_id', sa.Uuid(), nullable=False),
    sa.Column('agency_id', sa.Uuid(), nullable=False),
    sa.Column('may_forward', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_consent_recipient_agency_id')),
    sa.ForeignKeyConstraint(['consent_id'], ['consent.id'], name=op.f('fk_consent_recipient_consent_id')),
    sa.PrimaryKeyConstraint('consent_id', 'agency_id', name=op.f('pk_consent_recipient'))
    )
    with op.batch_alter_table('consent_recipient', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consent_recipient_agency_id'), ['agency_id'], unique=False)

    op.create_table('goal',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('need_id', sa.Uuid(), nullable=True),
    sa.Column('text_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reached', sa.Boolean(), nullable=True),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_goal_client_id')),
    sa.ForeignKeyConstraint(['need_id'], ['need.id'], name=op.f('fk_goal_need_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_goal'))
    )
    with op.batch_alter_table('goal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_goal_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_goal_need_id'), ['need_id'], unique=False)

    op.create_table('referral',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('need_id', sa.Uuid(), nullable=False),
    sa.Column('need_code', sa.String(), nullable=False),
    sa.Column('service_id', sa.Uuid(), nullable=False),
    sa.Column('from_agency_id', sa.Uuid(), nullable=False),
    sa.Column('from_team_id', sa.Uuid(), nullable=False),
    sa.Column('sender_id', sa.Uuid(), nullable=True),
    sa.Column('to_agency_id', sa.Uuid(), nullable=False),
    sa.Column('to_team_id', sa.Uuid(), nullable=False),
    sa.Column('consent_id', sa.Uuid(), nullable=True),
    sa.Column('receiver_client_id', sa.Uuid(), nullable=True),
    sa.Column('reason_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('categories', sa.JSON(), nullable=False),
    sa.Column('called', sa.Boolean(), nullable=False),
    sa.Column('conflict_check', sa.String(), nullable=False),
    sa.Column('mode', sa.String(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('parent_id', sa.Uuid(), nullable=True),
    sa.Column('root_id', sa.Uuid(), nullable=True),
    sa.Column('hop', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('status_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('priority', sa.String(), nullable=False),
    sa.Column('held_from', sa.String(), nullable=True),
    sa.Column('closed_from', sa.String(), nullable=True),
    sa.Column('assignee_id', sa.Uuid(), nullable=True),
    sa.Column('contact_name_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('reason_code', sa.String(), nullable=True),
    sa.Column('review_on', sa.Date(), nullable=True),
    sa.Column('expected_on', sa.Date(), nullable=True),
    sa.Column('first_contact_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('service_date', sa.Date(), nullable=True),
    sa.Column('first_sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sends', sa.Integer(), nullable=False),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('first_contact_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('first_closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_event_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawal_requested_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('veiled_from', sa.DateTime(timezone=True), nullable=True),
    sa.Column('veiled_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_clock', sa.String(), nullable=True),
    sa.CheckConstraint("conflict_check IN ('clear', 'conflict', 'not_needed', 'pending')", name=op.f('ck_referral_conflict_check')),
    sa.CheckConstraint("mode IN ('first_accept', 'parallel_all', 'ranked', 'single')", name=op.f('ck_referral_mode')),
    sa.CheckConstraint("priority IN ('emergency', 'routine', 'urgent')", name=op.f('ck_referral_priority')),
    sa.CheckConstraint("status IN ('accepted', 'acknowledged', 'closed_unmet', 'completed', 'declined', 'draft', 'expired', 'in_progress', 'info_requested', 'on_hold', 'sent', 'voided', 'waitlisted', 'withdrawn')", name=op.f('ck_referral_status')),
    sa.ForeignKeyConstraint(['assignee_id'], ['person.id'], name=op.f('fk_referral_assignee_id')),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_referral_client_id')),
    sa.ForeignKeyConstraint(['consent_id'], ['consent.id'], name=op.f('fk_referral_consent_id')),
    sa.ForeignKeyConstraint(['from_agency_id'], ['agency.id'], name=op.f('fk_referral_from_agency_id')),
    sa.ForeignKeyConstraint(['from_team_id'], ['team.id'], name=op.f('fk_referral_from_team_id')),
    sa.ForeignKeyConstraint(['need_id'], ['need.id'], name=op.f('fk_referral_need_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['referral.id'], name=op.f('fk_referral_parent_id')),
    sa.ForeignKeyConstraint(['receiver_client_id'], ['client.id'], name=op.f('fk_referral_receiver_client_id')),
    sa.ForeignKeyConstraint(['root_id'], ['referral.id'], name=op.f('fk_referral_root_id')),
    sa.ForeignKeyConstraint(['sender_id'], ['person.id'], name=op.f('fk_referral_sender_id')),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_referral_service_id')),
    sa.ForeignKeyConstraint(['to_agency_id'], ['agency.id'], name=op.f('fk_referral_to_agency_id')),
    sa.ForeignKeyConstraint(['to_team_id'], ['team.id'], name=op.f('fk_referral_to_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral'))
    )
    with op.batch_alter_table('referral', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_referral_assignee_id'), ['assignee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_consent_id'), ['consent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_first_sent_at'), ['first_sent_at'], unique=False)
        batch_op.create_index('ix_referral_from_agency_id_closed_at', ['from_agency_id', 'closed_at', 'id'], unique=False)
        batch_op.create_index('ix_referral_from_agency_id_created_at', ['from_agency_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_referral_from_agency_id_status', ['from_agency_id', 'status'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_from_team_id'), ['from_team_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_need_id'), ['need_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_parent_id'), ['parent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_receiver_client_id'), ['receiver_client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_root_id'), ['root_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_sender_id'), ['sender_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_service_id'), ['service_id'], unique=False)
        batch_op.create_index('ix_referral_to_agency_id_closed_at', ['to_agency_id', 'closed_at', 'id'], unique=False)
        batch_op.create_index('ix_referral_to_agency_id_created_at', ['to_agency_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_referral_to_agency_id_status', ['to_agency_id', 'status'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_to_team_id'), ['to_team_id'], unique=False)

    op.create_table('service_clock',
    sa.Column('service_id', sa.Uuid(), nullable=False),
    sa.Column('clock', sa.String(), nullable=False),
    sa.Column('priority', sa.String(), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('in_business_days', sa.Boolean(), nullable=False),
    sa.CheckConstraint("clock IN ('acknowledge', 'decide', 'expire', 'first_contact', 'outcome', 'question', 'review', 'stale', 'withdrawal')", name=op.f('ck_service_clock_clock')),
    sa.CheckConstraint("priority IN ('emergency', 'routine', 'urgent')", name=op.f('ck_service_clock_priority')),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_service_clock_service_id')),
    sa.PrimaryKeyConstraint('service_id', 'clock', 'priority', name=op.f('pk_service_clock'))
    )
    op.create_table('contact_attempt',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('referral_id', sa.Uuid(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('method', sa.String(), nullable=False),
    sa.Column('reached', sa.Boolean(), nullable=False),
    sa.Column('note_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('occurred_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("method IN ('call', 'email', 'letter', 'text', 'visit')", name=op.f('ck_contact_attempt_method')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_contact_attempt_author_id')),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_contact_attempt_referral_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_attempt'))
    )
    with op.batch_alter_table('contact_attempt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_attempt_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_attempt_referral_id'), ['referral_id'], unique=False)

    op.create_table('disclosure',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('referral_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('consent_id', sa.Uuid(), nullable=True),
    sa.Column('from_agency_id', sa.Uuid(), nullable=False),
    sa.Column('to_agency_id', sa.Uuid(), nullable=False),
    sa.Column('categories', sa.JSON(), nullable=False),
    sa.Column('values_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('override_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('identity_only', sa.Boolean(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_disclosure_client_id')),
    sa.ForeignKeyConstraint(['consent_id'], ['consent.id'], name=op.f('fk_disclosure_consent_id')),
    sa.ForeignKeyConstraint(['from_agency_id'], ['agency.id'], name=op.f('fk_disclosure_from_agency_id')),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_disclosure_referral_id')),
    sa.ForeignKeyConstraint(['to_agency_id'], ['agency.id'], name=op.f('fk_disclosure_to_agency_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosure')),
    sa.UniqueConstraint('referral_id', 'number', name=op.f('uq_disclosure_referral_id_number'))
    )
    with op.batch_alter_table('disclosure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_disclosure_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_disclosure_consent_id'), ['consent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_disclosure_from_agency_id'), ['from_agency_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_disclosure_made_at'), ['made_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_disclosure_referral_id'), ['referral_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_disclosure_to_agency_id'), ['to_agency_id'], unique=False)

    op.create_table('goal_step',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('goal_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['goal_id'], ['goal.id'], name=op.f('fk_goal_step_goal_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_goal_step'))
    )
    with op.batch_alter_table('goal_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_goal_step_goal_id'), ['goal_id'], unique=False)

    op.create_table('message',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('referral_id', sa.Uuid(), nullable=False),
    sa.Column('agency_id', sa.Uuid(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('text_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_message_agency_id')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_message_author_id')),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_message_referral_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message'))
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_message_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_message_referral_id'), ['referral_id'], unique=False)

    op.create_table('referral_clock',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('referral_id', sa.Uuid(), nullable=False),
    sa.Column('clock', sa.String(), nullable=False),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('act_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminders', sa.Integer(), nullable=False),
    sa.Column('paused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('left_seconds', sa.Double(), nullable=True),
    sa.Column('paused_seconds', sa.Double(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended', sa.String(), nullable=True),
    sa.CheckConstraint("clock IN ('acknowledge', 'decide', 'expire', 'first_contact', 'outcome', 'question', 'review', 'stale', 'withdrawal')", name=op.f('ck_referral_clock_clock')),
    sa.CheckConstraint("ended IN ('cancelled', 'met', 'missed')", name=op.f('ck_referral_clock_ended')),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_referral_clock_referral_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_clock'))
    )
    with op.batch_alter_table('referral_clock', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_referral_clock_act_at'), ['act_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_clock_referral_id'), ['referral_id'], unique=False)

    op.create_table('referral_event',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('referral_id', sa.Uuid(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('from_status', sa.String(), nullable=False),
    sa.Column('to_status', sa.String(), nullable=False),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('actor_person_id', sa.Uuid(), nullable=True),
    sa.Column('actor_agency_id', sa.Uuid(), nullable=True),
    sa.Column('actor_part', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('occurred_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason_code', sa.String(), nullable=True),
    sa.Column('note_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=True),
    sa.Column('faults', sa.Integer(), nullable=False),
    sa.Column('retry_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("channel IN ('api', 'command', 'link', 'page', 'system')", name=op.f('ck_referral_event_channel')),
    sa.ForeignKeyConstraint(['actor_agency_id'], ['agency.id'], name=op.f('fk_referral_event_actor_agency_id')),
    sa.ForeignKeyConstraint(['actor_person_id'], ['person.id'], name=op.f('fk_referral_event_actor_person_id')),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_referral_event_referral_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_event')),
    sa.UniqueConstraint('position', name=op.f('uq_referral_event_position')),
    sa.UniqueConstraint('referral_id', 'seq', name=op.f('uq_referral_event_referral_id_seq'))
    )
    with op.batch_alter_table('referral_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_referral_event_actor_person_id'), ['actor_person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_event_recorded_at'), ['recorded_at'], unique=False)

    op.create_table('agency_event',
    sa.Column('agency_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_agency_event_agency_id')),
    sa.ForeignKeyConstraint(['event_id'], ['referral_event.id'], name=op.f('fk_agency_event_event_id')),
    sa.PrimaryKeyConstraint('agency_id', 'number', name=op.f('pk_agency_event')),
    sa.UniqueConstraint('event_id', 'agency_id', name=op.f('uq_agency_event_event_id_agency_id'))
    )
    op.create_table('notice',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('agency_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('referral_id', sa.Uuid(), nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mail', sa.String(), nullable=False),
    sa.Column('mailed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('arrived', 'assigned', 'consent', 'decision', 'emergency', 'ended', 'message', 'oversight', 'progress', 'question', 'reminder')", name=op.f('ck_notice_kind')),
    sa.CheckConstraint("mail IN ('at_once', 'daily', 'never')", name=op.f('ck_notice_mail')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_notice_agency_id')),
    sa.ForeignKeyConstraint(['event_id'], ['referral_event.id'], name=op.f('fk_notice_event_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notice_person_id')),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_notice_referral_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('person_id', 'event_id', name=op.f('uq_notice_person_id_event_id'))
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_event_id'), ['event_id'], unique=False)
        batch_op.create_index('ix_notice_mail_mailed_at', ['mail', 'mailed_at'], unique=False)
        batch_op.create_index('ix_notice_person_id_read_at', ['person_id', 'read_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_notice_referral_id'), ['referral_id'], unique=False)

    op.create_table('webhook_delivery',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('webhook_id', sa.Uuid(), nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('leased_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withheld_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['referral_event.id'], name=op.f('fk_webhook_delivery_event_id')),
    sa.ForeignKeyConstraint(['webhook_id'], ['webhook.id'], name=op.f('fk_webhook_delivery_webhook_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_delivery')),
    sa.UniqueConstraint('webhook_id', 'event_id', name=op.f('uq_webhook_delivery_webhook_id_event_id'))
    )
    with op.batch_alter_table('webhook_delivery', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webhook_delivery_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_webhook_delivery_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_webhook_delivery_webhook_id'), ['webhook_id'], unique=False)

    op.create_table('webhook_attempt',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('delivery_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('fault', sa.String(), nullable=True),
    sa.Column('milliseconds', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['delivery_id'], ['webhook_delivery.id'], name=op.f('fk_webhook_attempt_delivery_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_attempt'))
    )
    with op.batch_alter_table('webhook_attempt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webhook_attempt_delivery_id'), ['delivery_id'], unique=False)

    op.create_table('service_criterion',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('service_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('operator', sa.String(), nullable=False),
    sa.Column('values', sa.JSON(), nullable=False),
    sa.Column('required', sa.Boolean(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('quote', sa.String(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('age', 'disability', 'documents', 'gender', 'household', 'income', 'insurance', 'language', 'other', 'pregnancy', 'referral', 'residence', 'student', 'veteran')", name=op.f('ck_service_criterion_kind')),
    sa.CheckConstraint("operator IN ('all_of', 'at_most', 'between', 'is', 'one_of', 'read')", name=op.f('ck_service_criterion_operator')),
    sa.CheckConstraint("source IN ('agency', 'imported', 'inferred')", name=op.f('ck_service_criterion_source')),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_service_criterion_service_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_criterion'))
    )
    with op.batch_alter_table('service_criterion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_criterion_service_id'), ['service_id'], unique=False)

    op.create_table('shortlist_entry',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('service_id', sa.Uuid(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['client.id'], name=op.f('fk_shortlist_entry_client_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_shortlist_entry_person_id')),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_shortlist_entry_service_id')),
    sa.PrimaryKeyConstraint('person_id', 'client_id', 'service_id', name=op.f('pk_shortlist_entry'))
    )
    with op.batch_alter_table('shortlist_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shortlist_entry_client_id'), ['client_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_shortlist_entry_service_id'), ['service_id'], unique=False)

    with op.batch_alter_table('sign_in_session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('client_id', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_sign_in_session_client_id'), 'client', ['client_id'], ['id'])

    with op.batch_alter_table('agency', schema=None) as batch_op:
        batch_op.add_column(sa.Column('conflict_check', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('time_zone', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('holiday_region', sa.String(), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('agency', schema=None) as batch_op:
        batch_op.drop_column('holiday_region')
        batch_op.drop_column('time_zone')
        batch_op.drop_column('conflict_check')

    with op.batch_alter_table('sign_in_session', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_sign_in_session_client_id'), type_='foreignkey')
        batch_op.drop_column('client_id')

    with op.batch_alter_table('shortlist_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_shortlist_entry_service_id'))
        batch_op.drop_index(batch_op.f('ix_shortlist_entry_client_id'))

    op.drop_table('shortlist_entry')
    with op.batch_alter_table('service_criterion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_service_criterion_service_id'))

    op.drop_table('service_criterion')
    with op.batch_alter_table('webhook_attempt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_webhook_attempt_delivery_id'))

    op.drop_table('webhook_attempt')
    with op.batch_alter_table('webhook_delivery', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_webhook_delivery_webhook_id'))
        batch_op.drop_index(batch_op.f('ix_webhook_delivery_event_id'))
        batch_op.drop_index(batch_op.f('ix_webhook_delivery_due_at'))

    op.drop_table('webhook_delivery')
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_referral_id'))
        batch_op.drop_index('ix_notice_person_id_read_at')
        batch_op.drop_index('ix_notice_mail_mailed_at')
        batch_op.drop_index(batch_op.f('ix_notice_event_id'))

    op.drop_table('notice')
    op.drop_table('agency_event')
    with op.batch_alter_table('referral_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_referral_event_recorded_at'))
        batch_op.drop_index(batch_op.f('ix_referral_event_actor_person_id'))

    op.drop_table('referral_event')
    with op.batch_alter_table('referral_clock', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_referral_clock_referral_id'))
        batch_op.drop_index(batch_op.f('ix_referral_clock_act_at'))

    op.drop_table('referral_clock')
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_message_referral_id'))
        batch_op.drop_index(batch_op.f('ix_message_author_id'))

    op.drop_table('message')
    with op.batch_alter_table('goal_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_goal_step_goal_id'))

    op.drop_table('goal_step')
    with op.batch_alter_table('disclosure', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_disclosure_to_agency_id'))
        batch_op.drop_index(batch_op.f('ix_disclosure_referral_id'))
        batch_op.drop_index(batch_op.f('ix_disclosure_made_at'))
        batch_op.drop_index(batch_op.f('ix_disclosure_from_agency_id'))
        batch_op.drop_index(batch_op.f('ix_disclosure_consent_id'))
        batch_op.drop_index(batch_op.f('ix_disclosure_client_id'))

    op.drop_table('disclosure')
    with op.batch_alter_table('contact_attempt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contact_attempt_referral_id'))
        batch_op.drop_index(batch_op.f('ix_contact_attempt_author_id'))

    op.drop_table('contact_attempt')
    op.drop_table('service_clock')
    with op.batch_alter_table('referral', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_referral_to_team_id'))
        batch_op.drop_index('ix_referral_to_agency_id_status')
        batch_op.drop_index('ix_referral_to_agency_id_created_at')
        batch_op.drop_index('ix_referral_to_agency_id_closed_at')
        batch_op.drop_index(batch_op.f('ix_referral_service_id'))
        batch_op.drop_index(batch_op.f('ix_referral_sender_id'))
        batch_op.drop_index(batch_op.f('ix_referral_root_id'))
        batch_op.drop_index(batch_op.f('ix_referral_receiver_client_id'))
        batch_op.drop_index(batch_op.f('ix_referral_parent_id'))
        batch_op.drop_index(batch_op.f('ix_referral_need_id'))
        batch_op.drop_index(batch_op.f('ix_referral_from_team_id'))
        batch_op.drop_index('ix_referral_from_agency_id_status')
        batch_op.drop_index('ix_referral_from_agency_id_created_at')
        batch_op.drop_index('ix_referral_from_agency_id_closed_at')
        batch_op.drop_index(batch_op.f('ix_referral_first_sent_at'))
        batch_op.drop_index(batch_op.f('ix_referral_due_at'))
        batch_op.drop_index(batch_op.f('ix_referral_consent_id'))
        batch_op.drop_index(batch_op.f('ix_referral_client_id'))
        batch_op.drop_index(batch_op.f('ix_referral_assignee_id'))

    op.drop_table('referral')
    with op.batch_alter_table('goal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_goal_need_id'))
        batch_op.drop_index(batch_op.f('ix_goal_client_id'))

    op.drop_table('goal')
    with op.batch_alter_table('consent_recipient', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_consent_recipient_agency_id'))

    op.drop_table('consent_recipient')
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_task_referral_id'))
        batch_op.drop_index(batch_op.f('ix_task_client_id'))
        batch_op.drop_index(batch_op.f('ix_task_assignee_id'))
        batch_op.drop_index(batch_op.f('ix_task_agency_id'))

    op.drop_table('task')
    with op.batch_alter_table('need', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_need_need_code'))
        batch_op.drop_index(batch_op.f('ix_need_client_id'))

    op.drop_table('need')
    with op.batch_alter_table('household_member', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_household_member_client_id'))

    op.drop_table('household_member')
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_consent_client_id'))
        batch_op.drop_index(batch_op.f('ix_consent_agency_id'))

    op.drop_table('consent')
    with op.batch_alter_table('client_note', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_client_note_client_id'))
        batch_op.drop_index(batch_op.f('ix_client_note_author_id'))

    op.drop_table('client_note')
    with op.batch_alter_table('client_key', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_client_key_client_id'))
        batch_op.drop_index('ix_client_key_agency_id_key')

    op.drop_table('client_key')
    with op.batch_alter_table('client', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_client_worker_id'))
        batch_op.drop_index(batch_op.f('ix_client_team_id'))
        batch_op.drop_index(batch_op.f('ix_client_received_from'))
        batch_op.drop_index(batch_op.f('ix_client_agency_id'))

    op.drop_table('client')
    with op.batch_alter_table('webhook', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_webhook_agency_id'))

    op.drop_table('webhook')
    op.drop_table('notice_preference')
    with op.batch_alter_table('idempotent_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_idempotent_answer_created_at'))

    op.drop_table('idempotent_answer')
