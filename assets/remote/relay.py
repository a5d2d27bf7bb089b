"""
The far end of connections that outlive SSH connections.

It runs on the remote machine, without root and without a file of its own: its source comes over an SSH channel to
`python3 -c`. It connects to ports of this machine, keeps those connections while the SSH connection below is replaced,
and keeps what was sent until the client has confirmed it. It ends, and removes its folder, when the client says so or
has been silent for the time of grace.

Python 3.6 or later, standard library only. One thread, no blocking call. What goes over the wire is described in
ARCHITECTURE.md, "Streams that survive".
"""

import errno
import fcntl
import glob
import hmac
import itertools
import json
import os
import resource
import selectors
import shutil
import signal
import socket
import struct
import sys
import tempfile
import time
import traceback
from collections import deque
from typing import Any, Callable, Deque, Dict, List, Optional, Set, Tuple, Union

# A line of its own, since what the person's rc files print may come before it.
MARK = "clearml-session-tray-relay"

TOKEN_BYTES = 32
# Kind, token, number of the SSH connection. Of several, the latest counts.
HELLO = struct.Struct("!B32sI")
# First id that the client has not used yet, and how many ids follow: those of the streams that it still has.
CONTROL_HELLO = struct.Struct("!II")
# Id, port, whether it may be new, bytes received, offset of the first byte that follows, offset of the end.
STREAM_HELLO = struct.Struct("!IHBQQQ")
# Status, bytes received, offset of the end.
REPLY = struct.Struct("!BQQ")
# Type, id of the stream, offset.
RECORD = struct.Struct("!BIQ")
# Id of the stream that it belongs to.
LANE_HELLO = struct.Struct("!I")
# Offset and length of the bytes that follow.
PIECE = struct.Struct("!QI")
ID = struct.Struct("!I")

CONTROL, STREAM, LANE = 1, 2, 3
OPEN, REFUSED, FORBIDDEN, GONE = 0, 1, 2, 3
ACK, FIN, RST, PING, PONG, BYE, ALLOW = 1, 2, 3, 4, 5, 6, 7
# In place of an offset: there is none, or it is the one that the reply tells.
NONE = 2 ** 64 - 1

READ_BYTES = 256 * 1024
READ_BYTES_WHEN_FULL = 16 * 1024
# What one stream and all of them may keep: beyond it their targets are no longer read.
STREAM_CAP = 16 * 1024 * 1024
GLOBAL_CAP = 128 * 1024 * 1024
# A stream that keeps less goes on whatever the others keep.
FAIR_SHARE = 64 * 1024
# A target is not read ahead of a channel that does not take more.
UNSENT_CAP = 1024 * 1024
# What a chunk costs beside its bytes.
CHUNK_COST = 64
MAX_LIVE = 1 << 20
# As much as every system takes.
MAX_SOCKET_PATH = 100
MAX_NEWCOMERS = 4096

ACK_BYTES = 256 * 1024
ACK_S = 0.02
CONNECT_S = 10.0
HELLO_S = 10.0
TICK_S = 10.0
# All streams are looked through no more often than that, however much is going on.
LOOK_S = 1.0
# Without a word from the client. Where the client runs on the same machine, less will do.
GRACE_S = float(os.environ.get("CLEARML_SESSION_TRAY_GRACE_S", 3 * 3600))
# The same once the client has begun anew, and will never ask for these streams again.
SUPERSEDED_S = 60.0
# No relay starts so long after it was asked for; who was asked for that much later has another clock.
LATE_MS = 60 * 1000
# For the client to come at all.
UNMET_S = 60.0

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
LINGER_0 = struct.pack("ii", 1, 0)
TRY_AGAIN = (BlockingIOError, InterruptedError)

Chunk = Union[bytes, memoryview]


class ProtocolError(Exception):
    """The other end said what it must not say."""


class Endpoint:
    """A socket, what is waited for at it, and who is told."""

    def __init__(
        self,
        selector: selectors.BaseSelector,
        sock: socket.socket,
        ready: Callable[[int], None],
        failed: Callable[[], None],
    ) -> None:
        self.selector = selector
        self.sock = sock
        self.ready = ready
        self.failed = failed
        self.mask = 0
        self.closed = False
        sock.setblocking(False)

    def want(self, mask: int) -> None:
        if self.closed or mask == self.mask:
            return
        if not self.mask:
            self.selector.register(self.sock, mask, self)
        elif not mask:
            self.selector.unregister(self.sock)
        else:
            self.selector.modify(self.sock, mask, self)
        self.mask = mask

    def close(self, reset: bool = False) -> None:
        if self.closed:
            return
        self.want(0)
        self.closed = True
        try:
            if reset:
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_0)
        except OSError:
            pass
        try:
            self.sock.close()
        except OSError:
            pass


class Stream:
    """
    One connection to a port of this machine.

    Toward the client it has an offset for each byte, and one more for the end. It lives until the client lets go of it,
    which may be long after both directions have ended.
    """

    def __init__(self, relay: "Relay", id_: int, port: int) -> None:
        self.relay = relay
        self.id = id_
        self.channel = None  # type: Optional[Endpoint]
        # To the client: `replay` holds what lies between `base` and `end`, `unsent` its last part.
        self.replay = deque()  # type: Deque[bytes]
        self.unsent = deque()  # type: Deque[Chunk]
        self.unsent_bytes = 0
        self.base = 0
        self.end = 0
        self.fin = None  # type: Optional[int]
        self.fin_acked = False
        # To the target.
        self.received = 0
        self.skip = 0
        self.acked = 0
        self.pending = deque()  # type: Deque[Chunk]
        self.pending_bytes = 0
        # What has come by lanes before what precedes it, by its offset.
        self.lanes = []  # type: List[Endpoint]
        self.early = {}  # type: Dict[int, Chunk]
        self.early_bytes = 0
        self.peer_fin = None  # type: Optional[int]
        self.peer_ended = False
        self.connected = False
        # The target takes no more.
        self.broken = False
        # It has broken the connection off: what it had said before that is delivered first.
        self.cut = False
        self.silent = False
        self.cost = 0
        self.deadline = relay.now() + CONNECT_S  # type: Optional[float]
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.target = Endpoint(relay.selector, sock, self.target_ready, self.reset)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError:
            pass
        code = sock.connect_ex(("127.0.0.1", port))
        if code not in (0, errno.EINPROGRESS, errno.EWOULDBLOCK):
            raise OSError(code, os.strerror(code))

    @property
    def ack(self) -> int:
        return self.received + (1 if self.peer_ended else 0)

    def attach(self, channel: Endpoint, received: int, start: int, fin: int) -> None:
        """The client has it on a channel, anew; what it says of offsets must fit to what is known."""
        if start == NONE:
            start = self.received
        if start > self.received:
            raise ProtocolError("bytes are missing before %d" % start)
        self.detach()
        self.take_ack(received)
        if fin != NONE:
            self.take_fin(fin)
        if self.relay.streams.get(self.id) is not self:
            self.relay.answer(channel, GONE)
            return
        self.channel = channel
        self.skip = self.received - start
        self.unsent = self.from_offset(received)
        self.unsent_bytes = sum(len(chunk) for chunk in self.unsent)
        if self.connected:
            self.reply()
        self.update()

    def from_offset(self, offset: int) -> Deque[Chunk]:
        chunks = deque()  # type: Deque[Chunk]
        at = self.base
        for chunk in self.replay:
            if at + len(chunk) > offset:
                chunks.append(memoryview(chunk)[offset - at :] if offset > at else chunk)
            at += len(chunk)
        return chunks

    def detach(self) -> None:
        if self.channel is not None:
            self.channel.close()
        self.channel = None
        self.unsent.clear()
        # Nothing is under way to the client: all that is kept is still to be sent.
        self.unsent_bytes = self.end - self.base
        self.skip = 0
        for lane in self.lanes:
            lane.close()
        self.lanes.clear()
        self.drop_early()
        self.update()

    def drop_early(self) -> None:
        self.charge(-self.early_bytes)
        self.early_bytes = 0
        self.early.clear()

    def reply(self) -> None:
        fin = NONE if self.fin is None else self.fin
        self.acked = self.ack
        self.unsent.appendleft(REPLY.pack(OPEN, self.ack, fin))
        self.unsent_bytes += REPLY.size
        self.send()

    # --- From the target to the client ---

    def target_ready(self, mask: int) -> None:
        if not self.connected:
            code = self.target.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code:
                self.refuse()
                return
            self.connected = True
            self.deadline = None
            if self.channel is not None:
                self.reply()
            self.flush()
        else:
            if mask & WRITE:
                self.flush()
            if mask & READ and not self.target.closed:
                self.read_target()
        self.update()

    def read_target(self) -> None:
        try:
            chunk = self.target.sock.recv(self.relay.read_bytes)
        except TRY_AGAIN:
            return
        except OSError:
            self.cut = True
            chunk = b""
        if not chunk and self.cut:
            self.broken = True
            self.silent = True
            self.drop_pending()
            self.finish()
            return
        if not chunk:
            self.fin = self.end
            self.relay.record(FIN, self.id, self.fin, self.channel)
            self.finish()
            return
        self.replay.append(chunk)
        self.end += len(chunk)
        self.unsent_bytes += len(chunk)
        self.charge(len(chunk) + CHUNK_COST)
        if self.channel is not None:
            self.unsent.append(chunk)
            self.send()

    def send(self) -> None:
        channel = self.channel
        while channel is not None and self.unsent:
            try:
                count = channel.sock.sendmsg(list(itertools.islice(self.unsent, 32)))
            except TRY_AGAIN:
                return
            except OSError:
                self.detach()
                return
            self.unsent_bytes -= count
            while self.unsent and count >= len(self.unsent[0]):
                count -= len(self.unsent.popleft())
            if count:
                self.unsent[0] = memoryview(self.unsent[0])[count:]

    def take_ack(self, offset: int) -> None:
        """All before it has arrived, for good."""
        if self.fin is not None and offset == self.fin + 1:
            self.fin_acked = True
            offset = self.fin
        if offset > self.end:
            raise ProtocolError("%d was never sent" % offset)
        freed = 0
        while self.replay and self.base + len(self.replay[0]) <= offset:
            size = len(self.replay.popleft())
            self.base += size
            freed += size + CHUNK_COST
        if freed:
            self.charge(-freed)
        self.finish()

    # --- From the client to the target ---

    def channel_ready(self, mask: int) -> None:
        if mask & WRITE:
            self.send()
        channel = self.channel
        if mask & READ and channel is not None:
            try:
                chunk = channel.sock.recv(self.relay.read_bytes)  # type: Chunk
            except TRY_AGAIN:
                chunk = b""
            except OSError:
                self.detach()
                return
            else:
                if not chunk:
                    self.detach()
                    return
            self.take(chunk)
        self.update()

    def take(self, chunk: Chunk) -> None:
        if self.skip:
            known = min(self.skip, len(chunk))
            self.skip -= known
            chunk = memoryview(chunk)[known:]
        if chunk:
            self.take_next(chunk)
            self.take_early()

    def take_piece(self, offset: int, chunk: Chunk) -> None:
        """What has come by a lane: in its turn, or before it."""
        if offset == self.received:
            self.take_next(chunk)
            self.take_early()
            return
        if offset < self.received or self.early_bytes > STREAM_CAP:
            raise ProtocolError("byte %d, not %d" % (offset, self.received))
        self.early[offset] = chunk
        self.early_bytes += len(chunk)
        self.charge(len(chunk))

    def take_early(self) -> None:
        while self.received in self.early:
            chunk = self.early.pop(self.received)
            self.early_bytes -= len(chunk)
            self.charge(-len(chunk))
            self.take_next(chunk)

    def take_next(self, chunk: Chunk) -> None:
        self.received += len(chunk)
        if self.peer_fin is not None and self.received > self.peer_fin:
            raise ProtocolError("bytes after the end")
        if not self.broken:
            self.pending.append(chunk)
            self.pending_bytes += len(chunk)
            self.charge(len(chunk))
        self.flush()
        self.relay.owe_ack(self)

    def take_fin(self, offset: int) -> None:
        if offset < self.received or self.peer_fin not in (None, offset):
            raise ProtocolError("another end than before")
        self.peer_fin = offset
        self.flush()
        self.update()

    def flush(self) -> None:
        if not self.connected or self.broken:
            return
        while self.pending:
            try:
                count = self.target.sock.send(self.pending[0])
            except TRY_AGAIN:
                return
            except OSError as error:
                # What it said is still read. EPIPE: that will have an end, which it sent before the reset.
                self.broken = True
                self.cut = error.errno != errno.EPIPE
                self.drop_pending()
                self.finish()
                return
            self.charge(-count)
            self.pending_bytes -= count
            if count == len(self.pending[0]):
                self.pending.popleft()
            else:
                self.pending[0] = memoryview(self.pending[0])[count:]
        if self.peer_fin == self.received and not self.peer_ended:
            self.peer_ended = True
            try:
                self.target.sock.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            self.relay.owe_ack(self)
            self.finish()

    # --- Its end ---

    def finish(self) -> None:
        if self.target.closed:
            return
        if self.fin_acked and self.broken or self.silent and self.base == self.end:
            self.reset()
        elif self.fin_acked and self.peer_ended:
            self.target.close()

    def refuse(self) -> None:
        """Nothing takes connections at its port. Nothing was delivered, so the client may ask again."""
        channel, self.channel = self.channel, None
        if channel is not None:
            self.relay.answer(channel, REFUSED)
        self.relay.forget(self)

    def reset(self) -> None:
        """The target has broken it off."""
        self.relay.ended.add(self.id)
        self.relay.record(RST, self.id, 0, self.channel)
        self.relay.forget(self)

    def close(self) -> None:
        self.detach()
        # A reset would take along what the target has not read yet.
        self.target.close(reset=not self.peer_ended)
        self.drop_pending()
        self.replay.clear()
        self.charge(-self.cost)
        self.relay.owing.discard(self)
        self.relay.starved.discard(self)

    def drop_pending(self) -> None:
        self.charge(-self.pending_bytes)
        self.pending_bytes = 0
        self.pending.clear()

    def charge(self, cost: int) -> None:
        self.cost += cost
        self.relay.charge(cost)

    def update(self) -> None:
        """Waits for what can be done with it."""
        to_target = 0
        if not self.connected or self.pending:
            to_target |= WRITE
        if self.connected and self.fin is None and not self.silent and self.unsent_bytes < UNSENT_CAP:
            if self.relay.has_room(self):
                to_target |= READ
        self.target.want(to_target)
        if self.channel is not None:
            self.channel.want((0 if self.pending else READ) | (WRITE if self.unsent else 0))
        for lane in self.lanes:
            lane.want(0 if self.pending else READ)


class Lane:
    """
    One more channel of a stream. A client that is far away spreads what it sends over several, since each has a window
    of its own; each piece says where it belongs.
    """

    def __init__(self, stream: Stream, endpoint: Endpoint) -> None:
        self.stream = stream
        self.endpoint = endpoint
        self.head = b""
        self.offset = 0
        self.left = 0
        endpoint.ready = self.ready
        endpoint.failed = stream.detach

    def ready(self, _mask: int) -> None:
        try:
            chunk = self.endpoint.sock.recv(self.stream.relay.read_bytes)
        except TRY_AGAIN:
            return
        except OSError:
            chunk = b""
        if not chunk:
            # What it took along is missing.
            self.stream.detach()
            return
        rest = memoryview(chunk)
        while rest and not self.endpoint.closed:
            rest = self.take(rest)
        self.stream.update()

    def take(self, rest: memoryview) -> memoryview:
        if self.left:
            piece = rest[: self.left]
            self.stream.take_piece(self.offset, piece)
            self.offset += len(piece)
            self.left -= len(piece)
            return rest[len(piece) :]
        missing = PIECE.size - len(self.head)
        self.head += bytes(rest[:missing])
        if len(self.head) == PIECE.size:
            self.offset, self.left = PIECE.unpack(self.head)
            self.head = b""
        return rest[missing:]


class Newcomer:
    """A connection that has not said yet what it is."""

    def __init__(self, relay: "Relay", sock: socket.socket) -> None:
        self.relay = relay
        self.text = b""
        # At a socket in a private folder there is only the client, which opens channels before it needs them.
        self.deadline = float("inf") if relay.is_private else relay.now() + HELLO_S
        self.endpoint = Endpoint(relay.selector, sock, self.ready, self.close)
        self.endpoint.want(READ)

    def ready(self, _mask: int) -> None:
        # No more than what belongs to the greeting: the rest is the stream's own.
        missing = self.length() - len(self.text)
        try:
            chunk = self.endpoint.sock.recv(missing)
        except TRY_AGAIN:
            return
        except OSError:
            chunk = b""
        if not chunk:
            self.close()
            return
        self.text += chunk
        if len(self.text) == HELLO.size and not self.is_known():
            self.close()
        elif len(self.text) == self.length():
            self.greet()

    def length(self) -> int:
        """Of the greeting, as far as can be told from what is here."""
        if len(self.text) < HELLO.size:
            return HELLO.size
        if self.text[0] == STREAM:
            return HELLO.size + STREAM_HELLO.size
        if self.text[0] == LANE:
            return HELLO.size + LANE_HELLO.size
        fixed = HELLO.size + CONTROL_HELLO.size
        if len(self.text) < fixed:
            return fixed
        _next, count = CONTROL_HELLO.unpack_from(self.text, HELLO.size)
        if count > MAX_LIVE:
            raise ProtocolError("%d streams" % count)
        return fixed + count * ID.size

    def is_known(self) -> bool:
        kind, token, _epoch = HELLO.unpack_from(self.text)
        return hmac.compare_digest(token, self.relay.token) and kind in (CONTROL, STREAM, LANE)

    def greet(self) -> None:
        kind, _token, epoch = HELLO.unpack_from(self.text)
        self.relay.newcomers.discard(self)
        self.endpoint.want(0)
        if not self.relay.enter(epoch):
            self.endpoint.close()
        elif kind == CONTROL:
            next_id, _count = CONTROL_HELLO.unpack_from(self.text, HELLO.size)
            ids = self.text[HELLO.size + CONTROL_HELLO.size :]
            self.relay.start_control(self.endpoint, next_id, {id_ for id_, in ID.iter_unpack(ids)})
        elif kind == LANE:
            self.relay.start_lane(self.endpoint, *LANE_HELLO.unpack_from(self.text, HELLO.size))
        else:
            self.relay.start_stream(self.endpoint, STREAM_HELLO.unpack_from(self.text, HELLO.size))

    def close(self) -> None:
        self.relay.newcomers.discard(self)
        self.endpoint.close()


class Control:
    """The channel of acknowledgements, ends and resets."""

    def __init__(self, relay: "Relay", endpoint: Endpoint) -> None:
        self.relay = relay
        self.endpoint = endpoint
        self.text = b""
        self.unsent = bytearray(bytes([OPEN]))
        endpoint.ready = self.ready
        endpoint.failed = relay.drop_link

    def ready(self, mask: int) -> None:
        if mask & WRITE:
            self.send()
        if mask & READ and not self.endpoint.closed:
            self.read()
        self.update()

    def read(self) -> None:
        try:
            chunk = self.endpoint.sock.recv(64 * 1024)
        except TRY_AGAIN:
            return
        except OSError:
            chunk = b""
        if not chunk:
            self.relay.drop_link()
            return
        self.text += chunk
        whole = len(self.text) - len(self.text) % RECORD.size
        text, self.text = self.text[:whole], self.text[whole:]
        for record in RECORD.iter_unpack(text):
            self.relay.take_record(*record)

    def queue(self, type_: int, id_: int, offset: int) -> None:
        self.unsent += RECORD.pack(type_, id_, offset)
        self.update()

    def send(self) -> None:
        while self.unsent:
            try:
                count = self.endpoint.sock.send(self.unsent)
            except TRY_AGAIN:
                return
            except OSError:
                self.relay.drop_link()
                return
            del self.unsent[:count]

    def update(self) -> None:
        self.endpoint.want(READ | (WRITE if self.unsent else 0))


class Relay:
    """Everything that one client has here."""

    def __init__(self, listener: socket.socket, token: bytes, ports: List[int], folder: str) -> None:
        self.token = token
        self.ports = set(ports)  # type: Set[int]
        self.folder = folder
        self.selector = selectors.DefaultSelector()
        self.streams = {}  # type: Dict[int, Stream]
        # Broken off by their targets; the client may not know yet.
        self.ended = set()  # type: Set[int]
        self.newcomers = set()  # type: Set[Newcomer]
        self.owing = set()  # type: Set[Stream]
        self.owing_since = 0.0
        self.starved = set()  # type: Set[Stream]
        self.buffered = 0
        self.epoch = 0
        self.control = None  # type: Optional[Control]
        self.superseded = False
        self.over = False
        self.now = time.monotonic
        self.heard = self.now()
        self.noted = 0
        self.full_until = 0.0
        self.looked = 0.0
        self.is_private = listener.family == socket.AF_UNIX
        self.listener = Endpoint(self.selector, listener, self.accept, lambda: None)
        self.listener.want(READ)

    def run(self) -> None:
        while not self.over and self.now() - self.heard < self.grace():
            for key, mask in self.selector.select(self.timeout()):
                endpoint = key.data
                if endpoint.closed or self.over:
                    continue
                try:
                    endpoint.ready(mask)
                except Exception:
                    self.note()
                    endpoint.failed()
            self.tick()

    def grace(self) -> float:
        if self.epoch:
            return SUPERSEDED_S if self.superseded else GRACE_S
        # Nobody has come: it was started in vain.
        return 0.0 if self.superseded else UNMET_S

    def timeout(self) -> float:
        if self.owing:
            return max(0.0, self.owing_since + ACK_S - self.now())
        is_waited_for = self.newcomers and not self.is_private
        return 1.0 if is_waited_for or self.full_until or not self.epoch else TICK_S

    def tick(self) -> None:
        now = self.now()
        if self.owing and now - self.owing_since >= ACK_S:
            for stream in list(self.owing):
                self.send_ack(stream)
        if self.full_until and self.full_until < now:
            self.full_until = 0.0
            self.listener.want(READ)
        if now - self.looked >= LOOK_S:
            self.looked = now
            self.look(now)

    def look(self, now: float) -> None:
        for newcomer in [n for n in self.newcomers if n.deadline < now]:
            newcomer.close()
        late = [s for s in self.streams.values() if s.deadline is not None and s.deadline < now]
        for stream in late:
            stream.refuse()
        # Where it was, all has been cleared away.
        self.over = self.over or not os.path.isdir(self.folder)

    def note(self) -> None:
        """For whoever looks into what went wrong; nothing that was carried is in it."""
        self.noted += 1
        if self.noted > 20:
            return
        try:
            with open(os.path.join(self.folder, "errors"), "a") as file:
                file.write(traceback.format_exc())
        except OSError:
            pass

    # --- Who comes ---

    def accept(self, _mask: int) -> None:
        for _ in range(64):
            try:
                sock, _address = self.listener.sock.accept()
            except TRY_AGAIN:
                return
            except OSError as error:
                if error.errno not in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                    return
                # Nothing can be taken until something is let go of.
                self.listener.want(0)
                self.full_until = self.now() + 1.0
                return
            if len(self.newcomers) >= MAX_NEWCOMERS:
                sock.close()
                continue
            self.newcomers.add(Newcomer(self, sock))

    def enter(self, epoch: int) -> bool:
        """Whether what comes belongs to the latest SSH connection; what belongs to earlier ones is over."""
        if epoch < self.epoch:
            return False
        if epoch > self.epoch:
            self.drop_link()
            self.epoch = epoch
        self.heard = self.now()
        return True

    def drop_link(self) -> None:
        control, self.control = self.control, None
        if control is not None:
            control.endpoint.close()
        for stream in self.streams.values():
            stream.detach()

    def start_control(self, endpoint: Endpoint, next_id: int, live: Set[int]) -> None:
        if self.control is not None:
            self.control.endpoint.close()
        self.control = Control(self, endpoint)
        # What the client has let go of meanwhile. It may have opened new ones since it wrote this.
        for id_ in [i for i in self.streams if i < next_id and i not in live]:
            self.forget(self.streams[id_])
        self.ended = {i for i in self.ended if i >= next_id or i in live}
        # Streams may have come before it: what was to be said of them since then is said now.
        for stream in self.streams.values():
            if stream.channel is not None and stream.connected:
                self.say(ACK, stream.id, stream.ack)
                if stream.fin is not None:
                    self.say(FIN, stream.id, stream.fin)
        for id_ in self.ended:
            self.say(RST, id_, 0)
        self.control.update()

    def start_stream(self, endpoint: Endpoint, hello: Tuple[int, int, int, int, int, int]) -> None:
        id_, port, may_be_new, received, start, fin = hello
        stream = self.streams.get(id_)
        if stream is None:
            if not may_be_new or id_ in self.ended:
                self.answer(endpoint, GONE)
                return
            if port not in self.ports:
                self.answer(endpoint, FORBIDDEN)
                return
            try:
                stream = Stream(self, id_, port)
            except OSError:
                self.answer(endpoint, REFUSED)
                return
            self.streams[id_] = stream
        stream.attach(endpoint, received, start, fin)
        endpoint.ready = stream.channel_ready
        endpoint.failed = stream.detach

    def start_lane(self, endpoint: Endpoint, id_: int) -> None:
        stream = self.streams.get(id_)
        if stream is None or stream.channel is None:
            endpoint.close()
            return
        stream.lanes.append(endpoint)
        Lane(stream, endpoint)
        stream.update()

    def answer(self, endpoint: Endpoint, status: int) -> None:
        try:
            endpoint.sock.send(REPLY.pack(status, 0, NONE))
        except OSError:
            pass
        endpoint.close()

    # --- What is said ---

    def take_record(self, type_: int, id_: int, offset: int) -> None:
        self.heard = self.now()
        stream = self.streams.get(id_)
        if type_ == PING:
            self.say(PONG, id_, self.queue())
        elif type_ == ALLOW:
            self.ports.add(offset)
            self.say(PONG, id_, offset)
        elif type_ == BYE:
            self.over = True
        elif type_ == RST:
            self.ended.discard(id_)
            if stream is not None:
                self.forget(stream)
        elif stream is not None and type_ == ACK:
            stream.take_ack(offset)
            stream.update()
        elif stream is not None and type_ == FIN:
            stream.take_fin(offset)

    def queue(self) -> int:
        """What the link has not taken yet, in bytes."""
        return sum(s.unsent_bytes for s in self.streams.values() if s.channel is not None)

    def say(self, type_: int, id_: int, offset: int) -> None:
        if self.control is not None:
            self.control.queue(type_, id_, offset)

    def record(self, type_: int, id_: int, offset: int, channel: Optional[Endpoint]) -> None:
        """Something about a stream: to one that has no channel now it is told when it has one again."""
        if channel is not None:
            self.say(type_, id_, offset)

    def owe_ack(self, stream: Stream) -> None:
        if not self.owing:
            self.owing_since = self.now()
        self.owing.add(stream)
        if stream.ack - stream.acked >= ACK_BYTES:
            self.send_ack(stream)

    def send_ack(self, stream: Stream) -> None:
        self.owing.discard(stream)
        if stream.ack != stream.acked and stream.channel is not None:
            stream.acked = stream.ack
            self.say(ACK, stream.id, stream.ack)

    # --- What is kept ---

    @property
    def read_bytes(self) -> int:
        return READ_BYTES if self.buffered < GLOBAL_CAP else READ_BYTES_WHEN_FULL

    def has_room(self, stream: Stream) -> bool:
        if stream.cost >= STREAM_CAP:
            return False
        if self.buffered < GLOBAL_CAP or stream.cost < FAIR_SHARE:
            return True
        self.starved.add(stream)
        return False

    def charge(self, cost: int) -> None:
        self.buffered += cost
        if cost < 0 and self.starved and self.buffered < GLOBAL_CAP:
            starved, self.starved = self.starved, set()
            for stream in starved:
                stream.update()

    def forget(self, stream: Stream) -> None:
        self.streams.pop(stream.id, None)
        stream.close()

    def close(self) -> None:
        self.drop_link()
        for stream in list(self.streams.values()):
            self.forget(stream)
        for newcomer in list(self.newcomers):
            newcomer.close()
        self.listener.close()
        self.selector.close()


# --- Its start and its end ---


def make_folder(client: str, asked: int) -> Tuple[str, int]:
    """Private, and locked for as long as the relay lives: that is how others know."""
    folder = tempfile.mkdtemp(prefix="%s-%s-%d-" % (MARK, client, asked))
    lock = os.open(folder, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return folder, lock


def listen(folder: str, over_tcp: bool) -> Tuple[socket.socket, Union[str, int]]:
    path = os.path.join(folder, "socket")
    if over_tcp or len(path) > MAX_SOCKET_PATH:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.bind(("127.0.0.1", 0))
        listener.listen(1024)
        return listener, listener.getsockname()[1]
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(path)
    finally:
        os.umask(before)
    listener.listen(1024)
    return listener, path


def supersede(client: str, own: str, asked: int) -> None:
    """
    Tells earlier relays of the same client that it has begun anew, and clears away after dead ones. One that was asked
    for earlier may come later: on a busy machine, after the end of the link that asked for it.
    """
    for folder in glob.glob(os.path.join(tempfile.gettempdir(), "%s-%s-*" % (MARK, client))):
        try:
            status = os.lstat(folder)
            if folder == own or os.path.islink(folder) or status.st_uid != os.getuid():
                continue
            if 0 < asked_for(folder) - asked < LATE_MS:
                continue
            lock = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            except OSError:
                with open(os.path.join(folder, "pid")) as file:
                    os.kill(int(file.read()), signal.SIGUSR1)
            finally:
                os.close(lock)
        except (OSError, ValueError):
            pass


def asked_for(folder: str) -> int:
    """When the client asked for it, as its name says; those of earlier versions do not."""
    when = os.path.basename(folder).split("-")[-2]
    return int(when) if when.isdigit() else 0


def leave_session() -> None:
    """
    Becomes a process that no SSH session takes along. The one that the session waits for passes on what is said to
    standard output until `close_standard_files`: some servers drop what comes after its end.
    """
    reader, writer = os.pipe()
    if os.fork():
        os.close(writer)
        with open(reader, "rb") as answer:
            sys.stdout.write(answer.read().decode("utf-8"))
        sys.stdout.flush()
        # The folder and the socket are no longer its own.
        os._exit(0)
    os.close(reader)
    os.dup2(writer, 1)
    os.close(writer)
    os.setsid()
    if os.fork():
        os._exit(0)
    os.chdir("/")


def close_standard_files() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    if null > 2:
        os.close(null)


def allow_many_files() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65536 if hard == resource.RLIM_INFINITY else min(hard, 65536)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):
        pass


def tell(answer: Dict[str, Any]) -> None:
    sys.stdout.write("\n%s %s\n" % (MARK, json.dumps(answer)))
    sys.stdout.flush()


def leave(*_: Any) -> None:
    # Nothing interrupts it while it clears up, not even a second word of this kind.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit()


def serve(options: Dict[str, Any], folder: str) -> None:
    listener, address = listen(folder, options["tcp"])
    leave_session()
    with open(os.path.join(folder, "pid"), "w") as file:
        file.write("%d\n" % os.getpid())
    relay = Relay(listener, bytes.fromhex(options["token"]), options["ports"], folder)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGUSR1, lambda *_: setattr(relay, "superseded", True))
    tell({"at": address, "pid": os.getpid(), "python": "%d.%d.%d" % sys.version_info[:3]})
    close_standard_files()
    supersede(options["client"], folder, options["asked"])
    try:
        relay.run()
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        relay.close()


def main() -> None:
    os.umask(0o077)
    folder = ""
    try:
        options = json.loads(sys.stdin.buffer.readline().decode("utf-8"))
        allow_many_files()
        folder, _lock = make_folder(options["client"], options["asked"])
        serve(options, folder)
    except Exception as error:
        try:
            tell({"error": "%s: %s" % (type(error).__name__, error)})
        except Exception:
            pass
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
