"""How fast the product answers: run by hand with ``make bench``, on a quiet machine, in CPU time."""
