"""Unit tests for Juju charms on a simulated Pebble daemon, on virtual time.

The API is a superset of that of ``ops.testing``: its tests run with only the import changed.
"""

from __future__ import annotations

from .context import CharmType, Context
from .daemon.users import User, Users
from .errors import (
    ActionFailed,
    ActionMissingFromContextError,
    ActionOutput,
    AlreadyEmittedError,
    BadOwnerPath,
    ContextSetupError,
    InconsistentScenarioError,
    MetadataNotFoundError,
    NoObserverError,
    NotFoundError,
    NotSimulatedError,
    ScenarioError,
    ScenarioRuntimeError,
    StateValidationError,
    UncaughtCharmError,
)
from .faultreport import FaultOutcome, FaultReport
from .filetree import Directory, File, FileTree, Symlink
from .juju.records import JujuLogLine
from .loading import load_for_tests
from .manager import Manager
from .state.action import AnyJson
from .state.check import CheckInfo, Fail, Pass
from .state.container import Container, Mount
from .state.databag import dump_databag, load_databag
from .state.deferred import DeferredEvent
from .state.diff import diff
from .state.events import CharmEvents
from .state.fault import Fault, FaultKind
from .state.layer import layer_from_rockcraft
from .state.liveness import LivenessProbe
from .state.model import CloudCredential, CloudSpec, Model
from .state.network import Address, BindAddress, Network
from .state.notice import Notice
from .state.port import ICMPPort, Port, TCPPort, UDPPort
from .state.program import Exec, ExecCall, ExecResult, OnSignal, Program
from .state.queue import QueuedEvent
from .state.relation import (
    PeerRelation,
    RawDataBagContents,
    Relation,
    RelationBase,
    SubordinateRelation,
    UnitID,
)
from .state.resource import Resource
from .state.secret import RawSecretRevisionContents, Secret
from .state.state import State
from .state.status import (
    ActiveStatus,
    BlockedStatus,
    ErrorStatus,
    MaintenanceStatus,
    UnknownStatus,
    WaitingStatus,
)
from .state.stimulus import (
    Connect,
    CrashService,
    Disconnect,
    FailCheck,
    Notify,
    PassCheck,
    ReplaceContainer,
    RestartContainer,
    Stimulus,
)
from .state.storage import Storage
from .state.stored import StoredState
from .sweep import FaultCase
from .timeline import Timeline
from .wire.exechistory import ExecArgs

__all__ = [
    'ActionFailed',
    'ActionMissingFromContextError',
    'ActionOutput',
    'ActiveStatus',
    'Address',
    'AlreadyEmittedError',
    'AnyJson',
    'BadOwnerPath',
    'BindAddress',
    'BlockedStatus',
    'CharmEvents',
    'CharmType',
    'CheckInfo',
    'CloudCredential',
    'CloudSpec',
    'Connect',
    'Container',
    'Context',
    'ContextSetupError',
    'CrashService',
    'DeferredEvent',
    'Directory',
    'Disconnect',
    'ErrorStatus',
    'Exec',
    'ExecArgs',
    'ExecCall',
    'ExecResult',
    'Fail',
    'FailCheck',
    'Fault',
    'FaultCase',
    'FaultKind',
    'FaultOutcome',
    'FaultReport',
    'File',
    'FileTree',
    'ICMPPort',
    'InconsistentScenarioError',
    'JujuLogLine',
    'LivenessProbe',
    'MaintenanceStatus',
    'Manager',
    'MetadataNotFoundError',
    'Model',
    'Mount',
    'Network',
    'NoObserverError',
    'NotFoundError',
    'NotSimulatedError',
    'Notice',
    'Notify',
    'OnSignal',
    'Pass',
    'PassCheck',
    'PeerRelation',
    'Port',
    'Program',
    'QueuedEvent',
    'RawDataBagContents',
    'RawSecretRevisionContents',
    'Relation',
    'RelationBase',
    'ReplaceContainer',
    'Resource',
    'RestartContainer',
    'ScenarioError',
    'ScenarioRuntimeError',
    'Secret',
    'State',
    'StateValidationError',
    'Stimulus',
    'Storage',
    'StoredState',
    'SubordinateRelation',
    'Symlink',
    'TCPPort',
    'Timeline',
    'UDPPort',
    'UncaughtCharmError',
    'UnitID',
    'UnknownStatus',
    'User',
    'Users',
    'WaitingStatus',
    'diff',
    'dump_databag',
    'layer_from_rockcraft',
    'load_databag',
]

load_for_tests()
del load_for_tests
