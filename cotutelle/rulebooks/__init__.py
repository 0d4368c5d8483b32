"""The law and the universities' own rules as data, read into domain values."""
