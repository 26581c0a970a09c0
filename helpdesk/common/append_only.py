"""A table whose rows the database itself refuses to change or delete."""

from __future__ import annotations

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION tuntas_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def append_only(table: str) -> migrations.RunSQL:
    """Migration operation: refuse UPDATE and DELETE on `table`."""
    return migrations.RunSQL(
        FUNCTION
        + f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION tuntas_refuse_change();
""",
        f"""
DROP TRIGGER IF EXISTS {table}_append_only ON {table};
""",
    )
