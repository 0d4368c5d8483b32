"""The demonstration world: real institutions with their public facts, invented persons, dates relative to today."""
