"""The field itself, in plain Python: values in, values out, no clock, no session, no file, no words."""
