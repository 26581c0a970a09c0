"""Front door of the people's records."""

from people.models.client import ApiClient
from people.models.limit import AttemptWindow
from people.models.organisation import OrganisationProfile, organisation
from people.models.reporters import Customer, ResellerAgent, Shop, Tier, shop_name_key
from people.models.shift import Shift
from people.models.status import StatusChange, standings
from people.models.team import Team, TeamMembership
from people.models.token import ApiToken
from people.models.user import User

__all__ = [
    "ApiClient",
    "ApiToken",
    "AttemptWindow",
    "Customer",
    "OrganisationProfile",
    "ResellerAgent",
    "Shift",
    "Shop",
    "StatusChange",
    "Team",
    "TeamMembership",
    "Tier",
    "User",
    "organisation",
    "shop_name_key",
    "standings",
]
