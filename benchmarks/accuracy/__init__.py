"""The accuracy scoreboard: how right the product is, where it loses pairs, against the peers."""
