"""A citizen's end in a process of its own, which can be killed: offer on standard output, answer on standard input."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from kiosk_client.media.sources import CodedSource
from kiosk_client.peer import Peer
from tawasul.e2ee.pinning import fingerprint_of
from tawasul.e2ee.session import EpochSecrets
from tawasul.protocol.ice import IceConfiguration


@asynccontextmanager
async def citizen_process(hertz: int, identity: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start it with a coded source. Killed at the end, if it has not been before."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, str(hertz), str(identity), stdin=-1, stdout=-1, limit=2**20
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def offer_of(process: asyncio.subprocess.Process) -> str:
    """The offer that the process makes."""
    assert process.stdout is not None
    offer: str = json.loads(await process.stdout.readline())
    return offer


async def give_answer(process: asyncio.subprocess.Process, answer: str) -> None:
    """Hand the answer to the process."""
    assert process.stdin is not None
    process.stdin.write(json.dumps(answer).encode() + b"\n")
    await process.stdin.drain()


async def main(hertz: int, identity: int) -> None:
    """The process itself: offer, take the answer, send until killed."""
    peer = Peer(
        IceConfiguration(servers=()), await CodedSource(hertz, identity).open(), lambda event: None, offers=True
    )
    print(json.dumps(await peer.offer()), flush=True)
    answer = json.loads(await asyncio.to_thread(sys.stdin.readline))
    await peer.take_answer(answer, fingerprint_of(answer))
    peer.guard.unlock(EpochSecrets(0, bytes(32), bytes(32)))
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
