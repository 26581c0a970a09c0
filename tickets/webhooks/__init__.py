"""Webhooks: `owing` follows the events, `sending` carries them, `verbs` are what people do."""
