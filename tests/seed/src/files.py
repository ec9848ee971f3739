"""Section "Manage files in the workload container": one method for each of its snippets."""

from __future__ import annotations

import logging

import ops

logger = logging.getLogger(__name__)


class FilesCharm(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self.container = self.unit.get_container('main')

    def push(self) -> None:
        config = """
port = 7777
max_connections = 1000
"""
        self.container.push('/etc/pg/postgresql.conf', config, make_dirs=True)

    def update(self) -> None:
        config = self.container.pull('/etc/pg/postgresql.conf').read()
        if 'port =' not in config:
            config += '\nport = 8888\n'
        self.container.push('/etc/pg/postgresql.conf', config)
        self.container.restart('postgresql')

    def push_directory(self, source: str) -> None:
        self.container.push_path(source, '/destination')

    def push_content(self, source: str) -> None:
        self.container.push_path(f'{source}/*', '/destination')

    def pull_directory(self, destination: str) -> None:
        self.container.pull_path('/source/dir', destination)

    def pull_content(self, destination: str) -> None:
        self.container.pull_path('/source/dir/*', destination)

    def list(self) -> None:
        infos = self.container.list_files('/etc', pattern='*.conf')
        # Repaired: a directory that the pattern matches has no size.
        total_size = sum(f.size or 0 for f in infos)
        logger.info('total size of config files: %d', total_size)
        names = {f.name for f in infos}
        if 'host.conf' not in names:
            raise Exception('This charm requires /etc/host.conf!')

    def make_directories(self) -> None:
        self.container.make_dir('/etc/pg', user='postgres', group='postgres')
        self.container.make_dir('/some/other/nested/dir', make_parents=True)

    def remove(self) -> None:
        self.container.remove_path('/var/log/apache/access.log')
        self.container.remove_path('/tmp/mysubdir', recursive=True)

    def look(self) -> dict[str, tuple[bool, bool]]:
        paths = ('/tmp/myfile', '/tmp/mydir', '/tmp/nothing')
        return {path: (self.container.exists(path), self.container.isdir(path)) for path in paths}
