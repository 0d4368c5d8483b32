"""``python -m tests.bench``: print each figure with its aim; status 1 when an aim is missed."""

import sys

from tests.bench import documents, milestones, rules


def main() -> int:
    """Every measurement, one line each."""
    reached = True
    for part in (rules, milestones, documents):
        for name, figure, unit, held in part.measured():
            print(f"  {name:<42} {figure:>9,.2f} {unit}{'' if held else '  MISSED'}", flush=True)  # noqa: T201  # a command speaks
            reached &= held
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
