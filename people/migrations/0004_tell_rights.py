from django.db import migrations

from helpdesk.common.telling import RIGHTS, tells

ANY = "INSERT OR UPDATE OR DELETE"


class Migration(migrations.Migration):
    """What somebody may see can shrink only by these tables; open streams hear of it at once."""

    dependencies = [
        ("people", "0003_shifts"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("sessions", "0001_initial"),
    ]
    operations = [
        tells("people_teammembership", RIGHTS, on=ANY),
        tells("people_user_groups", RIGHTS, on=ANY),
        tells("auth_group_permissions", RIGHTS, on=ANY),
        tells("people_user", RIGHTS, on="UPDATE OF is_active, is_superuser, password OR DELETE"),
        tells("people_apitoken", RIGHTS, on="UPDATE OF revoked_at, expires_at OR DELETE"),
        tells("django_session", RIGHTS, on="DELETE"),
    ]
