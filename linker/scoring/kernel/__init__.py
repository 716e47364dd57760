"""The kernel: a model compiled to one function over packed features."""
