"""Shows what happened in one of the example charms' tests: a database is started and backed up."""

from __future__ import annotations

import pathlib
import sys

import scenario_pebble as scenario

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / 'postgresql' / 'src'))

from charm import PostgresqlCharm


def main() -> None:
    """Run two events on one State, and print the timeline."""
    ctx = scenario.Context(PostgresqlCharm)
    db = scenario.Container(
        'db',
        can_connect=True,
        execs={
            scenario.Exec(['postgres', '--version'], stdout='postgres (PostgreSQL) 16.4\n'),
            scenario.Exec(['pg_dump'], stdout='CREATE TABLE orders;\n', duration=12),
        },
    )

    ready = ctx.run(ctx.on.pebble_ready(db), scenario.State(containers={db}))
    ctx.run(ctx.on.action('backup', params={'database': 'shop'}), ready)

    print('\nWhat happens when the PostgreSQL charm starts its database and backs it up:\n')
    print(ctx.timeline)


if __name__ == '__main__':
    main()
