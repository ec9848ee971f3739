"""Section "Use custom notices": respond to a notice, and fetch notices."""

from __future__ import annotations

import logging
from typing import IO

import ops

logger = logging.getLogger(__name__)


class Bucket:
    """Filled in: the document doesn't define its S3 bucket. This one remembers."""

    def __init__(self) -> None:
        self.uploads: dict[str, bytes] = {}

    def upload_fileobj(self, source: IO[bytes], key: str) -> None:
        self.uploads[key] = source.read()


s3_bucket = Bucket()


class PostgresCharm(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on['db'].pebble_custom_notice, self._on_pebble_custom_notice)

    def _on_pebble_custom_notice(self, event: ops.PebbleCustomNoticeEvent) -> None:
        if event.notice.key == 'canonical.com/postgresql/backup-done':
            path = event.notice.last_data['path']
            logger.info('Backup finished, copying %s to the cloud', path)
            f = event.workload.pull(path, encoding=None)
            s3_bucket.upload_fileobj(f, 'db-backup.sql')

        elif event.notice.key == 'canonical.com/postgresql/other-thing':
            logger.info('Handling other thing')


class AskingCharm(ops.CharmBase):
    """Filled in: the document names the two methods without a snippet."""

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self.container = self.unit.get_container('db')

    def one(self, notice_id: str) -> ops.pebble.Notice:
        return self.container.get_notice(notice_id)

    def with_key(self, key: str) -> list[ops.pebble.Notice]:
        return self.container.get_notices(keys=[key])
