"""How good a model is: judged by truth, compared with another, watched as the data drift."""
