"""The container's file system: the tree and the mounts, and how Pebble and Go work on them."""

from __future__ import annotations

import dataclasses
import errno
import zlib

from ..clock import Clock
from ..filetree import Directory, DirectoryDraft, File, FileTree, Node
from ..frozen import EMPTY, Draft, FrozenDict
from . import filehost, filepath, gotext
from .fileerror import Errno, FileError
from .fileplaces import Place, Places, check, check_name
from .users import ROOT, Known, Owner, user_name


class FileSystem:
    """Files that change.

    Args:
        tree: What there is at first.
        places: Finds paths; knows the mounts.
        known: The users.
        clock: Says when something was written; what lies on the host gets the host's time.
        own: The daemon's user, who owns what nobody else is named for.
        owners: Who owns what on the mounts, by path, as far as it was said earlier.
    """

    def __init__(
        self,
        tree: FileTree,
        places: Places,
        known: Known,
        clock: Clock,
        own: Owner,
        owners: FrozenDict[str, Owner] = EMPTY,
    ):
        self._tree = tree
        self._draft: DirectoryDraft | None = None
        self.places = places
        self.known = known
        self.own = own
        # The container's users mean nothing on the host, and giving files away there needs root.
        self.owners = Draft(owners)
        self._clock = clock
        self._seen: dict[tuple[int, str, int, str], Owner] = {}

    @property
    def tree(self) -> FileTree:
        """All files outside the mounts."""
        if self._draft is not None:
            self._tree, self._draft = self._draft.done(), None
        return self._tree

    @tree.setter
    def tree(self, tree: FileTree) -> None:
        self._tree, self._draft = tree, None

    # -- looking

    def find(self, call: str, path: str, *, follow: bool = True) -> Place:
        """What is at *path*, perhaps nothing.

        Raises:
            FileError: If the way there is barred; it names *call*.
        """
        try:
            return self.places.find(self.tree, path, follow=follow)
        except Errno as e:
            raise e.on(call, path) from None

    def stat(self, path: str) -> Place:
        """What is at *path*, links followed.

        Raises:
            FileError: If nothing is.
        """
        place = self.find('stat', path)
        if not place.kind:
            raise Errno(errno.ENOENT).on('stat', path)
        return place

    def read(self, path: str, place: Place) -> bytes:
        """The content of the regular file that *path* was found to be.

        Raises:
            FileError: If it may not be read.
        """
        try:
            if not self.places.may(place, 4):
                raise Errno(errno.EACCES)
            if place.host is not None:
                return filehost.read(place.host)
        except Errno as e:
            raise e.on('open', path) from None
        return place.node.data if place.node else b''

    def list(self, path: str, place: Place) -> list[tuple[str, Place]]:
        """The names and entries of the directory that *path* was found to be, sorted bytewise.

        Raises:
            FileError: If it may not be read.
        """
        try:
            return self.places.entries(place)
        except Errno as e:
            raise e.on('open', path) from None

    def owner(self, place: Place) -> Owner:
        """Who owns what is there, by number and, where the user or group has one, by name."""
        if place.node is not None:
            return self.owner_of(place.node)
        given = self.owners.get(place.path)
        if given is not None or place.found is None:
            return given or self.own
        return self._named(place.found.st_uid, place.found.st_gid)

    def owner_of(self, node: Node) -> Owner:
        """Who owns a node of the tree."""
        said = (node.user_id, node.user, node.group_id, node.group)
        owner = self._seen.get(said)
        if owner is None:
            owner = self._seen[said] = self._meant(*said)
        return owner

    def _meant(self, user_id: int, user: str, group_id: int, group: str) -> Owner:
        """Who a file of the tree belongs to: names count more than numbers."""
        known_user = self.known.user(user, user_id) if user else None
        known_group = self.known.group(group, group_id) if group else None
        if known_user is not None:
            user_id = known_user.user_id
        if known_group is not None:
            group_id = known_group
        named = self._named(user_id, group_id)
        return Owner(
            user_id,
            user if known_user else named.user,
            group_id,
            group if known_group is not None else named.group,
        )

    def _named(self, user_id: int, group_id: int) -> Owner:
        known = self.known
        return Owner(user_id, user_name(known, user_id), group_id, known.group_with_id(group_id))

    # -- writing

    def replace(self, path: str, data: bytes, mode: int, owner: Owner | None) -> None:
        """Write a file beside *path*, and rename it to *path*.

        Raises:
            FileError: If it can't be made or renamed.
        """
        # Pebble: osutil/io.go AtomicWriteChown
        temporary = _temporary(path)
        parent = self._writable_parent('open', temporary)
        self._check_may_give(owner)
        place = self._renamed(parent, temporary, path)
        if place.kind == 'directory':
            raise Errno(errno.EEXIST).on(f'rename {temporary}', path)
        if place.host is None:
            self.tree = self.tree.write(place.path, self.file(data, mode, owner))
            return
        # A real rename onto a mounted file fails, but tests mount files to see them written.
        write = filehost.overwrite if place.is_mount else filehost.replace
        try:
            write(place.host, data, mode)
        except Errno as e:
            raise e.on('open', temporary) from None
        self.owners[place.path] = owner or self.own

    def _renamed(self, parent: Place, temporary: str, path: str) -> Place:
        """What *path* leads to, given the directory of the file that is renamed to it."""
        head, _, name = path.rpartition('/')
        call = f'rename {temporary}'
        if head != temporary.rpartition('/')[0] or name in ('', '.', '..'):
            return self.find(call, path, follow=False)
        try:  # the way there is the same
            return self.places.step(parent, name)
        except Errno as e:
            raise e.on(call, path) from None

    def overwrite(self, path: str, data: bytes, owner: Owner) -> None:
        """Write as a program does: links are followed, and a file keeps its mode and owner.

        Missing directories are made.

        Raises:
            FileError: If it can't be written.
        """
        self.make_directory(filepath.directory(path), 0o755, owner, parents=True)
        place = self.find('open', path)
        if isinstance(place.node, File):
            new = dataclasses.replace(place.node, data=data, mtime_ns=self._clock.now_ns)
            self.tree = self.tree.write(place.path, new)
        elif place.found is not None:
            try:
                filehost.overwrite(place.host or '', data)
            except Errno as e:
                raise e.on('open', path) from None
        else:
            self.replace(place.path, data, 0o644, owner)

    def file(self, data: bytes, mode: int, owner: Owner | None) -> File:
        """A file that is written now."""
        owner = owner or self.own
        if owner is ROOT:
            return File(data, mode=mode, mtime_ns=self._clock.now_ns)
        return File(
            data,
            mode=mode,
            user_id=owner.user_id,
            user=owner.user,
            group_id=owner.group_id,
            group=owner.group,
            mtime_ns=self._clock.now_ns,
        )

    def put(self, path: str, file: File, *, make_dirs: bool) -> bool:
        """Put a file where that is all there is to do; whether it was.

        The tree is made anew when it is looked at: charms write many files of one directory.

        Args:
            path: Absolute, made of ordinary names, below no mount.
            file: What to put there.
            make_dirs: Whether root makes missing directories.
        """
        directory, _, name = path.rpartition('/')
        draft = self._draft
        if draft is None or draft.path != directory:
            draft = self.tree.draft(directory, file.mtime_ns if make_dirs else None)
            if draft is None:
                return False
        if not draft.put(name, file):
            return False
        self._draft = draft
        return True

    # -- directories

    def make_directory(self, path: str, mode: int, owner: Owner | None, *, parents: bool) -> None:
        """Make a directory; with *parents* also those above, and it may exist already.

        Raises:
            FileError: If it can't be made.
        """
        # Pebble: osutil/mkdir.go Mkdir
        path = filepath.clean(path)
        kind = self._kind(path)
        if kind == 'directory' and parents:
            return
        if kind:
            number = errno.EEXIST if kind == 'directory' else errno.ENOTDIR
            raise Errno(number).on('mkdir', path)
        missing = [path]
        while parents:
            path = filepath.directory(path)
            kind = self._kind(path) if path != '/' else 'directory'
            if kind == 'directory':
                break
            if kind:
                raise Errno(errno.ENOTDIR).on('mkdir', path)
            missing.append(path)
        for path in reversed(missing):
            self._make_directory(path, mode, owner)

    def _kind(self, path: str) -> str:
        """What is at a path; empty if that can't be found out."""
        try:
            return self.stat(path).kind
        except FileError:
            return ''

    def _make_directory(self, path: str, mode: int, owner: Owner | None) -> None:
        # Pebble: osutil/mkdir.go mkdir makes it under another name and renames it
        candidate = f'{path}.mkdir-new'
        parent = self._writable_parent('mkdir', candidate)
        name = filepath.base(path)
        try:
            self._check_may_give(owner)
        except FileError:
            self._put_directory(parent, f'{name}.mkdir-new', mode & ~0o022, None)
            raise
        if self.places.step(parent, name).kind:  # a link that leads nowhere
            self._put_directory(parent, f'{name}.mkdir-new', mode, owner)
            raise Errno(errno.ENOTDIR).on(f'rename {candidate}', path)
        earlier = self.places.step(parent, f'{name}.mkdir-new')
        if earlier.kind == 'directory':  # left by a failure; it is what is renamed now
            self._rename(earlier, self.places.step(parent, name))
        self._put_directory(parent, name, mode, owner)

    def _rename(self, old: Place, new: Place) -> None:
        if old.host is not None and new.host is not None:
            filehost.rename(old.host, new.host)
            self.owners.pop(old.path, None)
        elif old.node is not None:
            self.tree = self.tree.remove(old.path).write(new.path, old.node)

    def _put_directory(self, parent: Place, name: str, mode: int, owner: Owner | None) -> None:
        path = f'{parent.path}/{name}'
        owner = owner or self.own
        if parent.host is not None:
            try:
                filehost.make_directory(f'{parent.host}/{name}', mode)
            except Errno as e:
                raise e.on('mkdir', path) from None
            self.owners[path] = owner
            return
        node = Directory(
            mode=mode,
            user_id=owner.user_id,
            user=owner.user,
            group_id=owner.group_id,
            group=owner.group,
            mtime_ns=self._clock.now_ns,
        )
        self.tree = self.tree.write(path, node)

    def drop(self, place: Place) -> None:
        """Remove a file, link or empty directory that may be removed.

        A mounted file is no longer mounted then, and stays on the host.

        Raises:
            Errno: If the host refuses.
        """
        if place.is_mount:
            self._unmount(place.path)
        elif place.host is not None:
            filehost.remove(place.host, place.kind)
            self.owners.pop(place.path, None)
        else:
            self.tree = self.tree.remove(place.path, self._clock.now_ns)

    def _unmount(self, path: str) -> None:
        parent = self.places.find(self.tree, filepath.directory(path))
        if parent.host is None and self.tree.find(parent.path or '/') is None:
            self.tree = self.tree.mkdir(parent.path)
        self.places.leave_out((*self.places.unmounted, path))

    # -- permissions

    def _writable_parent(self, call: str, path: str) -> Place:
        """The directory in which *path* is to be made."""
        try:
            check(path)
            parent = self.places.find(self.tree, f'{filepath.directory(path)}/')
            if not parent.kind:
                raise Errno(errno.ENOENT)
            check_name(filepath.base(path))
            if not self.places.may(parent, 3):
                raise Errno(errno.EACCES)
        except Errno as e:
            raise e.on(call, path) from None
        return parent

    def _check_may_give(self, owner: Owner | None) -> None:
        # Pebble reports a failed chown without naming the path.
        own = self.own
        if owner is None or own.user_id == 0:
            return
        if (owner.user_id, owner.group_id) != (own.user_id, own.group_id):
            raise FileError(Errno(errno.EPERM).text, errno.EPERM)


def _temporary(path: str) -> str:
    # Go: os.CreateTemp puts a random number before the tilde; here equal paths get equal ones.
    name = filepath.base(path)
    if '*' in name:
        quoted = gotext.quote(name)
        raise FileError(f"cannot create tempfile for filename containing '*': {quoted}")
    if name == '/':
        raise FileError('createtemp /.*~: pattern contains path separator')
    parent = filepath.directory(path).rstrip('/')
    return f'{parent}/{name}.{zlib.crc32(path.encode())}~'
