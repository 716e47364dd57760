"""Entities: scored pairs to clusters, clusters to identities that persist."""
