"""Jobs: the recipes, each readable top to bottom."""
