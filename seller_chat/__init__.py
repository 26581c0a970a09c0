"""Buyer Messages and Seller Center: conversations, 24-hour rule, moderation, enforcement, appeals."""
