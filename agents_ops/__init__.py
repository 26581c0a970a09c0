"""Reseller agents: playbooks, verification, supplier complaints, four-eyes, quality.

Holds its place in the import order; its models arrive with the first playbook.
"""
