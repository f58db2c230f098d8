"""libvpx's C interface as `ctypes` sees it: what is needed to encode VP8, for one version of it.

PyAV's wheel carries the library for FFmpeg; the same file is opened here, since FFmpeg's wrapper cannot change the
rate of an encoder that runs (ADR 41). The structures mirror `vpx_codec.h`, `vpx_image.h` and `vpx_encoder.h` of
libvpx 1.16 to the byte. Another version may lay them out otherwise: its own check and ours then refuse it.
"""

from __future__ import annotations

import ctypes
from ctypes import (
    POINTER,
    Structure,
    Union,
    byref,
    c_char_p,
    c_int,
    c_int64,
    c_long,
    c_size_t,
    c_uint,
    c_ulong,
    c_void_p,
)
from functools import cache
from typing import ClassVar

from kiosk_client.media.carried_libraries import carried_library

ENCODER_ABI = 39
"""`VPX_ENCODER_ABI_VERSION` of libvpx 1.16: 18, and 9 for codecs and pictures, and 12 for external rate control."""

MOST_LAYERS, MOST_SPATIAL, MOST_TEMPORAL, MOST_PERIODS = 12, 5, 5, 16

ROOM = 4096
"""Bytes given for a configuration whose size is not known yet: eight times what it has."""

CBR, KEY_FRAMES_ON_REQUEST, I420 = 1, 0, 0x102
"""`VPX_CBR`, `VPX_KF_DISABLED`, `VPX_IMG_FMT_I420`."""

REALTIME = 1
"""`VPX_DL_REALTIME`: the deadline that means the real-time mode."""

FORCE_KEY_FRAME, FRAME_IS_KEY, FRAME_PACKET = 1, 1, 0
"""`VPX_EFLAG_FORCE_KF`, `VPX_FRAME_IS_KEY`, `VPX_CODEC_CX_FRAME_PKT`."""

SET_CPU_USED, SET_NOISE_SENSITIVITY, SET_STATIC_THRESHOLD, SET_TOKEN_PARTITIONS = 13, 15, 17, 18
SET_MOST_INTRA_PERCENT, SET_SCREEN_CONTENT = 26, 31
"""Of `vp8e_enc_control_id` in `vp8cx.h`."""


class LibvpxUnfit(Exception):
    """There is no libvpx beside PyAV, or one of another version than was written for."""


class Rational(Structure):
    """`vpx_rational_t`."""

    _fields_ = (("num", c_int), ("den", c_int))


class _Buffer(Structure):
    _fields_ = (("buf", c_void_p), ("sz", c_size_t))


class EncoderConfig(Structure):
    """`vpx_codec_enc_cfg_t`; rates in kbit/s, buffers in ms, the rest as `vpx_encoder.h` has it."""

    _fields_ = (
        *((name, c_uint) for name in ("g_usage", "g_threads", "g_profile", "g_w", "g_h")),
        *((name, c_uint) for name in ("g_bit_depth", "g_input_bit_depth")),
        ("g_timebase", Rational),
        *((name, c_uint) for name in ("g_error_resilient", "g_pass", "g_lag_in_frames")),
        *((name, c_uint) for name in ("rc_dropframe_thresh", "rc_resize_allowed")),
        *((name, c_uint) for name in ("rc_scaled_width", "rc_scaled_height")),
        *((name, c_uint) for name in ("rc_resize_up_thresh", "rc_resize_down_thresh", "rc_end_usage")),
        *((name, _Buffer) for name in ("rc_twopass_stats_in", "rc_firstpass_mb_stats_in")),
        *((name, c_uint) for name in ("rc_target_bitrate", "rc_min_quantizer", "rc_max_quantizer")),
        *((name, c_uint) for name in ("rc_undershoot_pct", "rc_overshoot_pct")),
        *((name, c_uint) for name in ("rc_buf_sz", "rc_buf_initial_sz", "rc_buf_optimal_sz")),
        *((name, c_uint) for name in ("rc_2pass_vbr_bias_pct", "rc_2pass_vbr_minsection_pct")),
        *((name, c_uint) for name in ("rc_2pass_vbr_maxsection_pct", "rc_2pass_vbr_corpus_complexity")),
        *((name, c_uint) for name in ("kf_mode", "kf_min_dist", "kf_max_dist", "ss_number_layers")),
        ("ss_enable_auto_alt_ref", c_int * MOST_SPATIAL),
        ("ss_target_bitrate", c_uint * MOST_SPATIAL),
        ("ts_number_layers", c_uint),
        ("ts_target_bitrate", c_uint * MOST_TEMPORAL),
        ("ts_rate_decimator", c_uint * MOST_TEMPORAL),
        ("ts_periodicity", c_uint),
        ("ts_layer_id", c_uint * MOST_PERIODS),
        ("layer_target_bitrate", c_uint * MOST_LAYERS),
        ("temporal_layering_mode", c_int),
        ("use_vizier_rc_params", c_int),
        ("vizier_rc_params", Rational * 15),
    )


class Context(Structure):
    """`vpx_codec_ctx_t`: an encoder. Zeroed before `vpx_codec_enc_init_ver`."""

    _fields_ = (
        ("name", c_char_p),
        ("iface", c_void_p),
        ("err", c_int),
        ("err_detail", c_char_p),
        ("init_flags", c_long),
        ("config", c_void_p),
        ("priv", c_void_p),
    )


class Image(Structure):
    """`vpx_image_t`: a picture that lies somewhere else. `d_w` and `d_h` in pixels, strides in bytes."""

    _fields_ = (
        *((name, c_uint) for name in ("fmt", "cs", "range", "w", "h", "bit_depth", "d_w", "d_h", "r_w", "r_h")),
        *((name, c_uint) for name in ("x_chroma_shift", "y_chroma_shift")),
        ("planes", c_void_p * 4),
        ("stride", c_int * 4),
        ("bps", c_int),
        ("user_priv", c_void_p),
        ("img_data", c_void_p),
        ("img_data_owner", c_int),
        ("self_allocd", c_int),
        ("fb_priv", c_void_p),
    )


class _Frame(Structure):
    _fields_ = (("buf", c_void_p), ("sz", c_size_t), ("pts", c_int64), ("duration", c_ulong), ("flags", c_uint))


class _PacketData(Union):
    _fields_: ClassVar = [("frame", _Frame), ("pad", ctypes.c_char * 124)]


class EncodedPacket(Structure):
    """`vpx_codec_cx_pkt_t`, as far as its frame's flags."""

    _fields_ = (("kind", c_int), ("data", _PacketData))


@cache
def libvpx() -> ctypes.CDLL:
    """The library, its functions typed and its layout checked, once a process. Raises `LibvpxUnfit`."""
    carried = carried_library("libvpx")
    if carried is None:
        raise LibvpxUnfit("PyAV carries no libvpx: it is not installed from its wheel")
    try:
        library = ctypes.CDLL(str(carried))
        _type(library)
    except (OSError, AttributeError) as cause:
        raise LibvpxUnfit(f"libvpx cannot be used ({cause})") from cause
    _check(library)
    return library


def _type(library: ctypes.CDLL) -> None:
    context, config = POINTER(Context), POINTER(EncoderConfig)
    for name, result, arguments in (
        ("vpx_codec_vp8_cx", c_void_p, ()),
        ("vpx_codec_version_str", c_char_p, ()),
        ("vpx_codec_err_to_string", c_char_p, (c_int,)),
        ("vpx_codec_enc_config_default", c_int, (c_void_p, c_void_p, c_uint)),
        ("vpx_codec_enc_init_ver", c_int, (context, c_void_p, config, c_long, c_int)),
        ("vpx_codec_enc_config_set", c_int, (context, config)),
        ("vpx_codec_encode", c_int, (context, POINTER(Image), c_int64, c_ulong, c_long, c_ulong)),
        ("vpx_codec_get_cx_data", POINTER(EncodedPacket), (context, POINTER(c_void_p))),
        # Only what comes before the dots: on some machines variable arguments travel otherwise.
        ("vpx_codec_control_", c_int, (context, c_int)),
        ("vpx_codec_destroy", c_int, (context,)),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments


def _check(library: ctypes.CDLL) -> None:
    """That the library is of the ABI by its own word, and that its configuration has our size and our order."""
    version = (library.vpx_codec_version_str() or b"?").decode(errors="replace")
    vp8 = library.vpx_codec_vp8_cx()
    # Its defaults come without a word about the version, so they get room; what they leave untouched tells their size.
    room = (ctypes.c_ubyte * ROOM)(*(b"\xa5" * ROOM))
    if library.vpx_codec_enc_config_default(vp8, room, 0):
        raise LibvpxUnfit(f"libvpx {version} has no VP8 encoder")
    size = len(bytes(room).rstrip(b"\xa5"))
    config = EncoderConfig.from_buffer(room)
    # What vp8_cx_iface.c has as defaults, one of each region of the structure.
    found = [config.g_w, config.g_h, config.g_timebase.den, config.rc_target_bitrate, config.rc_buf_sz]
    found += [config.kf_max_dist, config.ts_number_layers, config.vizier_rc_params[14].den]
    if size != ctypes.sizeof(EncoderConfig) or found != [320, 240, 30, 256, 6000, 128, 1, 1]:
        raise LibvpxUnfit(f"libvpx {version} lays its configuration out otherwise ({size} bytes: {found})")
    context = Context()
    if failed := library.vpx_codec_enc_init_ver(byref(context), vp8, byref(config), 0, ENCODER_ABI):
        reason = library.vpx_codec_err_to_string(failed).decode(errors="replace")
        raise LibvpxUnfit(f"libvpx {version} refuses the interface of version {ENCODER_ABI} ({reason})")
    library.vpx_codec_destroy(byref(context))
