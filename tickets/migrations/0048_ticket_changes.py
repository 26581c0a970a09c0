import django.db.models.deletion
from django.db import migrations, models

# A sequence of its own: unlike numbers of transactions it goes on where a restored backup ends.
TRIGGER = """
CREATE SEQUENCE tickets_ticketchange_place AS bigint;
CREATE FUNCTION tickets_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tickets_ticketchange (ticket_id, place, at)
    VALUES (NEW.id, nextval('tickets_ticketchange_place'), clock_timestamp())
    ON CONFLICT (ticket_id) DO UPDATE SET place = excluded.place, at = excluded.at;
    RETURN NULL;
END $$;
CREATE TRIGGER tickets_changed AFTER INSERT OR UPDATE ON tickets_ticket
    FOR EACH ROW EXECUTE FUNCTION tickets_note_change();
"""
NO_TRIGGER = """
DROP TRIGGER tickets_changed ON tickets_ticket;
DROP FUNCTION tickets_note_change();
DROP SEQUENCE tickets_ticketchange_place;
"""
# What was there before counts as changed now. Who is being written meanwhile has its row already.
FILL = """
INSERT INTO tickets_ticketchange (ticket_id, place, at)
SELECT id, nextval('tickets_ticketchange_place'), clock_timestamp() FROM tickets_ticket
ON CONFLICT (ticket_id) DO NOTHING;
"""


class Migration(migrations.Migration):
    # The trigger in a moment; the filling afterwards holds up no writer.
    atomic = False
    dependencies = [("tickets", "0047_supplier_events")]
    operations = [
        migrations.CreateModel(
            name="TicketChange",
            fields=[
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="change",
                        serialize=False,
                        to="tickets.ticket",
                    ),
                ),
                ("place", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["place"], name="ticket_changes_in_order")],
            },
        ),
        migrations.RunSQL([TRIGGER], [NO_TRIGGER]),
        migrations.RunSQL([FILL], migrations.RunSQL.noop),
    ]
