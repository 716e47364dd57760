"""How good a model is: judged by what is known of its records, compared with another."""
