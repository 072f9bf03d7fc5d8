"""The audit log is append-only, and quickly asked by person and by verb."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_audit_entry_actor_id": "actor_id",
    "ix_audit_entry_actor": "actor",
    "ix_audit_entry_verb": "verb",
}
# A fact stays as it is. Erasing a person may take out who and what it was about (app/booking/exporting),
# deleting a user may empty ``actor_id``, and what is older than 30 days may go (app/accounts/retention).
_POSTGRESQL = """
CREATE FUNCTION audit_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN RAISE EXCEPTION 'audit_entry_append_only'; END IF;
  IF TG_OP = 'DELETE' THEN
    IF OLD.at > now() - interval '30 days' THEN RAISE EXCEPTION 'audit_entry_append_only'; END IF;
    RETURN OLD;
  END IF;
  IF NEW.id IS DISTINCT FROM OLD.id OR NEW.at IS DISTINCT FROM OLD.at
    OR NEW.verb IS DISTINCT FROM OLD.verb OR NEW.object_type IS DISTINCT FROM OLD.object_type
    OR NEW.actor_id IS DISTINCT FROM OLD.actor_id AND NEW.actor_id IS NOT NULL
    OR NEW.actor NOT IN (OLD.actor, 'Erased contact')
    OR NEW.object_id NOT IN (OLD.object_id, '') OR NEW.client_address NOT IN (OLD.client_address, '')
    OR NOT OLD.detail::jsonb @> NEW.detail::jsonb
  THEN RAISE EXCEPTION 'audit_entry_append_only'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION audit_entry_append_only();
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_append_only();
"""
_SQLITE = (
    """CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
    WHEN NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at
      OR NEW.verb IS NOT OLD.verb OR NEW.object_type IS NOT OLD.object_type
      OR NEW.actor_id IS NOT OLD.actor_id AND NEW.actor_id IS NOT NULL
      OR NEW.actor NOT IN (OLD.actor, 'Erased contact')
      OR NEW.object_id NOT IN (OLD.object_id, '') OR NEW.client_address NOT IN (OLD.client_address, '')
      OR EXISTS (
        SELECT 1 FROM json_each(NEW.detail) AS after WHERE NOT EXISTS (
          SELECT 1 FROM json_each(OLD.detail) AS before
          WHERE before.key IS after.key AND before.type IS after.type AND before.value IS after.value
        )
      )
    BEGIN SELECT RAISE(ABORT, 'audit_entry_append_only'); END""",
    """CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
    WHEN OLD.at > datetime('now', '-30 days')
    BEGIN SELECT RAISE(ABORT, 'audit_entry_append_only'); END""",
)


def upgrade() -> None:
    with op.batch_alter_table("audit_entry") as batch_op:
        for name, column in _INDEXES.items():
            batch_op.create_index(name, [column], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_POSTGRESQL)
    else:
        for trigger in _SQLITE:
            op.execute(trigger)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_entry_append_only ON audit_entry")
        op.execute("DROP TRIGGER audit_entry_no_truncate ON audit_entry")
        op.execute("DROP FUNCTION audit_entry_append_only()")
    else:
        op.execute("DROP TRIGGER audit_entry_no_update")
        op.execute("DROP TRIGGER audit_entry_no_delete")
    with op.batch_alter_table("audit_entry") as batch_op:
        for name in _INDEXES:
            batch_op.drop_index(name)
