from django.db import migrations

# A trigger marks whatever changes an entry, so that no writer, not even one in SQL, can forget it.
FORWARD = """
CREATE FUNCTION tickets_mark_ticket_for_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tickets_searchmark (ticket_id) VALUES (CASE TG_OP WHEN 'DELETE' THEN OLD.id ELSE NEW.id END);
    RETURN NULL;
END $$;
CREATE FUNCTION tickets_mark_part_for_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tickets_searchmark (ticket_id)
    VALUES (CASE TG_OP WHEN 'DELETE' THEN OLD.ticket_id ELSE NEW.ticket_id END);
    RETURN NULL;
END $$;
CREATE FUNCTION tickets_mark_all_for_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'INSERT INTO tickets_searchmark (ticket_id) SELECT id FROM tickets_ticket WHERE %I = $1', TG_ARGV[0]
    ) USING NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER tickets_search_new AFTER INSERT OR DELETE ON tickets_ticket
    FOR EACH ROW EXECUTE FUNCTION tickets_mark_ticket_for_search();
CREATE TRIGGER tickets_search_changed
    AFTER UPDATE OF subject, order_number, received_at, state, priority, channel, team_id, home_team_id,
        assignee_id, created_by_id, customer_id, shop_id, agent_id ON tickets_ticket
    FOR EACH ROW WHEN (
        (OLD.subject, OLD.order_number, OLD.received_at, OLD.state, OLD.priority, OLD.channel, OLD.team_id,
         OLD.home_team_id, OLD.assignee_id, OLD.created_by_id, OLD.customer_id, OLD.shop_id, OLD.agent_id)
        IS DISTINCT FROM
        (NEW.subject, NEW.order_number, NEW.received_at, NEW.state, NEW.priority, NEW.channel, NEW.team_id,
         NEW.home_team_id, NEW.assignee_id, NEW.created_by_id, NEW.customer_id, NEW.shop_id, NEW.agent_id)
    ) EXECUTE FUNCTION tickets_mark_ticket_for_search();
CREATE TRIGGER tickets_search_said AFTER INSERT OR DELETE ON tickets_message
    FOR EACH ROW EXECUTE FUNCTION tickets_mark_part_for_search();
CREATE TRIGGER tickets_search_said_otherwise AFTER UPDATE OF body, kind ON tickets_message
    FOR EACH ROW WHEN (OLD.body <> NEW.body OR OLD.kind <> NEW.kind)
    EXECUTE FUNCTION tickets_mark_part_for_search();
CREATE TRIGGER tickets_search_involved AFTER INSERT OR DELETE ON tickets_ticket_involved_teams
    FOR EACH ROW EXECUTE FUNCTION tickets_mark_part_for_search();
CREATE TRIGGER tickets_search_customer AFTER UPDATE OF name, email, phone ON people_customer
    FOR EACH ROW WHEN ((OLD.name, OLD.email, OLD.phone) IS DISTINCT FROM (NEW.name, NEW.email, NEW.phone))
    EXECUTE FUNCTION tickets_mark_all_for_search('customer_id');
CREATE TRIGGER tickets_search_shop AFTER UPDATE OF name ON people_shop
    FOR EACH ROW WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION tickets_mark_all_for_search('shop_id');
CREATE TRIGGER tickets_search_agent AFTER UPDATE OF name, code, phone ON people_reselleragent
    FOR EACH ROW WHEN ((OLD.name, OLD.code, OLD.phone) IS DISTINCT FROM (NEW.name, NEW.code, NEW.phone))
    EXECUTE FUNCTION tickets_mark_all_for_search('agent_id');

CREATE FUNCTION tickets_count_search_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text[] := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE tsvector_to_array(OLD.vector) END;
    after text[] := CASE WHEN TG_OP = 'DELETE' THEN '{}' ELSE tsvector_to_array(NEW.vector) END;
BEGIN
    INSERT INTO tickets_searchwordchange (words, n)
    SELECT words, n FROM (VALUES
        (ARRAY(SELECT w FROM (SELECT unnest(after) EXCEPT SELECT unnest(before)) came (w)
               WHERE w COLLATE "C" ~ '^[a-z]{3,30}$'), 1),
        (ARRAY(SELECT w FROM (SELECT unnest(before) EXCEPT SELECT unnest(after)) gone (w)
               WHERE w COLLATE "C" ~ '^[a-z]{3,30}$'), -1)
    ) change (words, n) WHERE words <> '{}';
    RETURN NULL;
END $$;
CREATE TRIGGER tickets_search_words AFTER INSERT OR UPDATE OF vector OR DELETE ON tickets_searchentry
    FOR EACH ROW EXECUTE FUNCTION tickets_count_search_words();
"""
BACKWARD = """
DROP TRIGGER tickets_search_words ON tickets_searchentry;
DROP TRIGGER tickets_search_agent ON people_reselleragent;
DROP TRIGGER tickets_search_shop ON people_shop;
DROP TRIGGER tickets_search_customer ON people_customer;
DROP TRIGGER tickets_search_involved ON tickets_ticket_involved_teams;
DROP TRIGGER tickets_search_said_otherwise ON tickets_message;
DROP TRIGGER tickets_search_said ON tickets_message;
DROP TRIGGER tickets_search_changed ON tickets_ticket;
DROP TRIGGER tickets_search_new ON tickets_ticket;
DROP FUNCTION tickets_count_search_words();
DROP FUNCTION tickets_mark_all_for_search();
DROP FUNCTION tickets_mark_part_for_search();
DROP FUNCTION tickets_mark_ticket_for_search();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0015_search"),
        ("people", "0003_shifts"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
