"""Section "Run commands on the workload container": one method for each of its snippets."""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time

import ops

logger = logging.getLogger(__name__)


class ExecCharm(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self.container = self.unit.get_container('main')

    def dump(self) -> str:
        process = self.container.exec(['pg_dump', 'mydb'], timeout=5 * 60)
        sql, warnings = process.wait_output()
        if warnings:
            for line in warnings.splitlines():
                logger.warning('pg_dump: %s', line.strip())
        return sql

    def handle_error(self) -> None:
        process = self.container.exec(['cat', '--bad-arg'])
        try:
            stdout, _ = process.wait_output()
            logger.info(stdout)
        except ops.pebble.ExecError as e:
            logger.error('Exited with code %d. Stderr:', e.exit_code)
            assert e.stderr is not None
            for line in e.stderr.splitlines():
                logger.error('    %s', line)

    def use_options(self) -> None:
        process = self.container.exec(
            ['/bin/sh', '-c', 'echo HOME=$HOME, PWD=$PWD, FOO=$FOO'],
            environment={'FOO': 'bar'},
            working_dir='/tmp',
            timeout=5.0,
            user='bob',
            group='staff',
        )
        stdout, _ = process.wait_output()
        logger.info('Output: %r', stdout)

    def use_service_context(self) -> None:
        process = self.container.exec(['pg_dump', 'mydb'], service_context='database')
        process.wait_output()

    def send_text(self) -> None:
        process = self.container.exec(['tr', 'a-z', 'A-Z'], stdin='This is\na test\n')
        stdout, _ = process.wait_output()
        logger.info('Output: %r', stdout)

    def send_bytes(self) -> None:
        process = self.container.exec(['cat'], stdin=b'\x01\x02', encoding=None)
        stdout, _ = process.wait_output()
        logger.info('Output: %r', stdout)

    def use_files(self, source: str, destination: str) -> None:
        with open(source) as stdin, open(destination, 'w') as stdout:
            process = self.container.exec(
                ['tr', 'a-z', 'A-Z'],
                stdin=stdin,
                stdout=stdout,
                stderr=sys.stderr,
            )
            process.wait()

    def stream(self) -> None:
        process = self.container.exec(['cat'])
        assert process.stdin is not None and process.stdout is not None
        stdin = process.stdin

        def stdin_thread() -> None:
            try:
                for line in ['one\n', '2\n', 'THREE\n']:
                    stdin.write(line)
                    stdin.flush()
                    time.sleep(1)
            finally:
                stdin.close()

        threading.Thread(target=stdin_thread).start()

        # Repaired: the document shows the lines quoted and unstripped, unlike this format.
        for line in process.stdout:
            logging.info('Output: %s', line.strip())

        process.wait()

    def send_signal(self) -> None:
        process = self.container.exec(['sleep', '10'])
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        process.wait()
