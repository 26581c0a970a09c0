"""Buyer Messages and Seller Center: conversations, 24-hour rule, moderation, enforcement, appeals.

Holds its place in the import order; its models arrive with the first conversation.
"""
