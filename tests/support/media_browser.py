"""A browser as the other end of a native peer: what its camera and microphone give, and what it decodes.

Chromium plays files in place of camera and microphone: coded pictures and a tone, so that the native end can prove
what it decoded. In the page two functions prove the same of what comes back, by pixels and by spectrum.
"""

import wave
from pathlib import Path

from kiosk_client.media.pattern import Pattern, draw_pattern
from kiosk_client.media.sound import RATE, tone
from kiosk_client.media.sources import CodedSource

FRAMES = 24


def capture_flags(folder: Path, source: CodedSource) -> tuple[str, ...]:
    """Flags for Chromium, whose camera then shows `source`'s pictures (24 of them, over and over) and whose microphone
    gives its tone, in pulses of 0.3 s: noise suppression takes a steady tone for noise."""
    picture, sound = folder / "camera.y4m", folder / "microphone.wav"
    with picture.open("wb") as file:
        file.write(b"YUV4MPEG2 W640 H480 F24:1 Ip A1:1 C420jpeg\n")
        for number in range(FRAMES):
            file.write(b"FRAME\n" + draw_pattern(Pattern(source.identity, number)).tobytes())
    samples = tone(source.hertz, 6.0, level=0.4)
    for start in range(0, len(samples), RATE // 2):
        samples[start + RATE * 3 // 10 : start + RATE // 2] = 0
    with wave.open(str(sound), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return (f"--use-file-for-fake-video-capture={picture}", f"--use-file-for-fake-audio-capture={sound}")


READ_PATTERN = """
(video) => {
    // The coded picture of kiosk_client/media/pattern.py: eight by six blocks; sync, identity, number, CRC-8.
    if (!video.videoWidth) return null;
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight).getContext("2d");
    canvas.drawImage(video, 0, 0);
    const cells = [];
    for (let row = 0; row < 6; row++) for (let column = 0; column < 8; column++) {
        const x = (column + 0.5) * video.videoWidth / 8, y = (row + 0.5) * video.videoHeight / 6;
        const [red, green, blue] = canvas.getImageData(x, y, 1, 1).data;
        cells.push({ light: red + green + blue, warm: red - blue });
    }
    const middle = (Math.max(...cells.map((c) => c.light)) + Math.min(...cells.map((c) => c.light))) / 2;
    const bits = cells.map((c) => (c.light > middle ? 1 : 0));
    const coloured = cells.every((c, index) => (bits[index] ? c.warm > 20 : c.warm < -20));
    const bytes = [0, 1, 2, 3, 4, 5].map((n) => bits.slice(8 * n, 8 * n + 8).reduce((sum, bit) => 2 * sum + bit, 0));
    let check = 0;
    for (const byte of bytes.slice(1, 5)) {
        check ^= byte;
        for (let n = 0; n < 8; n++) check = check & 0x80 ? ((check << 1) ^ 0x07) & 0xff : check << 1;
    }
    if (!coloured || bytes[0] !== 0b10110010 || check !== bytes[5]) return null;
    return { identity: bytes[1] * 256 + bytes[2], number: bytes[3] * 256 + bytes[4] };
}
"""
"""A function of a <video> element: the pattern that it shows, as {identity, number}, or null."""

MEASURE_TONE = """
async (stream) => {
    const context = new AudioContext();
    await context.resume();
    const analyser = new AnalyserNode(context, { fftSize: 16384, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(stream).connect(analyser);
    await new Promise((done) => setTimeout(done, 700));
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    const peak = bins.indexOf(Math.max(...bins));
    const found = { hertz: peak * context.sampleRate / analyser.fftSize, decibels: bins[peak] };
    await context.close();
    return found;
}
"""
"""A function of a MediaStream: the strongest frequency of the last third of a second, and its level."""
