"""There is no recorder: nothing in the product writes decoded sound or picture to a disk, a socket or a database.

Three kinds of rules. What could record is not named anywhere. What decoded frames hold is read in few files, each with
its reason. And a module that has to do with media at all has no way out: no file opened for writing, no socket, no
database. This guards against what is built in by habit or by mistake; whoever wants to deceive a test can.
"""

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.house import PACKAGES, ROOT, files, name

# Whose business is writing, playing into a file, or encoding pictures.
RECORDERS = {
    "wave", "aifc", "sunau", "soundfile", "scipy", "pydub", "moviepy", "imageio", "cv2", "PIL", "skvideo", "h5py",
    "ffmpeg", "pyaudio", "sounddevice", "gi", "mss", "pyscreenshot",
}  # fmt: skip
RECORDING_NAMES = {"MediaRecorder", "OutputContainer", "CodecContext", "memmap", "to_image"}
WRITING_ARRAYS = {"save", "savez", "savez_compressed", "savetxt"}
RECORDING_PROGRAMS = re.compile(r"(\S*/)?(ffmpeg|gst-launch\S*|arecord|parec|pw-record|sox|vlc|cvlc|mencoder)")

# A module that imports one of these holds sound or picture, or could.
MEDIA = {"av", "aiortc", "numpy"}
WAYS_OUT = {
    "socket", "ssl", "http", "urllib", "httpx", "websockets", "requests", "aiohttp", "smtplib", "ftplib", "sqlite3",
    "sqlalchemy", "psycopg", "pickle", "shelve", "marshal", "mmap", "tempfile", "shutil", "subprocess",
    "multiprocessing",
}  # fmt: skip
CALLS_OUT = {
    "write", "writelines", "write_bytes", "write_text", "writestr", "tofile", "dump", "mux", "add_stream",
    "add_mux_stream", "add_stream_from_template", "send", "send_bytes", "send_json", "send_text", "sendall", "sendmsg",
    "sendto", "open_connection", "create_connection", "create_datagram_endpoint", "create_server",
    "create_subprocess_exec", "fdopen",
}  # fmt: skip
READS_FRAMES = {"to_ndarray", "planes"}

# (file, what it does): why it may.
ALLOWED = {
    ("tawasul/documents/pictures.py", "imports PIL"): "scans that a petition brings, in a process without camera",
    ("kiosk_client/channel.py", "calls .send()"): "a text: a message whose model has no room for media",
    ("kiosk_client/media/evidence.py", "reads frames"): "is there sound, does the picture move: keeps figures",
    ("kiosk_client/media/picture.py", "reads frames"): "the picture as planes, for the evidence and for drawing",
    ("kiosk_client/media/gates.py", "reads frames"): "the shape of a frame, to make a silent one like it",
    ("kiosk_client/media/synthetic.py", "reads frames"): "the package's own sample voice and figure",
    ("kiosk_client/media/speech_sending.py", "reads frames"): "the voice, on its way to the encoder and the seal",
    ("kiosk_client/media/libvpx.py", "reads frames"): "the picture, on its way to the encoder and the seal",
    ("kiosk_client/media/picture_decoding.py", "names CodecContext"): "a decoder: of what was opened, for the track",
    ("kiosk_client/aiortc_private/sending.py", "calls .send()"): "how aiortc begins; packets are sealed by then",
    ("tawasul/web/static/js/call/microphone-meter.js", "AnalyserNode"): "the level of one's own microphone, as a bar",
    ("tawasul/web/static/js/call/microphone-meter.js", "getFloatTimeDomainData"): "the same; nothing of it is kept",
}  # fmt: skip

# A page may save a text (its attestation): what could put sound or picture into a Blob is what stands here.
IN_PAGES = re.compile(
    r"\b(MediaRecorder|captureStream|MediaStreamTrackProcessor|MediaStreamTrackGenerator|VideoTrackGenerator|toBlob|toDataURL"
    r"|convertToBlob|getImageData|drawImage|createImageBitmap|OffscreenCanvas|VideoEncoder|AudioEncoder|VideoFrame|AudioData"
    r"|ImageCapture|grabFrame|takePhoto|AudioWorklet\w*|createScriptProcessor|ScriptProcessorNode|OfflineAudioContext"
    r"|MediaStreamAudioDestinationNode|createMediaStreamDestination|AnalyserNode|createAnalyser|get(?:Float|Byte)\w+Data"
    r"|getDisplayMedia|showSaveFilePicker|createWritable)\b"
)
# What sees frames before they are sealed or after they are opened: the worker. It has no way out but the frame's own.
ENCODED = re.compile(r"\b(onrtctransform|RTCRtpScriptTransformer|RTCTransformEvent)\b")
OUT_OF_A_WORKER = re.compile(
    r"\b(fetch|XMLHttpRequest|WebSocket|WebTransport|EventSource|sendBeacon|importScripts|indexedDB|caches|BroadcastChannel"
    r"|localStorage|RTCDataChannel|navigator|FileReader|Blob)\b"
)


def recordings(root: Path) -> set[tuple[str, str]]:
    """What below `root` records or could: (file, what it does)."""
    found = set()
    for path in _below(root):
        file = path.relative_to(root).as_posix()
        does = _in_python(path.read_text()) if path.suffix == ".py" else _in_page(path.read_text())
        found |= {(file, each) for each in does}
    return found


def _below(root: Path) -> list[Path]:
    ours = files(*PACKAGES, suffixes=(".py", ".js", ".html"))
    if root == ROOT:
        return ours
    return [path for path in root.rglob("*") if path.suffix in {".py", ".js", ".html"}]


def _in_python(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    imported = {module.split(".")[0] for node in ast.walk(tree) for module in _imports(node)}
    libraries = {alias for node in ast.walk(tree) for alias in _aliases(node, "av")}
    arrays = {alias for node in ast.walk(tree) for alias in _aliases(node, "numpy")}
    yield from (f"imports {module}" for module in imported & RECORDERS)
    for node in ast.walk(tree):
        yield from _anywhere(node, libraries, arrays)
    if imported & MEDIA:
        yield from (f"holds media and imports {module}" for module in imported & WAYS_OUT)
        for node in ast.walk(tree):
            yield from _beside_media(node)


def _imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []


def _aliases(node: ast.AST, module: str) -> list[str]:
    """What a module is called here: `import av`, `import av as x`, `import av.container`."""
    if not isinstance(node, ast.Import):
        return []
    return [each.asname or module for each in node.names if each.name.split(".")[0] == module]


def _anywhere(node: ast.AST, libraries: set[str], arrays: set[str]) -> Iterator[str]:
    match node:
        case ast.ImportFrom(module="av" | "av.container", names=names) if "open" in {each.name for each in names}:
            yield "takes av.open by its bare name"
        case ast.Name(id=called) | ast.Attribute(attr=called) | ast.alias(name=called) if called in RECORDING_NAMES:
            yield f"names {called}"
        case ast.Attribute(value=ast.Name(id=owner), attr=called) if owner in arrays and called in WRITING_ARRAYS:
            yield f"names numpy.{called}"
        case ast.Constant(value=str(text)) if RECORDING_PROGRAMS.fullmatch(text):
            yield f"names the program {text}"
        case ast.Call(func=ast.Attribute(value=owner, attr="open")) if _root(owner) in libraries and not _reads(node):
            yield "calls av.open() not only for reading"
        case ast.Call(func=ast.Name(id="getattr"), args=[ast.Name(id=owner), *_]) if owner in libraries:
            yield "takes something of av by getattr()"


def _beside_media(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Attribute(attr=called) if called in READS_FRAMES:
            yield "reads frames"
        case ast.Call(func=ast.Attribute(attr=called)) if called in CALLS_OUT:
            yield f"calls .{called}()"
        case ast.Call(func=ast.Name(id="open") | ast.Attribute(attr="open")) if not _reads(node) and _modes(node):
            yield "opens a file for writing"
        case ast.Call(func=ast.Attribute(value=ast.Name(id="os"), attr="open")):
            yield "calls os.open()"


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _modes(call: ast.Call) -> list[ast.expr]:
    """What stands where a mode stands: open(file, mode), path.open(mode), mode=…"""
    return [*call.args[:2], *(each.value for each in call.keywords if each.arg == "mode")]


def _reads(call: ast.Call) -> bool:
    """Is a mode there, written out, that only reads?"""
    texts = [each.value for each in _modes(call) if isinstance(each, ast.Constant)]
    return any(text in {"r", "rb", "rt"} for text in texts)


def _in_page(source: str) -> Iterator[str]:
    said = re.sub(r"/\*.*?\*/|<!--.*?-->|\{#.*?#\}", "", source, flags=re.DOTALL)
    said = re.sub(r"^\s*//.*$", "", said, flags=re.MULTILINE)
    yield from (match[0].strip() for match in IN_PAGES.finditer(said))
    if ENCODED.search(said):
        yield from (f"sees frames and names {match[0]}" for match in OUT_OF_A_WORKER.finditer(said))


def test_nothing_records() -> None:
    assert recordings(ROOT) - ALLOWED.keys() == set()


def test_what_is_allowed_is_still_done_and_argued() -> None:
    assert ALLOWED.keys() - recordings(ROOT) == set()
    assert all(len(reason) > 20 for reason in ALLOWED.values())


def test_what_sends_on_the_data_channel_holds_no_frames() -> None:
    tree = ast.parse((ROOT / "kiosk_client" / "channel.py").read_text())
    imported = {module.split(".")[0] for node in ast.walk(tree) for module in _imports(node)}
    assert imported & {"av", "numpy"} == set()
    assert not any(module.startswith("kiosk_client.media") for node in ast.walk(tree) for module in _imports(node))


# What somebody might write, and where.
BREAKS = {
    "kiosk_client/b01.py": "from aiortc.contrib.media import MediaRecorder",
    "kiosk_client/b02.py": "import aiortc.contrib.media as media\nkeep = media.MediaRecorder('call.mp4')",
    "kiosk_client/b03.py": "import av\nav.open('call.mkv', 'w')",
    "kiosk_client/b04.py": "import av\nav.open('call.mkv', mode='w')",
    "kiosk_client/b05.py": "import av as library\nlibrary.container.open('call.mkv', mode)",
    "kiosk_client/b06.py": "import av\nav.open('call.mkv')",
    "kiosk_client/b07.py": "from av import open",
    "kiosk_client/b08.py": "import av\ngetattr(av, 'op' + 'en')('call.mkv', 'w')",
    "kiosk_client/b09.py": "import numpy as np\nnp.save('frame', frame)",
    "kiosk_client/b10.py": "import numpy\nframe.tofile(where)",
    "kiosk_client/b11.py": "import numpy\nwith open('frame', 'wb') as file:\n    pass",
    "kiosk_client/b12.py": "import av\nPath('frame').write_bytes(bytes(frame))",
    "kiosk_client/b13.py": "import av\nimport socket",
    "kiosk_client/b14.py": "from av import VideoFrame\nawait line.send(bytes(frame))",
    "kiosk_client/b15.py": "import aiortc\nchannel.send(bytes(packet))",
    "kiosk_client/b16.py": "from aiortc import MediaStreamTrack\npicture = frame.to_ndarray()",
    "kiosk_client/b17.py": "frame.to_image().show()",
    "kiosk_client/b18.py": "import av\nwith Path('frame').open('ab') as file:\n    pass",
    "kiosk_client/b19.py": "import av\nimport os\nos.open('frame', os.O_WRONLY)",
    "kiosk_client/b20.py": "import av\nencoder = av.CodecContext.create('libvpx', 'w')",
    "kiosk_client/b21.py": "import numpy\nimport sqlite3",
    "signaling/b22.py": "import wave",
    "media_relay/b23.py": "from scipy.io import wavfile",
    "tawasul/b24.py": "import cv2",
    "tawasul/office_client/b25.py": "import subprocess\nsubprocess.Popen(['ffmpeg', '-i', 'x'])",
    "tawasul/office_client/b26.py": "from PIL import Image",
    "tawasul/web/static/js/c01.js": "const keep = new MediaRecorder(stream);",
    "tawasul/web/static/js/c02.js": "video.captureStream();",
    "tawasul/web/static/js/c03.js": "const reader = new MediaStreamTrackProcessor({ track }).readable;",
    "tawasul/web/static/js/c04.js": "context.drawImage(video, 0, 0);",
    "tawasul/web/static/js/c05.js": "page.toBlob(send);",
    "tawasul/web/static/js/c06.js": "page.toDataURL();",
    "tawasul/web/static/js/c07.js": "await context.audioWorklet.addModule(AudioWorkletNode);",
    "tawasul/web/static/js/c08.js": "analyser.getFloatFrequencyData(samples);",
    "tawasul/web/static/js/c09.js": "const frame = new VideoFrame(video);",
    "tawasul/web/static/js/c10.js": "onrtctransform = () => fetch('/frames', { method: 'POST', body: frame.data });",
    "tawasul/web/static/js/c11.js": "addEventListener(RTCTransformEvent, () => new WebSocket(where));",
    "signaling/web/templates/d01.html": "<script>new MediaRecorder(stream)</script>",
}


@pytest.fixture(scope="module")
def noticed(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """What is found in a scratch copy of the house into which every break was planted, beyond what is allowed."""
    house = tmp_path_factory.mktemp("house")
    for source in files(*PACKAGES, suffixes=(".py", ".js", ".html")):
        copy = house / name(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, copy)
    for file, text in BREAKS.items():
        assert not (house / file).exists()
        (house / file).parent.mkdir(parents=True, exist_ok=True)
        (house / file).write_text(text)
    return recordings(house) - ALLOWED.keys()


@pytest.mark.parametrize("file", BREAKS)
def test_a_recorder_is_noticed(noticed: set[tuple[str, str]], file: str) -> None:
    assert file in {found for found, _ in noticed}, f"nobody noticed: {BREAKS[file]}"


def test_nothing_else_is_taken_for_one(noticed: set[tuple[str, str]]) -> None:
    assert {found for found, _ in noticed} == BREAKS.keys()


@pytest.mark.parametrize(
    "harmless",
    [
        "import av\nav.open(name, mode='r')",
        "import av\nwith asset.open('rb') as file:\n    pass",
        "import av\nasync def open(self) -> None: ...\nawait source.open()",
        "with open('journal', 'w') as file:\n    file.write('text')",
        "import socket\nsocket.socket().send(b'')",
    ],
)
def test_harmless_python_is_left_alone(harmless: str) -> None:
    assert list(_in_python(harmless)) == []
