#!/usr/bin/env python3
"""Run a PostgreSQL database."""

import dataclasses
import logging
import time

import ops
from ops import pebble

logger = logging.getLogger(__name__)

CONFIG_PATH = '/etc/postgresql/postgresql.conf'
DUMP_TIMEOUT = 10 * 60
RESTART_TIMEOUT = 60
BACKUPS = '/var/backups/postgresql'
BACKUP_DONE = 'canonical.com/postgresql/backup-done'


@dataclasses.dataclass(frozen=True)
class BackupParams:
    """Parameters of the backup action."""

    database: str


class PostgresqlCharm(ops.CharmBase):
    """Keeps a database running, backed up, and watched."""

    _stored = ops.StoredState()

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self.container = self.unit.get_container('db')
        self._stored.set_default(last_backup='')
        framework.observe(self.on['db'].pebble_ready, self._on_update)
        framework.observe(self.on.config_changed, self._on_update)
        framework.observe(self.on['db'].pebble_check_failed, self._on_check_failed)
        framework.observe(self.on['db'].pebble_check_recovered, self._on_check_recovered)
        framework.observe(self.on['db'].pebble_custom_notice, self._on_custom_notice)
        framework.observe(self.on.backup_action, self._on_backup_action)
        framework.observe(self.on.restart_action, self._on_restart_action)

    # -- the database

    def _on_update(self, _: ops.EventBase) -> None:
        try:
            self._configure()
            self.container.replan()
            self.unit.set_workload_version(self._version())
        except pebble.ConnectionError:
            self.unit.status = ops.WaitingStatus('waiting for Pebble')
        except pebble.ChangeError as e:
            logger.error('%s', e)
            self.unit.status = ops.BlockedStatus('the database does not start')
        else:
            self.unit.status = ops.ActiveStatus()

    def _on_restart_action(self, event: ops.ActionEvent) -> None:
        began = time.monotonic()
        self.container.restart('postgresql')
        while time.monotonic() - began < RESTART_TIMEOUT:
            if self._answers():
                event.set_results({'seconds': round(time.monotonic() - began)})
                return
            time.sleep(1)
        event.fail(f'the database does not answer after {RESTART_TIMEOUT} s')

    def _answers(self) -> bool:
        try:
            self.container.exec(['pg_isready'], service_context='postgresql').wait()
        except (pebble.ExecError, pebble.ConnectionError):
            # Also without Pebble the database may answer soon: it is asked again.
            return False
        return True

    def _configure(self) -> None:
        connections = self.config['max-connections']
        self.container.push(
            CONFIG_PATH,
            f'max_connections = {connections}\n',
            make_dirs=True,
            permissions=0o640,
            user='postgres',
            group='postgres',
        )
        self.container.add_layer('postgresql', self._layer(), combine=True)

    def _version(self) -> str:
        output, _ = self.container.exec(['postgres', '--version']).wait_output()
        return output.split()[-1]

    def _layer(self) -> pebble.Layer:
        return pebble.Layer(
            {
                'services': {
                    'postgresql': {
                        'override': 'replace',
                        'summary': 'the database',
                        'command': f'postgres -c config_file={CONFIG_PATH}',
                        'startup': 'enabled',
                        'user': 'postgres',
                        'group': 'postgres',
                        'environment': {'PGDATA': '/var/lib/postgresql/data'},
                        'kill-delay': '30s',
                        'on-check-failure': {'alive': 'restart'},
                    }
                },
                'checks': {
                    'alive': {
                        'override': 'replace',
                        'level': 'alive',
                        'period': '5s',
                        'threshold': 3,
                        'exec': {'command': 'pg_isready', 'service-context': 'postgresql'},
                    }
                },
            }
        )

    # -- checks

    def _on_check_failed(self, event: ops.PebbleCheckFailedEvent) -> None:
        # The check may have passed again since Juju sent the event.
        if event.info.status is pebble.CheckStatus.DOWN:
            self.unit.status = ops.MaintenanceStatus('the database does not answer')

    def _on_check_recovered(self, _: ops.PebbleCheckRecoveredEvent) -> None:
        self.unit.status = ops.ActiveStatus()

    # -- backups

    def _on_backup_action(self, event: ops.ActionEvent) -> None:
        database = event.load_params(BackupParams).database
        try:
            path = self._back_up(database)
        except pebble.ExecError as e:
            event.fail(f'cannot back up {database!r}: {(e.stderr or "").strip()}')
        except pebble.ChangeError:
            event.fail(f'cannot back up {database!r}: not done within {DUMP_TIMEOUT} s')
        except pebble.ConnectionError:
            event.fail(f'cannot back up {database!r}: Pebble cannot be reached')
        else:
            event.set_results({'path': path})

    def _back_up(self, database: str) -> str:
        process = self.container.exec(
            ['pg_dump', database], service_context='postgresql', timeout=DUMP_TIMEOUT
        )
        dump, warnings = process.wait_output()
        for line in (warnings or '').splitlines():
            logger.warning('pg_dump: %s', line)
        path = f'{BACKUPS}/{database}.sql'
        self.container.push(path, dump, make_dirs=True, permissions=0o600)
        return path

    def _on_custom_notice(self, event: ops.PebbleCustomNoticeEvent) -> None:
        """Take note of a backup that the workload's own timer has made."""
        if event.notice.key != BACKUP_DONE:
            return
        path = event.notice.last_data['path']
        try:
            (info,) = self.container.list_files(path, itself=True)
        except pebble.ConnectionError:
            # Juju sends each notice once.
            event.defer()
            return
        logger.info('Backup %s has %d bytes', path, info.size or 0)
        self._stored.last_backup = path


if __name__ == '__main__':
    ops.main(PostgresqlCharm)
